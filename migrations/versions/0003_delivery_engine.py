"""Mails are forms and own values; attempts are written with their results; workers have seats and a beat."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
BETWEEN = "\x1f"
AT_ONCE = 500
IS_OPEN, HAS_ENDED = "next_at IS NOT NULL", "next_at IS NULL AND accepted_at IS NULL"


#: What stood on every row and is now in its form, or an own value of the row.
def spread_columns() -> list[sa.Column]:
    return [
        sa.Column("sender", sa.String(length=254), nullable=False, server_default=""),
        sa.Column("sender_name", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("variant", sa.String(length=3), nullable=False, server_default="en"),
        sa.Column("subject", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("headers", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("text", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("html", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("encoding", sa.String(length=20), nullable=False, server_default=""),
    ]


outbox = sa.table(
    "outbox_email", sa.column("id"), sa.column("form"), sa.column("own"), sa.column("created_at", AT), sa.column("bytes_hash"),
    *(sa.column(c.name, c.type) for c in spread_columns()),
)  # fmt: skip
form_table = sa.table("mail_form", sa.column("hash"), sa.column("content", sa.JSON()), sa.column("created_at", AT))


def upgrade() -> None:
    op.create_table(
        "mail_form",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_mail_form")),
    )
    op.create_table(
        "mail_worker",
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", AT, nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seat", name=op.f("pk_mail_worker")),
    )
    take_back_what_was_left_half_way()
    attempts_by_mail_and_number()
    with op.batch_alter_table("outbox_email") as batch:
        batch.add_column(sa.Column("form", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("own", sa.Text(), nullable=False, server_default=""))
        batch.drop_index("ix_outbox_email_due")
        batch.drop_column("seat")
        batch.drop_column("lease_until")
        batch.drop_column("fence")
    gather_forms()
    with op.batch_alter_table("outbox_email") as batch:
        for column in spread_columns():
            batch.drop_column(column.name)
        batch.add_column(sa.Column("fence", sa.BigInteger(), nullable=True))
        batch.alter_column("form", existing_type=sa.String(length=32), server_default=None)
        batch.alter_column("own", existing_type=sa.Text(), server_default=None)
        batch.alter_column("bytes_hash", existing_type=sa.String(length=64), type_=sa.String(length=32))
    with op.batch_alter_table("outbox_email") as batch:
        batch.create_index(
            "ix_outbox_email_due",
            ["is_bulk", "next_at", "id"],
            sqlite_where=sa.text(IS_OPEN),
            postgresql_where=sa.text(IS_OPEN),
        )
        batch.create_index(
            "ix_outbox_email_ended",
            ["id"],
            sqlite_where=sa.text(HAS_ENDED),
            postgresql_where=sa.text(HAS_ENDED),
        )


def downgrade() -> None:
    give_up_what_is_under_way()
    with op.batch_alter_table("outbox_email") as batch:
        batch.drop_index("ix_outbox_email_ended")
        batch.drop_index("ix_outbox_email_due")
        batch.drop_column("fence")
        for column in spread_columns():
            batch.add_column(column)
        batch.add_column(sa.Column("seat", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("lease_until", AT, nullable=True))
        batch.alter_column("bytes_hash", existing_type=sa.String(length=32), type_=sa.String(length=64))
    spread_forms()
    with op.batch_alter_table("outbox_email") as batch:
        batch.add_column(sa.Column("fence", sa.String(length=32), nullable=True))
        batch.drop_column("form")
        batch.drop_column("own")
        for column in spread_columns():
            if column.server_default is not None:
                batch.alter_column(column.name, existing_type=column.type, server_default=None)
    with op.batch_alter_table("outbox_email") as batch:
        batch.create_index("ix_outbox_email_due", ["state", "is_bulk", "next_at"])
    attempts_by_their_own_id()
    op.drop_table("mail_worker")
    op.drop_table("mail_form")


def take_back_what_was_left_half_way() -> None:
    """Workers do not run while the schema changes: what is `sending` was left. Only past the dot is it in doubt."""
    beyond = (
        "EXISTS (SELECT 1 FROM mail_attempt a WHERE a.outbox_id = outbox_email.id AND a.n = outbox_email.attempts "
        "AND a.phase = 'dot')"
    )
    left = "state = 'sending'"
    op.execute(
        f"UPDATE outbox_email SET state = CASE WHEN withdrawn IS NOT NULL THEN 'cancelled' WHEN {beyond} OR uncertains > 0 "
        f"THEN 'uncertain' ELSE 'pending' END, reason = withdrawn, uncertains = uncertains + CASE WHEN {beyond} THEN 1 ELSE 0 END, "
        f"next_at = CASE WHEN withdrawn IS NULL THEN next_at END WHERE {left}"
    )
    op.execute("UPDATE mail_attempt SET phase = 'uncertain' WHERE phase = 'dot'")
    op.execute("UPDATE mail_attempt SET phase = 'lost_safe' WHERE phase = 'claimed'")


def give_up_what_is_under_way() -> None:
    op.execute(
        "INSERT INTO mail_attempt (outbox_id, n, phase, at) SELECT id, attempts, 'uncertain', created_at FROM outbox_email "
        "WHERE state = 'sending' AND NOT EXISTS "
        "(SELECT 1 FROM mail_attempt a WHERE a.outbox_id = outbox_email.id AND a.n = outbox_email.attempts)"
    )
    op.execute("UPDATE outbox_email SET state = 'uncertain', uncertains = uncertains + 1 WHERE state = 'sending'")


def attempts_by_mail_and_number() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_mail_attempt_outbox_id", "mail_attempt", type_="unique")
        op.drop_column("mail_attempt", "id")
        op.create_primary_key("pk_mail_attempt", "mail_attempt", ["outbox_id", "n"])
        return
    _rebuilt_attempts(
        sa.PrimaryKeyConstraint("outbox_id", "n", name=op.f("pk_mail_attempt")), columns=[], sqlite_with_rowid=False
    )


def attempts_by_their_own_id() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_mail_attempt", "mail_attempt", type_="primary")
        op.execute("ALTER TABLE mail_attempt ADD COLUMN id BIGSERIAL CONSTRAINT pk_mail_attempt PRIMARY KEY")
        op.create_unique_constraint("uq_mail_attempt_outbox_id", "mail_attempt", ["outbox_id", "n"])
        return
    _rebuilt_attempts(
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_attempt")),
        sa.UniqueConstraint("outbox_id", "n", name=op.f("uq_mail_attempt_outbox_id")),
        columns=[sa.Column("id", KEY, nullable=False)],
    )


def _rebuilt_attempts(*keys, columns, **options) -> None:
    """SQLite cannot change a key: the table is made anew under another name."""
    op.rename_table("mail_attempt", "mail_attempt_before")
    op.create_table(
        "mail_attempt", *columns,
        sa.Column("outbox_id", KEY, nullable=False), sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False), sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True), sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_email.id"], name=op.f("fk_mail_attempt_outbox_id_outbox_email"), ondelete="CASCADE"
        ),
        *keys, **options,
    )  # fmt: skip
    same = "outbox_id, n, phase, code, reply, at"
    op.execute(f"INSERT INTO mail_attempt ({same}) SELECT {same} FROM mail_attempt_before ORDER BY outbox_id, n")
    op.drop_table("mail_attempt_before")


def gather_forms() -> None:
    """Each row's mail as a form and own values, with the very bytes it had: a mail in doubt may be repeated after this."""
    connection = op.get_bind()
    known, last = set(), 0
    while rows := connection.execute(
        sa.select(outbox).where(outbox.c.id > last).order_by(outbox.c.id).limit(AT_ONCE)
    ).all():
        for row in rows:
            content, values = formed(row)
            canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            key = hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()
            if key not in known:
                known.add(key)
                connection.execute(sa.insert(form_table).values(hash=key, content=content, created_at=row.created_at))
            changed = sa.update(outbox).where(outbox.c.id == row.id)
            connection.execute(changed.values(form=key, own=BETWEEN.join(values), bytes_hash=None))
        last = rows[-1].id


