"""A mail is first a row, written in the transaction of whatever caused it; leaving is the worker's business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.house import House
from outreach.language import Variant
from outreach.mail import addresses, blocks, compose, entering, forms, message, sql, suppressions
from outreach.mail import headers as header_rules
from outreach.mail.compose import Words
from outreach.mail.forms import Form
from outreach.mail.message import Pieces, Segment
from outreach.mail.models import CANCELLED, FAILED, PENDING, SENDING, UNCERTAIN, MailHalt, OutboxEmail

MOST_ATTACHED = 10 * 2**20  # bytes of all files of one mail; in base64 they take a third more


class Copy(NamedTuple):
    """One of many mails that differ little: its owner, its address as checked at the door, its form and own values."""

    ref: str
    to_address: str
    form: str
    own: Sequence[str] = ()


class Attachment(NamedTuple):
    """A file that goes with a mail. `media_type` may say more: "text/calendar; charset=utf-8; method=PUBLISH"."""

    name: str
    media_type: str
    content: bytes


def enqueue(
    session: Session, house: House, now: datetime, *, kind: str, ref: str, to_address: str, variant: Variant,
    words: Words, to_name: str | None = None, headers: Mapping[str, str] | None = None, reply_to: str | None = None,
    expires_at: datetime | None = None, in_reply_to: str | None = None, scope: str = suppressions.ALL,
    leaves_at: datetime | None = None, attachments: Sequence[Attachment] = (), copies_to: Sequence[str] = (),
) -> OutboxEmail | None:  # fmt: skip
    """Put a mail in the outbox; None when its address is suppressed for this scope.

    `ref` is the owner ("inquiry:25-48271-3"), by which it can be cancelled. `leaves_at`: not before this instant, which
    is also its Date (default: now). `expires_at` defaults to 48 hours after it.
    `in_reply_to` is the message id of an earlier mail. Raises ValueError for an address or a header that is refused,
    and for files of more than MOST_ATTACHED bytes.

    `copies_to` are named in Cc, and each gets a mail of its own: the same words to the same To, under a Message-ID of
    its own, since each is tried, repeated, refused and suppressed by itself. Its References end with the mail it is a
    copy of, so an answer to all lies in one thread with every recipient, whichever of them wrote it.
    """
    address = addresses.check(to_address)
    copied = _others(address, copies_to)
    if suppressions.is_suppressed(session, house, address, scope):
        return None
    own = _Own()
    form = forms.build(
        session, house, now, variant=variant, text=own.segments(words.text), html=own.segments(words.html),
        subject=own.value(words.subject), headers=_extra(own, headers or {}, in_reply_to, copied),
        reply_to=own.value(reply_to) if reply_to else None, files=_enclosed(session, now, own, attachments),
    )  # fmt: skip
    mail = entering.row(
        house, now, kind=kind, ref=ref, to_address=address, scope=scope, to_name=_speakable(to_name),
        leaves_at=leaves_at, expires_at=expires_at,
    )  # fmt: skip
    mail_id = entering.enter(session, mail, form, forms.put(session, now, form), own.values)
    for one in copied:
        if not suppressions.is_suppressed(session, house, one, scope):
            _copy(session, house, now, mail, mail_id, form, own.values, one)
    return session.get(OutboxEmail, mail_id)


def enqueue_many(
    session: Session, house: House, now: datetime, copies: Sequence[Copy], *, kind: str, scope: str,
    expires_at: datetime, leaves_at: datetime | None = None,
) -> list[int | None]:  # fmt: skip
    """Put many mails in the outbox at once; the id of each in their order, None for a suppressed address.

    `leaves_at`: not before this instant, which is also their Date (default: now). Raises ValueError, naming the owner,
    when one of them cannot be sent; then none is entered.
    """
    _refuse_bad_copies(session, copies)
    connection = session.connection()
    stops = suppressions.suppressed(connection, house, [(copy.to_address, scope) for copy in copies])
    going = [copy for copy, stopped in zip(copies, stops, strict=True) if not stopped]
    if not going:
        return [None] * len(copies)
    ids = bulk.fresh_ids(connection, "outbox_email", len(going))
    leaves = leaves_at or now
    rows = [
        (number, copy.ref, copy.to_address, copy.form, forms.own_of(copy.own), entering.message_id(house))
        for number, copy in zip(ids, going, strict=True)
    ]
    at = {"dated_at": leaves.replace(microsecond=0), "next_at": leaves, "created_at": now, "expires_at": expires_at}
    sql.insert(
        connection, "outbox_email", sql.COPY, rows, kind=kind, scope=scope, is_bulk=scope == suppressions.DIGESTS,
        state=PENDING, attempts=0, deferrals=0, uncertains=0,
        **{name: bulk.stamp(connection, instant) for name, instant in at.items()},
    )  # fmt: skip
    given = iter(ids)
    return [None if stopped else next(given) for stopped in stops]


def cancel(session: Session, ref: str, reason: str, now: datetime) -> int:
    """Cancel this owner's mails; how many. What is under way is not tried again (D-16)."""
    mine = select(OutboxEmail).where(OutboxEmail.ref == ref, OutboxEmail.state.in_((PENDING, UNCERTAIN, SENDING)))
    return _cancel(session, mine, reason)


