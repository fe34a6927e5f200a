"""Issues say what they carry; the ledger is kept in the order in which planning writes it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)

ITEMS = """
INSERT INTO digest_issue_item (issue_id, publication_id, frozen_at, carried_at)
SELECT DISTINCT k.issue_id, k.publication_id, i.closes_at, i.at
FROM kept_item k JOIN digest_issue i ON i.id = k.issue_id
"""
OLD_RECIPIENTS = """
INSERT INTO digest_recipient
    (id, issue_id, subscriber_id, cadence, slot, variant, state, reason, outbox_id, planned_at)
SELECT k.id, k.issue_id, k.subscriber_id, i.cadence, i.slot, k.variant, k.state, k.reason, k.outbox_id, k.planned_at
FROM kept_recipient k JOIN digest_issue i ON i.id = k.issue_id
"""
OLD_ITEMS = """
INSERT INTO digest_item (id, recipient_id, subscriber_id, publication_id)
SELECT row_number() OVER (ORDER BY k.publication_id, k.subscriber_id), r.id, k.subscriber_id, k.publication_id
FROM kept_item k JOIN kept_recipient r ON r.issue_id = k.issue_id AND r.subscriber_id = k.subscriber_id
"""


def upgrade() -> None:
    with op.batch_alter_table("digest_issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", AT, nullable=True))
        batch_op.add_column(sa.Column("done", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("line_en", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("line_sr", sa.Text(), nullable=True))
    with op.batch_alter_table("digest_issue", schema=None) as batch_op:
        batch_op.alter_column("done", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    op.execute(
        "CREATE TEMPORARY TABLE kept_item AS SELECT r.issue_id, i.subscriber_id, i.publication_id "
        "FROM digest_item i JOIN digest_recipient r ON r.id = i.recipient_id"
    )
    op.execute("CREATE TEMPORARY TABLE kept_recipient AS SELECT * FROM digest_recipient")
    op.drop_table("digest_item")
    op.drop_table("digest_recipient")
    _create()
    columns = "issue_id, subscriber_id, variant, state, reason, outbox_id, planned_at"
    op.execute(f"INSERT INTO digest_recipient ({columns}) SELECT {columns} FROM kept_recipient")
    columns = "publication_id, subscriber_id, issue_id"
    op.execute(f"INSERT INTO digest_item ({columns}) SELECT {columns} FROM kept_item")
    op.execute(ITEMS)
    _drop_kept()


def _create() -> None:
    op.create_table(
        "digest_recipient",
        sa.Column("issue_id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        sa.Column("variant", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("outbox_id", KEY, nullable=True),
        sa.Column("planned_at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["digest_issue.id"], name=op.f("fk_digest_recipient_issue_id_digest_issue")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox_email.id"],
            name=op.f("fk_digest_recipient_outbox_id_outbox_email"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("issue_id", "subscriber_id", name=op.f("pk_digest_recipient")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_digest_recipient_outbox_id"), "digest_recipient", ["outbox_id"])
    op.create_table(
        "digest_item",
        sa.Column("publication_id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        sa.Column("issue_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_digest_item_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", "subscriber_id", name=op.f("pk_digest_item")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "digest_issue_item",
        sa.Column("issue_id", KEY, nullable=False),
        sa.Column("publication_id", KEY, nullable=False),
        sa.Column("frozen_at", AT, nullable=False),
        sa.Column("dropped_at", AT, nullable=True),
        sa.Column("carried_at", AT, nullable=True),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["digest_issue.id"], name=op.f("fk_digest_issue_item_issue_id_digest_issue")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_digest_issue_item_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("issue_id", "publication_id", name=op.f("pk_digest_issue_item")),
    )
    op.create_index(op.f("ix_digest_issue_item_publication_id"), "digest_issue_item", ["publication_id"])
    op.create_table(
        "digest_pulse",
        sa.Column("id", KEY, nullable=False),
        sa.Column("planned_at", AT, nullable=False),
        sa.Column("watched_at", AT, nullable=True),
        sa.Column("alarms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_pulse")),
    )


def _drop_kept() -> None:
    op.execute("DROP TABLE kept_item")
    op.execute("DROP TABLE kept_recipient")


def downgrade() -> None:
    op.drop_table("digest_pulse")
    op.drop_table("digest_issue_item")
    op.execute("CREATE TEMPORARY TABLE kept_item AS SELECT * FROM digest_item")
    op.execute(
        "CREATE TEMPORARY TABLE kept_recipient AS "
        "SELECT row_number() OVER (ORDER BY issue_id, subscriber_id) AS id, r.* FROM digest_recipient r"
    )
    op.drop_table("digest_item")
    op.drop_table("digest_recipient")
    _create_as_before()
    op.execute(OLD_RECIPIENTS)
    op.execute(OLD_ITEMS)
    _drop_kept()
    if op.get_bind().dialect.name == "postgresql":
        for table in ("digest_recipient", "digest_item"):
            op.execute(f"SELECT setval('{table}_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)")
    with op.batch_alter_table("digest_issue", schema=None) as batch_op:
        batch_op.drop_column("line_sr")
        batch_op.drop_column("line_en")
        batch_op.drop_column("done")
        batch_op.drop_column("held_at")


def _create_as_before() -> None:
    op.create_table(
        "digest_recipient",
        sa.Column("id", KEY, nullable=False),
        sa.Column("issue_id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        sa.Column("cadence", sa.String(length=12), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("variant", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("outbox_id", KEY, nullable=True),
        sa.Column("planned_at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["digest_issue.id"], name=op.f("fk_digest_recipient_issue_id_digest_issue")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox_email.id"],
            name=op.f("fk_digest_recipient_outbox_id_outbox_email"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_digest_recipient_subscriber_id_subscriber")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_recipient")),
        sa.UniqueConstraint("subscriber_id", "cadence", "slot", name=op.f("uq_digest_recipient_subscriber_id")),
    )
    op.create_index("ix_digest_recipient_issue", "digest_recipient", ["issue_id", "state"])
    op.create_index(op.f("ix_digest_recipient_outbox_id"), "digest_recipient", ["outbox_id"])
    op.create_table(
        "digest_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient_id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        sa.Column("publication_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_digest_item_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["digest_recipient.id"], name=op.f("fk_digest_item_recipient_id_digest_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_digest_item_subscriber_id_subscriber")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_item")),
        sa.UniqueConstraint("subscriber_id", "publication_id", name=op.f("uq_digest_item_subscriber_id")),
    )
    op.create_index(op.f("ix_digest_item_publication_id"), "digest_item", ["publication_id"])
    op.create_index(op.f("ix_digest_item_recipient_id"), "digest_item", ["recipient_id"])
