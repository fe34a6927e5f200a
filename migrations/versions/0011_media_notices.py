"""An inquiry may come with the wish to be sent media notices, which waits until it is taken up."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("id", KEY, nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("variant", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("ref", name=op.f("uq_wish_ref")),
    )
    op.add_column("inquiry", sa.Column("wants_notices", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("inquiry", "wants_notices")
    op.drop_table("wish")
