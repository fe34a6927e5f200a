"""People are found by words in any script; press lists, segments, and whether an answer left before its deadline."""

import sqlalchemy as sa
from alembic import op

from outreach.serbian import fold

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIRST_RANK = 1_000_000_000
AT_ONCE = 2_000
# Who works somewhere and who covers something is read from these alone, not from the tables.
COVERING = (
    ("ix_affiliation_organisation_id", "affiliation", ["organisation_id", "ended_at", "person_id"]),
    ("ix_person_beat_beat", "person_beat", ["beat", "person_id"]),
)

FTS = "content='person_index', content_rowid='rank', detail=none, columnsize=0"
OUT = "VALUES ('delete', old.rank, old.words)"
INTO = "VALUES (new.rank, new.words)"
SQLITE = (
    f"CREATE VIRTUAL TABLE person_fts USING fts5(words, {FTS}, prefix='2 3 4 5 6 7 8', "
    "tokenize='unicode61 remove_diacritics 0')",
    f"CREATE VIRTUAL TABLE person_trigram_fts USING fts5(words, {FTS}, tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER person_index_added AFTER INSERT ON person_index BEGIN "
    f"INSERT INTO person_fts(rowid, words) {INTO}; "
    f"INSERT INTO person_trigram_fts(rowid, words) {INTO}; END",
    "CREATE TRIGGER person_index_removed AFTER DELETE ON person_index BEGIN "
    f"INSERT INTO person_fts(person_fts, rowid, words) {OUT}; "
    f"INSERT INTO person_trigram_fts(person_trigram_fts, rowid, words) {OUT}; END",
    "CREATE TRIGGER person_index_changed AFTER UPDATE OF words ON person_index BEGIN "
    f"INSERT INTO person_fts(person_fts, rowid, words) {OUT}; "
    f"INSERT INTO person_trigram_fts(person_trigram_fts, rowid, words) {OUT}; "
    f"INSERT INTO person_fts(rowid, words) {INTO}; "
    f"INSERT INTO person_trigram_fts(rowid, words) {INTO}; END",
)
POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE OR REPLACE FUNCTION person_beginnings(said text) RETURNS text[] "
    "LANGUAGE sql IMMUTABLE COST 1000 AS $$ SELECT array_agg(DISTINCT left(word, size)) "
    "FROM unnest(string_to_array(btrim(said), ' ')) word, generate_series(1, 8) size $$",
    "CREATE INDEX person_index_beginnings_fts ON person_index USING gin (person_beginnings(words))",
    "CREATE INDEX person_index_inside_fts ON person_index USING gin (words gin_trgm_ops)",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "person_index",
        sa.Column("rank", KEY, autoincrement=False, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_index_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rank", name=op.f("pk_person_index")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_index_person_id")),
    )
    for words in SQLITE if is_sqlite else ():
        op.execute(words)
    _file_everybody(op.get_bind())
    for words in () if is_sqlite else POSTGRES:
        op.execute(words)
    _make_lists()
    op.create_index("ix_person_barred", "person", ["id"], sqlite_where=sa.text("do_not_contact = 1"),
                    postgresql_where=sa.text("do_not_contact"))  # fmt: skip
    op.create_index("ix_person_lawful_basis", "person", ["lawful_basis"])
    for index, table, columns in COVERING:
        op.drop_index(index, table)
        op.create_index(index, table, columns)
    op.add_column("interaction", sa.Column("is_on_time", sa.Boolean(), nullable=True))
    _look_back()
    had_deadline = sa.text("is_on_time IS NOT NULL")
    op.create_index("ix_interaction_on_time", "interaction", ["is_on_time", "person_id"],
                    sqlite_where=had_deadline, postgresql_where=had_deadline)  # fmt: skip


def _make_lists() -> None:
    op.create_table(
        "press_list",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        *_kept("press_list"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_list")),
    )
    op.create_table(
        "segment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        *_kept("segment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
    )
    op.create_table(
        "press_list_member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        *_kept("press_list_member", "added"),
        sa.ForeignKeyConstraint(
            ["list_id"], ["press_list.id"], name=op.f("fk_press_list_member_list_id_press_list")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_press_list_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_list_member")),
        sa.UniqueConstraint("list_id", "person_id", name=op.f("uq_press_list_member_list_id")),
    )
    for table, begun in (("press_list", "created"), ("segment", "created"), ("press_list_member", "added")):
        op.create_index(f"ix_{table}_{begun}_by", table, [f"{begun}_by"])
        op.create_index(f"ix_{table}_ended_by", table, ["ended_by"])
    kept = sa.text("ended_at IS NULL")
    for table in ("press_list", "segment"):
        op.create_index(f"uq_{table}_name", table, ["name"], unique=True, sqlite_where=kept, postgresql_where=kept)
    op.create_index("ix_press_list_member_person_id", "press_list_member", ["person_id"])


def _kept(table: str, begun: str = "created") -> list[sa.Column | sa.ForeignKeyConstraint]:
    """When it began and ended, and by whom."""
    return [
        sa.Column(f"{begun}_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(f"{begun}_by", KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.ForeignKeyConstraint([f"{begun}_by"], ["account.id"], name=op.f(f"fk_{table}_{begun}_by_account")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f(f"fk_{table}_ended_by_account")),
    ]


def _file_everybody(connection: sa.Connection) -> None:
    """Who is there already: whom we spoke with last stands first, then who came last."""
    order = "SELECT id FROM person WHERE ended_at IS NULL ORDER BY last_contact_at IS NULL, last_contact_at DESC, id DESC"
    ids = [row[0] for row in connection.execute(sa.text(order))]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        words = _words(connection, some)
        rows = [{"rank": FIRST_RANK + place, "person_id": id_, "words": words[id_]} for place, id_ in enumerate(some, start)]
        connection.execute(sa.text("INSERT INTO person_index VALUES (:rank, :person_id, :words)"), rows)


def _words(connection: sa.Connection, ids: list[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {id_: [] for id_ in ids}
    asked = (
        "SELECT id, name || ' ' || name_latin || ' ' || name_cyrillic FROM person WHERE id IN :ids",
        "SELECT person_id, organisation.name FROM affiliation JOIN organisation ON organisation.id = organisation_id "
        "WHERE affiliation.ended_at IS NULL AND person_id IN :ids",
        "SELECT person_id, folded FROM contact_address WHERE person_id IN :ids ORDER BY position",
    )
    for words in asked:
        for id_, said in connection.execute(sa.text(words).bindparams(sa.bindparam("ids", expanding=True)), {"ids": ids}):
            found[id_].append(said)
    return {id_: f" {' '.join(dict.fromkeys(fold(' '.join(said)).split()))} " for id_, said in found.items()}


def _look_back() -> None:
    """Answers written down before: on time if the first of them left by the deadline."""
    op.execute(
        "UPDATE interaction SET is_on_time = (SELECT inquiry.answered_at <= inquiry.deadline_at FROM inquiry "
        "WHERE interaction.ref = 'inquiry:' || inquiry.reference) WHERE kind = 'answer'"
    )


def downgrade() -> None:
    op.drop_index("ix_interaction_on_time", "interaction")
    op.drop_column("interaction", "is_on_time")
    for index, table, columns in COVERING:
        op.drop_index(index, table)
        op.create_index(index, table, columns[:1])
    op.drop_index("ix_person_lawful_basis", "person")
    op.drop_index("ix_person_barred", "person")
    for table in ("press_list_member", "segment", "press_list"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        for table in ("person_fts", "person_trigram_fts"):
            op.execute(f"DROP TABLE {table}")
    op.drop_table("person_index")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION person_beginnings(text)")
