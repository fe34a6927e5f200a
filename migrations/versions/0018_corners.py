"""Addresses and affiliations that somebody changed by hand are known."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("contact_address", "affiliation"):
        op.add_column(table, sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ("affiliation", "contact_address"):
        op.drop_column(table, "changed_at")