def cancel_mails(session: Session, mail_ids: Sequence[int], reason: str) -> int:
    """The same for these mails, whoever owns them."""
    these = select(OutboxEmail).where(OutboxEmail.id.in_(mail_ids))
    return _cancel(session, these.where(OutboxEmail.state.in_((PENDING, UNCERTAIN, SENDING))), reason)


def _cancel(session: Session, wanted: Select[OutboxEmail], reason: str) -> int:
    rows = session.scalars(wanted.order_by(OutboxEmail.id).with_for_update()).all()
    for row in rows:
        if row.state == SENDING:
            row.withdrawn = reason
        else:
            row.settle(CANCELLED, reason)
    session.flush()
    return len(rows)


def take_back(session: Session, mail_id: int, reason: str) -> bool:
    """Cancel one mail that waits for its hour, and its copies; False when one of them is under way or gone."""
    row = session.get(OutboxEmail, mail_id, with_for_update=True)
    if row is None:
        return False
    copies = select(OutboxEmail).where(OutboxEmail.ref == row.ref, OutboxEmail.copy_of == row.id)
    rows = [row, *session.scalars(copies.order_by(OutboxEmail.id).with_for_update())]
    if any(one.state != PENDING for one in rows):
        return False
    for one in rows:
        one.settle(CANCELLED, reason)
    session.flush()
    return True


def halt(session: Session, ref: str, now: datetime) -> None:
    """Let no digest leave before somebody has looked which of them tell of `ref` (D-13)."""
    session.add(MailHalt(ref=ref, at=now))
    session.flush()


def halts(session: Session) -> list[int]:
    """What digests wait for; to be given to `resume`."""
    return list(session.scalars(select(MailHalt.id)))


def resume(session: Session, ids: Sequence[int]) -> None:
    """It was looked after."""
    session.execute(delete(MailHalt).where(MailHalt.id.in_(ids)))


def repeat(session: Session, mail_id: int, now: datetime) -> bool:
    """Try a mail of unknown outcome once more, because somebody decided so; False when it is none."""
    row = session.get(OutboxEmail, mail_id, with_for_update=True)
    if row is None or row.state != UNCERTAIN or row.expires_at <= now:
        return False
    row.next_at = now
    session.flush()
    return True


