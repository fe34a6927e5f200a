"""Preference centre: changes of address, and lists of subscribers taken over with their proof of consent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscriber.id"],
            name=op.f("fk_address_change_subscriber_id_subscriber"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_change_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_address_change_subscriber_id"), ["subscriber_id"], unique=False)

    op.create_table(
        "list_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("variant", sa.String(length=3), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_line", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_list_import_actor_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_import")),
    )
    with op.batch_alter_table("list_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_import_uploaded_at"), ["uploaded_at"], unique=False)

    with op.batch_alter_table("confirmation_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address_change_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_confirmation_mail_address_change_id"), ["address_change_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_confirmation_mail_address_change_id_address_change"),
            "address_change",
            ["address_change_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("confirmation_mail", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_confirmation_mail_address_change_id_address_change"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_confirmation_mail_address_change_id"))
        batch_op.drop_column("address_change_id")
    op.drop_table("list_import")
    op.drop_table("address_change")
