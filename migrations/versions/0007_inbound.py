"""Mail that comes in: what it is, which of ours it is about, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSETTLED = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "mail_inbound",
        sa.Column("id", KEY, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("outbox_id", KEY, nullable=True),
        sa.Column("weight", sa.String(length=4), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("diagnostic", sa.Text(), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        sa.Column("token", sa.String(length=200), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_email.id"], name=op.f("fk_mail_inbound_outbox_id_outbox_email"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_inbound")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mail_inbound_fingerprint")),
    )
    with op.batch_alter_table("mail_inbound", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_inbound_address_hash"), ["address_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_inbound_outbox_id"), ["outbox_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_inbound_received_at"), ["received_at"], unique=False)
        batch_op.create_index(
            "ix_mail_inbound_unsettled", ["id"], unique=False, sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
        )

    op.create_table(
        "mailbox_read",
        sa.Column("id", KEY, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_read")),
    )


def downgrade() -> None:
    op.drop_table("mailbox_read")
    op.drop_table("mail_inbound")
