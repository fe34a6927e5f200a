"""The answer of a story and a correction can be cleared: who last changed a story, and corrections that are drafted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "correction_draft",
        sa.Column("id", KEY, nullable=False),
        sa.Column("answer_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("edited_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["released_answer.id"], name=op.f("fk_correction_draft_answer_id_released_answer")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_correction_draft_owner_id_account")),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["account.id"], name=op.f("fk_correction_draft_edited_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_draft")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_correction_draft_answer_id")),
    )
    op.create_index("ix_correction_draft_owner_id", "correction_draft", ["owner_id"])
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_by_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_story_edited_by_id_account"), "account", ["edited_by_id"], ["id"]
        )
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("correction_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_clearance_correction_id_correction_draft"), "correction_draft", ["correction_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_clearance_correction_id"), ["correction_id"], unique=False)


def downgrade() -> None:
    # What was asked about a correction is about nothing that the schema before this one knows.
    op.execute("DELETE FROM clearance WHERE correction_id IS NOT NULL")
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearance_correction_id"))
        batch_op.drop_constraint(batch_op.f("fk_clearance_correction_id_correction_draft"), type_="foreignkey")
        batch_op.drop_column("correction_id")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_story_edited_by_id_account"), type_="foreignkey")
        batch_op.drop_column("edited_by_id")
    op.drop_table("correction_draft")
