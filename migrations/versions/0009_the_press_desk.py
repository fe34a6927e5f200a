"""The press desk: clearance, lines to take, released answers, stories, files, duty; and what inquiries need for them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state IN ('received', 'accepted', 'waiting', 'in clearance')")
IS_ANSWERED = sa.text("state IN ('answered', 'closed') AND answered_at IS NOT NULL")
IS_SCREENED = sa.text("state = 'screened'")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ref", "kind", name=op.f("pk_reminder")),
    )
    op.create_table(
        "duty_turn",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_duty_turn_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_turn")),
    )
    with op.batch_alter_table("duty_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_turn_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_turn_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_sr", sa.Text(), nullable=False),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("attribution", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=op.f("fk_line_checked_by_id_account")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_line_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
    )
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_checked_by_id"), ["checked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("view", sa.String(length=20), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.Column("is_starred", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_account_id"), ["account_id"], unique=False)

    op.create_table(
        "story",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sr", sa.Text(), nullable=False),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("attribution", sa.String(length=200), nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_story_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("inquiry_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_presence_account_id_account")),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_presence_inquiry_id_inquiry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("inquiry_id", "account_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "clearance",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inquiry_id", KEY, nullable=True),
        sa.Column("question_id", KEY, nullable=True),
        sa.Column("story_id", KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("approver_id", KEY, nullable=True),
        sa.Column("approver_name", sa.String(length=120), nullable=False),
        sa.Column("approver_email", sa.String(length=254), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approver_id"], ["account.id"], name=op.f("fk_clearance_approver_id_account")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_clearance_asked_by_id_account")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_clearance_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_clearance_question_id_question"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_clearance_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearance_approver_id"), ["approver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clearance_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clearance_inquiry_id"), ["inquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clearance_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clearance_story_id"), ["story_id"], unique=False)

    op.create_table(
        "released_answer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("inquiry_id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("question_id", KEY, nullable=True),
        sa.Column("line_id", KEY, nullable=True),
        sa.Column("story_id", KEY, nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("attribution", sa.String(length=200), nullable=False),
        sa.Column("variant", sa.String(length=3), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", KEY, nullable=True),
        sa.Column("superseded_by_id", KEY, nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_released_answer_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_released_answer_line_id_line")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inquiry_message.id"], name=op.f("fk_released_answer_message_id_inquiry_message")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_released_answer_question_id_question"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["account.id"], name=op.f("fk_released_answer_released_by_id_account")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_released_answer_story_id_story")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["released_answer.id"],
            name=op.f("fk_released_answer_superseded_by_id_released_answer"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_answer")),
        sa.UniqueConstraint("code", name=op.f("uq_released_answer_code")),
    )
    with op.batch_alter_table("released_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_released_answer_inquiry_id"), ["inquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_released_at"), ["released_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_released_by_id"), ["released_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_story_id"), ["story_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_superseded_by_id"), ["superseded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_answer_text_hash"), ["text_hash"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("inquiry_id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_stored_file_added_by_id_account")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], name=op.f("fk_stored_file_inquiry_id_inquiry")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inquiry_message.id"], name=op.f("fk_stored_file_message_id_inquiry_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_added_by_id"), ["added_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_inquiry_id"), ["inquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_message_id"), ["message_id"], unique=False)

    op.add_column("account", sa.Column("has_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("outbox_email", sa.Column("copy_of", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=10), nullable=False, server_default="form"))
        batch_op.add_column(sa.Column("logged_by_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("duplicate_of_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("story_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("about", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("commit_by_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("byline", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("commitment", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("commitment_words", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_reason", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("ended_words", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_inquiry_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_logged_by_id"), ["logged_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_story_id"), ["story_id"], unique=False)
        batch_op.create_index(
            "ix_inquiry_open_due",
            ["deadline_at", "received_at", "id", "state", "owner_id", "snoozed_until", "last_in_at", "desk_at"],
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        )
        batch_op.create_index(
            "ix_inquiry_open_owner",
            ["owner_id", "deadline_at", "received_at", "id"],
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        )
        batch_op.drop_index(batch_op.f("ix_inquiry_state"))
        batch_op.create_index(
            "ix_inquiry_answered", ["answered_at", "id"], sqlite_where=IS_ANSWERED, postgresql_where=IS_ANSWERED
        )
        batch_op.create_index(
            "ix_inquiry_screened", ["received_at", "id"], sqlite_where=IS_SCREENED, postgresql_where=IS_SCREENED
        )
        batch_op.create_foreign_key(batch_op.f("fk_inquiry_logged_by_id_account"), "account", ["logged_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_inquiry_story_id_story"), "story", ["story_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_inquiry_duplicate_of_id_inquiry"), "inquiry", ["duplicate_of_id"], ["id"]
        )

    op.create_index("ix_inquiry_email", "inquiry", [sa.literal_column("lower(email)")])

    with op.batch_alter_table("inquiry_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=10), nullable=False, server_default="page"))
        batch_op.add_column(sa.Column("quoted", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("copies_to", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("sender", sa.String(length=254), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("file_ids", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("outbox_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_inquiry_message_outbox_id"), ["outbox_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_inquiry_message_outbox_id_outbox_email"),
            "outbox_email",
            ["outbox_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("terms", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("line_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_question_line_id"), ["line_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_question_line_id_line"), "line", ["line_id"], ["id"])
        batch_op.add_column(sa.Column("edited_by_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_question_edited_by_id_account"), "account", ["edited_by_id"], ["id"]
        )

    op.execute("UPDATE inquiry_message SET channel = 'mail' WHERE direction = 'out'")
    op.execute("UPDATE inquiry SET closed_at = changed_at WHERE state = 'closed'")
    op.execute("UPDATE inquiry SET acknowledged_at = COALESCE(accepted_at, answered_at)")


def downgrade() -> None:
    op.execute("UPDATE inquiry SET state = 'accepted' WHERE state IN ('waiting', 'in clearance')")
    op.execute("UPDATE inquiry SET state = 'closed' WHERE state IN ('declined', 'referred', 'duplicate')")
    op.drop_index("ix_inquiry_email", "inquiry")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_edited_by_id_account"), type_="foreignkey")
        batch_op.drop_column("edited_by_id")
        batch_op.drop_constraint(batch_op.f("fk_question_line_id_line"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_question_line_id"))
        batch_op.drop_column("line_id")
        batch_op.drop_column("terms")
        batch_op.drop_column("source")

    with op.batch_alter_table("inquiry_message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_inquiry_message_outbox_id_outbox_email"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_inquiry_message_outbox_id"))
        batch_op.drop_column("undone_at")
        batch_op.drop_column("leaves_at")
        batch_op.drop_column("outbox_id")
        batch_op.drop_column("sender")
        batch_op.drop_column("file_ids")
        batch_op.drop_column("copies_to")
        batch_op.drop_column("quoted")
        batch_op.drop_column("channel")

    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_inquiry_duplicate_of_id_inquiry"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_inquiry_story_id_story"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_inquiry_logged_by_id_account"), type_="foreignkey")
        batch_op.drop_index("ix_inquiry_screened")
        batch_op.drop_index("ix_inquiry_answered")
        batch_op.drop_index("ix_inquiry_open_owner")
        batch_op.create_index(batch_op.f("ix_inquiry_state"), ["state"], unique=False)
        batch_op.drop_index("ix_inquiry_open_due")
        batch_op.drop_index(batch_op.f("ix_inquiry_story_id"))
        batch_op.drop_index(batch_op.f("ix_inquiry_logged_by_id"))
        batch_op.drop_index(batch_op.f("ix_inquiry_duplicate_of_id"))
        batch_op.drop_column("snoozed_until")
        batch_op.drop_column("ended_words")
        batch_op.drop_column("ended_reason")
        batch_op.drop_column("committed_at")
        batch_op.drop_column("commitment_words")
        batch_op.drop_column("commitment")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("acknowledged_at")
        batch_op.drop_column("byline")
        batch_op.drop_column("commit_by_at")
        batch_op.drop_column("details")
        batch_op.drop_column("about")
        batch_op.drop_column("story_id")
        batch_op.drop_column("duplicate_of_id")
        batch_op.drop_column("logged_by_id")
        batch_op.drop_column("source")

    op.drop_column("outbox_email", "copy_of")
    op.drop_column("account", "has_shortcuts")

    op.drop_table("stored_file")
    op.drop_table("released_answer")
    op.drop_table("clearance")
    op.drop_table("presence")
    op.drop_table("story")
    op.drop_table("saved_view")
    op.drop_table("line")
    op.drop_table("duty_turn")
    op.drop_table("reminder")