def try_again(session: Session, mail_ids: Sequence[int], now: datetime) -> int:
    """Let those of these mails leave once more that certainly did not arrive, because somebody decided so; how many."""
    lost = select(OutboxEmail).where(
        OutboxEmail.id.in_(mail_ids), OutboxEmail.state == FAILED, OutboxEmail.uncertains == 0
    )
    rows = session.scalars(lost.order_by(OutboxEmail.id).with_for_update()).all()
    for row in rows:
        row.expires_at, row.deferrals = max(row.expires_at, now + entering.LIFETIME), 0
        row.wait(now)
    session.flush()
    return len(rows)


def subjects(session: Session, rows: Sequence[OutboxEmail]) -> dict[int, str]:
    """What stands in the subject of each mail."""
    known = forms.load(session, {row.form for row in rows})
    return {
        row.id: message.filled(known[row.form].subject, forms.values_of(row.own)) if row.form in known else ""
        for row in rows
    }


class _Own:
    """Own values, numbered as they come; each is given back as the pieces that stand for it."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def value(self, value: str) -> list[str | int]:
        return [self._number(value)]

    def segments(self, given: Sequence[Segment]) -> list[Segment]:
        return [s if s.shared else Segment(compose.place(self._number(s.text)), False) for s in given]

    def _number(self, value: str) -> int:
        self.values.append(value)
        return len(self.values) - 1


def _refuse_bad_copies(session: Session, copies: Sequence[Copy]) -> None:
    rules = forms.rules(session, {copy.form for copy in copies})
    for copy in copies:
        entering.refuse_bad(rules.get(copy.form), copy.ref, copy.to_address, copy.own)


def _speakable(name: str | None) -> str | None:
    """The display name, or none when it may not stand in a header: the mail matters more than the name."""
    try:
        return header_rules.clean(name.strip()) or None if name else None
    except header_rules.BadHeader:
        return None


def _extra(
    own: _Own, given: Mapping[str, str], in_reply_to: str | None, copied: Sequence[str]
) -> list[tuple[str, Pieces]]:
    thread = {"In-Reply-To": f"<{in_reply_to}>", "References": f"<{in_reply_to}>"} if in_reply_to else {}
    if copied:
        thread["Cc"] = ", ".join(map(addresses.wire, copied))
    named = forms.checked(given)
    return [
        *((name, own.value(value)) for name, value in thread.items()),
        *((name, own.value(value) if name in given else [value]) for name, value in named.items()),
    ]


def _others(address: str, copies_to: Sequence[str]) -> list[str]:
    """Who gets a copy, each once."""
    checked = [addresses.check(one) for one in copies_to]
    return list({one.casefold(): one for one in checked if one.casefold() != address.casefold()}.values())


def _enclosed(session: Session, now: datetime, own: _Own, attachments: Sequence[Attachment]) -> list[forms.File]:
    if sum(len(one.content) for one in attachments) > MOST_ATTACHED:
        raise ValueError(f"files of more than {MOST_ATTACHED} bytes")
    return [(own.value(one.name), one.media_type, blocks.keep_file(session, now, one.content)) for one in attachments]


def _copy(
    session: Session, house: House, now: datetime, mail: entering.Row, mail_id: int, form: Form, values: Sequence[str],
    address: str,
) -> None:  # fmt: skip
    """The mail once more, for somebody who is named in Cc."""
    thread = next((message.filled(said, values) for name, said in form.headers if name == "References"), "")
    headers = [
        ("References", [len(values) + 1]),
        *((name, said) for name, said in form.headers if name != "References"),
    ]  # fmt: skip
    copy = entering.row(
        house, now, kind=mail.kind, ref=mail.ref, to_address=address, scope=mail.scope, to_name=mail.to_name,
        leaves_at=mail.next_at, expires_at=mail.expires_at, copy_of=mail_id,
    )  # fmt: skip
    addressed = replace(form, to=[len(values)], headers=headers)
    own = [*values, mail.to_address, f"{thread} <{mail.message_id}>".strip()]
    entering.enter(session, copy, addressed, forms.put(session, now, addressed), own)
