"""Whoever works in a language is found by an index over the combinations of languages, as they are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEX, TABLE, SAID = "ix_person_languages", "person", "CAST(languages AS TEXT)"


def upgrade() -> None:
    known = f"{SAID} <> '[]'"
    short = f"{known} AND octet_length({SAID}) < 1300"
    op.create_index(
        INDEX, TABLE, [sa.literal_column(SAID)], sqlite_where=sa.text(known), postgresql_where=sa.text(short),
        postgresql_include=["id", "languages"],
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
