"""Whoever was merged before is found by the names that went, as it is after every merge since."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from outreach.serbian import fold

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

AT_ONCE = 500
SPELLINGS = ("name", "name_latin", "name_cyrillic")
PERSON = sa.table("person", sa.column("id"), sa.column("survivor_id"), *map(sa.column, SPELLINGS))
INDEX = sa.table("person_index", sa.column("person_id"), sa.column("words"))
MERGE = sa.table("merge", sa.column("id"), sa.column("survivor_id"), sa.column("undone_at"))
MERGE_ROW = sa.table(
    "merge_row", sa.column("id"), sa.column("merge_id"), sa.column("table_name"), sa.column("before", sa.JSON)
)


def upgrade() -> None:
    connection, ids = op.get_bind(), [0]
    survivors = sa.select(PERSON.c.survivor_id).distinct().order_by(PERSON.c.survivor_id).limit(AT_ONCE)
    while ids:
        ids = list(connection.scalars(survivors.where(PERSON.c.survivor_id > ids[-1])))
        words = dict(connection.execute(sa.select(INDEX).where(INDEX.c.person_id.in_(ids))).all())
        for person_id, names in _names_before(connection, ids):
            if person_id in words:
                words[person_id] = _with(words[person_id], names)
        for person_id, said in words.items():
            connection.execute(
                sa.update(INDEX).where(INDEX.c.person_id == person_id, INDEX.c.words != said).values(words=said)
            )


def downgrade() -> None:
    """Words by which somebody is found stay; a change of the record makes them anew."""


def _with(words: str, names: str) -> str:
    return f" {' '.join(dict.fromkeys([*words.split(), *fold(names).split()]))} "


def _names_before(connection: sa.Connection, ids: list[int]) -> Iterator[tuple[int, str]]:
    """The names of those who were merged into these, and the names that gave way in a merge that holds."""
    of = {id_: id_ for id_ in ids}
    names = sa.select(PERSON).where(PERSON.c.survivor_id.in_(ids)).order_by(PERSON.c.id)
    for person_id, survivor_id, *spellings in connection.execute(names).all():
        of[person_id] = survivor_id
        yield survivor_id, " ".join(spellings)
    merged = sa.select(MERGE.c.survivor_id, MERGE_ROW.c.before).join(MERGE_ROW, MERGE_ROW.c.merge_id == MERGE.c.id)
    held = merged.where(MERGE.c.survivor_id.in_(of), MERGE.c.undone_at.is_(None), MERGE_ROW.c.table_name == "person")
    for person_id, before in connection.execute(held.order_by(MERGE_ROW.c.id)).all():
        yield of[person_id], " ".join(before.get(spelling, "") for spelling in SPELLINGS)
