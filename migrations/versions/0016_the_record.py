"""The record of a person: who is owed a notice, whose record nobody confirmed, and what people ask of their card."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OWED = "noticed_at IS NULL AND ended_at IS NULL AND source NOT IN ('inquiry', 'card')"


def upgrade() -> None:
    op.create_table(
        "card_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", KEY, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_request_person_id_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name=op.f("fk_card_request_settled_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_request")),
    )
    op.create_index(op.f("ix_card_request_person_id"), "card_request", ["person_id"])
    op.create_index("ix_card_request_open", "card_request", ["asked_at"], sqlite_where=sa.text("settled_at IS NULL"), postgresql_where=sa.text("settled_at IS NULL"))
    op.create_index("ix_person_owed_notice", "person", ["created_at", "id"], sqlite_where=sa.text(OWED), postgresql_where=sa.text(OWED))
    op.create_index("ix_person_last_right_at", "person", [sa.literal_column("coalesce(confirmed_at, created_at)"), "id"], sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_person_last_right_at", table_name="person")
    op.drop_index("ix_person_owed_notice", table_name="person")
    op.drop_table("card_request")
