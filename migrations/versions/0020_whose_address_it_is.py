"""Whose an address is, is read from its index alone: those whose mail came back are found without their rows."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_contact_address_address_hash", "contact_address"


def upgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["address_hash", "person_id"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["address_hash"])
