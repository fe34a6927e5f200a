"""On PostgreSQL the order of names knows what a filter asks of a person, and those who have ended are soon told apart."""

from alembic import op
from sqlalchemy import text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEX, TABLE, COLUMNS = "ix_person_folded", "person", ["folded", "id", "ended_at"]
ASKED = ["region", "preferred_variant", "owner_id", "last_contact_at", "do_not_contact"]
HAS_ENDED = text("ended_at IS NOT NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, TABLE)
        op.create_index(INDEX, TABLE, COLUMNS, postgresql_include=ASKED)
    op.create_index("ix_person_ended", TABLE, ["id"], sqlite_where=HAS_ENDED, postgresql_where=HAS_ENDED)


def downgrade() -> None:
    op.drop_index("ix_person_ended", TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, TABLE)
        op.create_index(INDEX, TABLE, COLUMNS)
