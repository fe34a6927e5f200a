"""A mail is first a row, written in the transaction of whatever caused it; leaving is the worker's business."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.language import Variant
from outreach.mail import addresses, blocks, suppressions
from outreach.mail import headers as header_rules
from outreach.mail.compose import Words
from outreach.mail.message import Letter, encoding_of, stitch
from outreach.mail.models import CANCELLED, PENDING, SENDING, UNCERTAIN, OutboxEmail

LIFETIME = timedelta(hours=48)

_EXTRA_NAMES = ("auto-submitted", "precedence", "list-")


def enqueue(
    session: Session, house: House, now: datetime, *, kind: str, ref: str, to_address: str, variant: Variant,
    words: Words, to_name: str | None = None, headers: Mapping[str, str] | None = None, reply_to: str | None = None,
    expires_at: datetime | None = None, in_reply_to: str | None = None, scope: str = suppressions.ALL,
) -> OutboxEmail | None:  # fmt: skip
    """Put a mail in the outbox; None when its address is suppressed for this scope.

    `ref` is the owner ("inquiry:25-48271-3"), by which it can be cancelled. `expires_at` defaults to 48 hours on.
    `in_reply_to` is the message id of an earlier mail. Raises ValueError for an address or a header that is refused.
    """
    address = addresses.check(to_address)
    if suppressions.is_suppressed(session, house, address, scope):
        return None
    sender = house.settings.mail_from
    row = OutboxEmail(
        kind=kind, ref=ref, scope=scope, is_bulk=scope == suppressions.DIGESTS, state=PENDING,
        to_address=address, to_name=_speakable(to_name), sender=sender, reply_to=reply_to, variant=variant.segment,
        sender_name=f"{house.office.name(variant)} – {house.office.unit(variant)}", subject=words.subject,
        headers=_extra(headers or {}, in_reply_to), encoding=encoding_of(variant),
        message_id=f"{secrets.token_hex(16)}@{sender.rpartition('@')[2]}", dated_at=now.replace(microsecond=0),
        created_at=now, next_at=now, expires_at=expires_at or now + LIFETIME, text=[], html=[],
    )  # fmt: skip
    stitch(letter(row, b"", b""))  # a value that cannot be sent is refused here, not at night
    row.text = blocks.keep(session, now, words.text, row.encoding)
    row.html = blocks.keep(session, now, words.html, row.encoding)
    session.add(row)
    session.flush()
    return row


def cancel(session: Session, ref: str, reason: str, now: datetime) -> int:
    """Cancel this owner's mails; how many. What is just leaving stops unless its final dot is out (D-16)."""
    mine = select(OutboxEmail).where(OutboxEmail.ref == ref, OutboxEmail.state.in_((PENDING, UNCERTAIN, SENDING)))
    rows = session.scalars(mine.with_for_update()).all()
    for row in rows:
        if row.state == SENDING:
            row.withdrawn = reason
        else:
            row.settle(CANCELLED, reason)
    session.flush()
    return len(rows)


def letter(row: OutboxEmail, text: bytes, html: bytes) -> Letter:
    """The row as the pure value that decides its bytes; `text` and `html` are its encoded bodies."""
    return Letter(
        sender_name=row.sender_name, sender=row.sender, to_name=row.to_name, to_address=row.to_address,
        subject=row.subject, dated_at=row.dated_at, message_id=row.message_id, lang=Variant.of(row.variant).lang,
        encoding=row.encoding, text=text, html=html, reply_to=row.reply_to,
        extra=tuple((name, value) for name, value in row.headers),
    )  # fmt: skip


def _speakable(name: str | None) -> str | None:
    """The display name, or none when it may not stand in a header: the mail matters more than the name."""
    try:
        return header_rules.clean(name.strip()) or None if name else None
    except header_rules.BadHeader:
        return None


def _extra(given: Mapping[str, str], in_reply_to: str | None) -> list[list[str]]:
    for name in given:
        if not name.lower().startswith(_EXTRA_NAMES):
            raise header_rules.BadHeader(f"{name}: not a header that a mail may add")
    thread = [["In-Reply-To", f"<{in_reply_to}>"], ["References", f"<{in_reply_to}>"]] if in_reply_to else []
    named = {"Auto-Submitted": "auto-generated", **given}
    return [*thread, *([name, value] for name, value in named.items())]
