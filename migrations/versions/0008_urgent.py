"""An update may be urgent, and a subscriber may allow urgent updates to come at once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (("document", "is_urgent"), ("subscriber", "takes_urgent"), ("consent", "takes_urgent"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_subscriber_takes_urgent",
        "subscriber",
        ["id"],
        sqlite_where=sa.text("takes_urgent = 1"),
        postgresql_where=sa.text("takes_urgent"),
    )


def downgrade() -> None:
    op.drop_index("ix_subscriber_takes_urgent", "subscriber")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
