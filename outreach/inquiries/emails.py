"""The mails of an inquiry, each put into the outbox in the transaction of what caused it.

Receipt and link carry no word that the requester typed (M-18); the alert carries the reference and a link (M-22).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach import language
from outreach.house import House
from outreach.inquiries import links, terms
from outreach.inquiries.duty import emails as staff
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.language import Variant, mark
from outreach.mail import compose, outbox

NEW_INQUIRY = mark("A new inquiry is waiting")
NEW_WORDS = mark("There are new words on an inquiry")
WITHDRAWN = mark("An inquiry was withdrawn.")


def page_variant(inquiry: Inquiry) -> Variant:
    """The variant of the page that the journalist used."""
    return Variant.of(inquiry.variant)


def reply_variant(inquiry: Inquiry) -> Variant:
    """The variant the journalist wants the answer in."""
    return page_variant(inquiry) if inquiry.reply_in == "any" else Variant.of(inquiry.reply_in)


def deadline_words(inquiry: Inquiry, variant: Variant) -> str:
    if inquiry.deadline_at is None:
        return language.text(variant, "No fixed deadline")
    return language.deadline(variant, inquiry.deadline_at, ZoneInfo(inquiry.deadline_zone))


def send_receipt(session: Session, house: House, now: datetime, inquiry: Inquiry) -> None:
    """To the journalist: reference, deadline, status link. Its Message-ID begins the thread of all later mails."""
    variant = page_variant(inquiry)
    words = compose.render(
        house, "inquiry_receipt", variant, reference=inquiry.reference, deadline=deadline_words(inquiry, variant),
        link=links.status_url(house, inquiry, variant),
    )  # fmt: skip
    row = outbox.enqueue(
        session, house, now, kind="inquiry_receipt", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words,
    )  # fmt: skip
    inquiry.mail_thread = row.message_id if row else None


def send_alert(
    session: Session, house: House, now: datetime, inquiry: Inquiry, what: str, to_address: str | None = None
) -> None:
    """To the officer on duty, or to ``to_address``: what happened, the reference, a link to the workspace."""
    to = staff.at(session, to_address) if to_address else staff.on_duty(session, house, now)
    staff.tell(
        session, house, now, to, what, ref=inquiry.ref, reference=inquiry.reference,
        path=f"/desk/inquiries/{inquiry.reference}",
    )  # fmt: skip


def send_link(session: Session, house: House, now: datetime, inquiry: Inquiry, variant: Variant) -> None:
    """To the journalist who lost it: the status link again."""
    words = compose.render(
        house, "inquiry_link", variant, reference=inquiry.reference, link=links.status_url(house, inquiry, variant)
    )
    outbox.enqueue(
        session, house, now, kind="inquiry_link", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words, in_reply_to=inquiry.mail_thread,
    )  # fmt: skip


def send_reminder(session: Session, house: House, now: datetime, inquiry: Inquiry) -> None:
    """To the journalist who owes us a word, once: we still wait, and the deadline does not move."""
    variant = page_variant(inquiry)
    words = compose.render(
        house, "inquiry_reminder", variant, reference=inquiry.reference, deadline=deadline_words(inquiry, variant),
        link=links.status_url(house, inquiry, variant),
    )  # fmt: skip
    outbox.enqueue(
        session, house, now, kind="inquiry_reminder", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words, in_reply_to=inquiry.mail_thread,
    )  # fmt: skip


def send_accepted(session: Session, house: House, now: datetime, inquiry: Inquiry, officer: str) -> None:
    """To the journalist: who has the inquiry, and until when."""
    variant = page_variant(inquiry)
    words = compose.render(
        house, "inquiry_accepted", variant, reference=inquiry.reference, officer=officer,
        deadline=deadline_words(inquiry, variant) if inquiry.deadline_at else None,
        link=links.status_url(house, inquiry, variant),
    )  # fmt: skip
    outbox.enqueue(
        session, house, now, kind="inquiry_accepted", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words, in_reply_to=inquiry.mail_thread,
    )  # fmt: skip


def send_reply(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, officer: str
) -> None:
    """To the journalist, always, from a person: the term in bold, our words, the answers per question, attribution."""
    variant = reply_variant(inquiry)
    words = compose.render(
        house, "inquiry_answer" if message.answers or message.terms else "inquiry_reply", variant,
        reference=inquiry.reference, officer=officer, body=message.body, answers=message.answers,
        terms=message.terms and terms.TERMS[message.terms], meaning=message.terms and terms.TERMS_MEAN[message.terms],
        attribution=message.attribution, link=links.status_url(house, inquiry, variant),
    )  # fmt: skip
    row = outbox.enqueue(
        session, house, now, kind="inquiry_answer" if message.terms else "inquiry_reply", ref=inquiry.ref,
        to_address=inquiry.email, variant=variant, words=words, headers={"Auto-Submitted": "no"},
        in_reply_to=inquiry.mail_thread, scope="always",
    )  # fmt: skip
    if row is not None and inquiry.mail_thread is None:
        inquiry.mail_thread = row.message_id
