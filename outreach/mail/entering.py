"""One row of the outbox: what it has besides its words, and what may stand in it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.mail import addresses, forms, message, suppressions
from outreach.mail import headers as header_rules
from outreach.mail.forms import Form, Rule
from outreach.mail.models import PENDING, OutboxEmail
from outreach.prepared import Prepared

LIFETIME = timedelta(hours=48)

_PRINTABLE = re.compile(r"[!-~]{0,200}").fullmatch


class Row(NamedTuple):
    """What a row of the outbox has besides its words, by the names of its columns."""

    kind: str
    ref: str
    scope: str
    is_bulk: bool
    state: str
    to_address: str
    to_name: str | None
    message_id: str
    dated_at: datetime
    created_at: datetime
    next_at: datetime
    expires_at: datetime
    copy_of: int | None


def row(
    house: House, now: datetime, *, kind: str, ref: str, to_address: str, scope: str, to_name: str | None = None,
    leaves_at: datetime | None = None, expires_at: datetime | None = None, copy_of: int | None = None,
) -> Row:  # fmt: skip
    """A mail that waits, still without words."""
    leaves = leaves_at or now
    return Row(
        kind=kind, ref=ref, scope=scope, is_bulk=scope == suppressions.DIGESTS, state=PENDING, to_address=to_address,
        to_name=to_name, message_id=message_id(house), dated_at=leaves.replace(microsecond=0), created_at=now,
        next_at=leaves, expires_at=expires_at or leaves + LIFETIME, copy_of=copy_of,
    )  # fmt: skip


def enter(session: Session, mail: Row, form: Form, name: str, values: Sequence[str]) -> int:
    """Add the row, of the form of this name; its id. A value that cannot be sent is refused here, not at night."""
    message.stitch(forms.letter(form, values, None, mail, mail.dated_at))
    return _add(session, mail, name, values)


def enter_by_rule(session: Session, mail: Row, rule: Rule, name: str, values: Sequence[str]) -> int:
    """The same for a form that many mails have, of which is known what it asks."""
    refuse_bad(rule, mail.ref, mail.to_address, values)
    return _add(session, mail, name, values)


def _add(session: Session, mail: Row, name: str, values: Sequence[str]) -> int:
    return int(_ROW.scalar(session, **mail._asdict(), form=name, own=forms.own_of(values)))


_ROW = Prepared(insert(OutboxEmail).returning(OutboxEmail.id))


def refuse_bad(rule: Rule | None, ref: str, address: str, own: Sequence[str]) -> None:
    """Raise ValueError, naming the owner, for a mail of a form with this rule that cannot be sent."""
    if rule is None or len(own) != rule.places:
        raise ValueError(f"{ref}: no such form, or not as many own values as it has places")
    if not all(_PRINTABLE(own[number]) and "=?" not in own[number] for number in rule.in_head):
        raise ValueError(f"{ref}: an own value that cannot stand in a header")
    for number in rule.in_subject:
        header_rules.clean(own[number])
    if not addresses.is_plain(address) and addresses.check(address) != address:
        raise ValueError(f"{ref}: not an address as it is kept")


def message_id(house: House) -> str:
    """A fresh one, without its angle brackets."""
    return f"{secrets.token_hex(16)}@{house.settings.mail_from.rpartition('@')[2]}"
