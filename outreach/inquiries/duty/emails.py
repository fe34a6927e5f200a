"""Mails to staff, in the language of the one who gets them: reference and link, never what somebody wrote (M-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries.duty import rota
from outreach.language import Variant
from outreach.mail import compose, outbox, standing


@dataclass(frozen=True)
class Receiver:
    """Where a mail to staff goes, and in which language."""

    address: str
    variant: Variant

    @classmethod
    def of(cls, account: Account) -> Receiver:
        return cls(account.email, Variant.of(account.variant))


def on_duty(session: Session, house: House, now: datetime) -> Receiver:
    """The officer on duty; when the rota names nobody, the duty address of the settings."""
    account = rota.on_duty(session, now)
    return Receiver.of(account) if account else Receiver(house.settings.duty_address, Variant.EN)


def at(session: Session, address: str) -> Receiver:
    """This address, in the language of its account if there is one."""
    account = accounts.by_email(session, address)
    return Receiver.of(account) if account else Receiver(address, Variant.EN)


def holder(session: Session, house: House, now: datetime, account_id: int | None) -> Receiver:
    """The account if it can sign in, else the officer on duty."""
    account = session.get(Account, account_id) if account_id else None
    return Receiver.of(account) if account and account.active else on_duty(session, house, now)


def tell(
    session: Session, house: House, now: datetime, to: Receiver, what: str, *, ref: str, reference: str, path: str
) -> None:
    """One sentence, one reference, one link to the desk."""
    standing.enqueue(
        session, house, now, "inquiry_alert", to.variant, {"reference": reference, "link": house.url(path)}, what=what,
        kind="inquiry_alert", ref=ref, to_address=to.address, scope="always",
    )  # fmt: skip


def send_handover(session: Session, house: House, now: datetime, to: Receiver, ref: str, **lists: Any) -> None:
    """What the next shift takes over: references and deadlines only; `lists` as the template names them."""
    link = house.url("/desk/handover")
    words = compose.render(house, "shift_handover", to.variant, now=now, link=link, **lists)
    outbox.enqueue(
        session, house, now, kind="shift_handover", ref=ref, to_address=to.address, variant=to.variant, words=words,
        scope="always",
    )  # fmt: skip
