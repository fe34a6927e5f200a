"""Duplicates: comparison keys of people, candidate pairs with their judgement, merges and what each changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "person_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_key_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "person_id", name=op.f("pk_person_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_key_person_id", "person_key", ["person_id"])
    op.create_table(
        "person_uncompared",
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_uncompared_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_uncompared")),
    )
    op.create_table(
        "candidate_pair",
        sa.Column("id", KEY, nullable=False),
        sa.Column("low_id", KEY, nullable=False),
        sa.Column("high_id", KEY, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judgement", sa.String(length=10), nullable=False),
        sa.Column("judged_by", KEY, nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_on", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["high_id"], ["person.id"], name=op.f("fk_candidate_pair_high_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["judged_by"], ["account.id"], name=op.f("fk_candidate_pair_judged_by_account")),
        sa.ForeignKeyConstraint(
            ["low_id"], ["person.id"], name=op.f("fk_candidate_pair_low_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_pair")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_candidate_pair_low_id")),
    )
    op.create_index("ix_candidate_pair_high_id", "candidate_pair", ["high_id"])
    op.create_index("ix_candidate_pair_queue", "candidate_pair", ["judgement", "score", "id"])
    op.create_table(
        "merge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("survivor_id", KEY, nullable=False),
        sa.Column("absorbed_id", KEY, nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", KEY, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["absorbed_id"], ["person.id"], name=op.f("fk_merge_absorbed_id_person")),
        sa.ForeignKeyConstraint(["merged_by"], ["account.id"], name=op.f("fk_merge_merged_by_account")),
        sa.ForeignKeyConstraint(["survivor_id"], ["person.id"], name=op.f("fk_merge_survivor_id_person")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_merge_undone_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index("ix_merge_absorbed_id", "merge", ["absorbed_id"])
    op.create_index("ix_merge_merged_at", "merge", ["merged_at"])
    op.create_index("ix_merge_survivor_id", "merge", ["survivor_id"])
    op.create_table(
        "merge_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("merge_id", KEY, nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("row_key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name=op.f("fk_merge_row_merge_id_merge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_row")),
    )
    op.create_index("ix_merge_row_merge_id", "merge_row", ["merge_id"])
    # People who were here before are filed and compared by: python -m outreach contacts compare
    op.execute("INSERT INTO person_uncompared (person_id) SELECT id FROM person WHERE ended_at IS NULL")


def downgrade() -> None:
    for table in ("merge_row", "merge", "candidate_pair", "person_uncompared", "person_key"):
        op.drop_table(table)