def formed(row) -> tuple[dict, list[str]]:
    values: list[str] = []

    def own(value):
        values.append((value or "").replace(BETWEEN, ""))
        return [len(values) - 1]

    parts = {
        name: [[kind, what] if kind == "block" else ["own", own(what)] for kind, what in getattr(row, name) or []]
        for name in ("text", "html")
    }
    return {
        **parts,
        "variant": row.variant,
        "encoding": row.encoding,
        "sender": row.sender,
        "sender_name": row.sender_name,
        "subject": own(row.subject),
        "headers": [[name, own(value)] for name, value in row.headers or []],
        "reply_to": own(row.reply_to) if row.reply_to else None,
    }, values


def spread_forms() -> None:
    """What the form says, back on every row."""
    connection = op.get_bind()
    contents, last = dict(connection.execute(sa.select(form_table.c.hash, form_table.c.content)).all()), 0
    while rows := connection.execute(
        sa.select(outbox.c.id, outbox.c.form, outbox.c.own, sa.column("message_id"))
        .select_from(outbox).where(outbox.c.id > last).order_by(outbox.c.id).limit(AT_ONCE)
    ).all():  # fmt: skip
        for row in rows:
            changed = sa.update(outbox).where(outbox.c.id == row.id)
            spread = written_out(contents.get(row.form) or {}, [*(row.own or "").split(BETWEEN), row.message_id])
            connection.execute(changed.values(**spread, bytes_hash=None))
        last = rows[-1].id


def written_out(content: dict, values: list[str]) -> dict:
    def said(pieces):
        return "".join(piece if isinstance(piece, str) else values[piece] for piece in pieces or [])

    def part(name):
        for kind, what in content.get(name, []):
            if kind == "run":
                yield from (["block", key] for key in values[what].split(",") if key)
            else:
                yield [kind, what] if kind == "block" else ["own", said(what)]

    return {
        **{name: content.get(name, "") for name in ("encoding", "sender", "sender_name")},
        "variant": content.get("variant", "en"),
        "subject": said(content.get("subject")),
        "reply_to": said(content.get("reply_to")) or None,
        "headers": [[name, said(pieces)] for name, pieces in content.get("headers", [])],
        "text": list(part("text")),
        "html": list(part("html")),
    }
