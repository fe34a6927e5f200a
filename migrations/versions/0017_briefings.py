"""Mailings to a press list or a segment, and who got which."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_PENDING = "state = 'pending'"


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_en", sa.String(length=120), nullable=False),
        sa.Column("subject_sr", sa.String(length=120), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_sr", sa.Text(), nullable=False),
        sa.Column("terms", sa.String(length=12), nullable=False),
        sa.Column("embargo_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("embargo_zone", sa.String(length=60), nullable=False),
        sa.Column("also_zone", sa.String(length=60), nullable=False),
        sa.Column("to_kind", sa.String(length=8), nullable=False),
        sa.Column("to_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("changed_by", KEY, nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", KEY, nullable=True),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_person_id", KEY, nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_mailing_created_by_account")),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_mailing_changed_by_account")),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("fk_mailing_released_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_table(
        "mailing_recipient",
        sa.Column("id", KEY, nullable=False),
        sa.Column("mailing_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        sa.Column("variant", sa.String(length=3), nullable=False),
        sa.Column("has_notice", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("outbox_id", KEY, nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_mailing_recipient_mailing_id_mailing")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mailing_recipient_person_id_person")),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_email.id"], name=op.f("fk_mailing_recipient_outbox_id_outbox_email"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_recipient")),
        sa.UniqueConstraint("mailing_id", "person_id", name=op.f("uq_mailing_recipient_mailing_id")),
        sa.UniqueConstraint("mailing_id", "address_hash", name="uq_mailing_recipient_address"),
    )
    op.create_index(op.f("ix_mailing_recipient_person_id"), "mailing_recipient", ["person_id"])
    op.create_index(op.f("ix_mailing_recipient_outbox_id"), "mailing_recipient", ["outbox_id"])
    op.create_index("ix_mailing_recipient_state", "mailing_recipient", ["mailing_id", "state", "id"])
    op.create_index(
        "ix_mailing_recipient_pending", "mailing_recipient", ["id"],
        sqlite_where=sa.text(IS_PENDING), postgresql_where=sa.text(IS_PENDING),
    )


def downgrade() -> None:
    op.drop_table("mailing_recipient")
    op.drop_table("mailing")
