"""The mails of an inquiry, each put into the outbox in the transaction of what caused it.

Receipt and link carry no word that the requester typed (M-18); the alert carries the reference and a link (M-22).
An inquiry that was logged from a call may have no address; then nothing is sent.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach import language
from outreach.house import House
from outreach.inquiries import links, terms
from outreach.inquiries.clearance import links as clearance_links
from outreach.inquiries.clearance.matters import Matter
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.duty import calendar_files
from outreach.inquiries.duty import emails as staff
from outreach.inquiries.files import keeping
from outreach.inquiries.models import MAIL, Inquiry, InquiryMessage
from outreach.inquiries.released import codes
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.language import Variant, mark
from outreach.mail import compose, outbox, standing
from outreach.mail.models import OutboxEmail

NEW_INQUIRY = mark("A new inquiry is waiting")
NEW_WORDS = mark("There are new words on an inquiry")
WITHDRAWN = mark("An inquiry was withdrawn.")
HANDED_OVER = mark("An inquiry was handed over to you")
CLEARANCE_DECIDED = mark("An approver has decided")


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
    """To the journalist: reference, deadline, status link, the deadline as a calendar file. Its Message-ID begins the
    thread of all later mails, unless a mail of the journalist's began it."""
    if not inquiry.email:
        return
    begun = inquiry.mail_thread if inquiry.source == MAIL else None
    variant = page_variant(inquiry)
    values = {
        "reference": inquiry.reference, "deadline": deadline_words(inquiry, variant),
        "link": links.status_url(house, inquiry, variant), **calendar_files.values_of(inquiry),
    }  # fmt: skip
    has_date = inquiry.deadline_at is not None
    message_id = standing.enqueue(
        session, house, now, "inquiry_receipt", variant, values, kind="inquiry_receipt", ref=inquiry.ref,
        to_address=inquiry.email, reply_to=links.reply_address(house, inquiry), in_reply_to=begun,
        what="dated" if has_date else "",
        file=partial(calendar_files.deadline_with, house, variant) if has_date else None,
    )  # fmt: skip
    inquiry.mail_thread = begun or message_id


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
    if not inquiry.email:
        return
    words = compose.render(
        house, "inquiry_link", variant, reference=inquiry.reference, link=links.status_url(house, inquiry, variant)
    )
    outbox.enqueue(
        session, house, now, kind="inquiry_link", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words, reply_to=links.reply_address(house, inquiry), in_reply_to=inquiry.mail_thread,
    )  # fmt: skip


def send_reminder(session: Session, house: House, now: datetime, inquiry: Inquiry) -> None:
    """To the journalist who owes us a word, once: we still wait, and the deadline does not move."""
    if not inquiry.email:
        return
    variant = page_variant(inquiry)
    words = compose.render(
        house, "inquiry_reminder", variant, reference=inquiry.reference, deadline=deadline_words(inquiry, variant),
        link=links.status_url(house, inquiry, variant),
    )  # fmt: skip
    outbox.enqueue(
        session, house, now, kind="inquiry_reminder", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words, reply_to=links.reply_address(house, inquiry), in_reply_to=inquiry.mail_thread,
    )  # fmt: skip


def send_accepted(session: Session, house: House, now: datetime, inquiry: Inquiry, officer: str) -> None:
    """To the journalist: who has the inquiry, and until when."""
    if not inquiry.email:
        return
    variant = page_variant(inquiry)
    words = compose.render(
        house, "inquiry_accepted", variant, reference=inquiry.reference, officer=officer,
        deadline=deadline_words(inquiry, variant) if inquiry.deadline_at else None,
        link=links.status_url(house, inquiry, variant),
    )  # fmt: skip
    outbox.enqueue(
        session, house, now, kind="inquiry_accepted", ref=inquiry.ref, to_address=inquiry.email, variant=variant,
        words=words, reply_to=links.reply_address(house, inquiry), in_reply_to=inquiry.mail_thread,
    )  # fmt: skip


def send_reply(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, officer: str
) -> OutboxEmail | None:
    """To the journalist, always, from a person: the term in bold, our words, the answers per question, attribution.

    An answer on the record carries the code by which anybody can check a quote of it.
    """
    if not inquiry.email:
        return None
    variant = reply_variant(inquiry)
    words = compose.render(
        house, "inquiry_answer" if message.answers or message.terms else "inquiry_reply", variant,
        reference=inquiry.reference, officer=officer, body=message.body, answers=message.said,
        terms=message.terms and terms.TERMS[message.terms], meaning=message.terms and terms.TERMS_MEAN[message.terms],
        other_terms={term: words for term, words in terms.TERMS.items() if term != message.terms},
        attribution=message.attribution, link=links.status_url(house, inquiry, variant),
        codes=codes.in_a_mail(session, inquiry, message), check=house.url("/check/"),
    )  # fmt: skip
    kind = "inquiry_answer" if message.terms else "inquiry_reply"
    return _post(session, house, now, inquiry, message, words, kind)


def send_correction(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, old: ReleasedAnswer,
    officer: str,
) -> None:  # fmt: skip
    """To the journalist who holds an answer that is right no more: why, what we said, what we say now."""
    if not inquiry.email:
        return
    variant = reply_variant(inquiry)
    words = compose.render(
        house, "inquiry_correction", variant, reference=inquiry.reference, officer=officer, notice=message.body,
        question=old.question, old=old.text, new=message.answers[0][1], said_at=old.released_at,
        terms=terms.TERMS[old.terms], meaning=terms.TERMS_MEAN[old.terms], attribution=old.attribution,
        link=links.status_url(house, inquiry, variant), codes=codes.in_a_mail(session, inquiry, message),
        check=house.url("/check/"),
    )  # fmt: skip
    _post(session, house, now, inquiry, message, words, "inquiry_correction")


def _post(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, words: compose.Words,
    kind: str,
) -> OutboxEmail | None:  # fmt: skip
    """Into the thread of the inquiry, from a person, not before the message may leave."""
    own = keeping.every(session, inquiry) if message.file_ids else []
    row = outbox.enqueue(
        session, house, now, kind=kind, ref=inquiry.ref, to_address=inquiry.email, variant=reply_variant(inquiry),
        words=words, headers={"Auto-Submitted": "no"}, reply_to=links.reply_address(house, inquiry),
        in_reply_to=inquiry.mail_thread, scope="always", copies_to=message.copies_to,
        attachments=keeping.attachments(house, [file for file in own if file.id in message.file_ids]),
        leaves_at=message.leaves_at,
    )  # fmt: skip
    message.outbox_id = row.id if row else None
    if row is not None and inquiry.mail_thread is None:
        inquiry.mail_thread = row.message_id
    return row


def send_clearance_request(
    session: Session, house: House, now: datetime, matter: Matter, row: Clearance, variant: str
) -> None:
    """To an approver: the question, the proposed words, by when, and a link to decide; nothing about who asked us."""
    shown = Variant.of(variant)
    page = house.url(f"/desk/clearances/{row.id}") if row.approver_id else clearance_links.url(house, row, shown)
    needed = language.deadline(shown, row.latest_at, house.office.zone) if row.latest_at else None
    words = compose.render(
        house, "clearance_request", shown, question=matter.question.text if matter.question else None,
        parts=matter.parts, needed=needed, link=page,
    )  # fmt: skip
    outbox.enqueue(
        session, house, now, kind="clearance_request", ref=matter.ref, to_address=row.approver_email, variant=shown,
        words=words, scope="always",
    )  # fmt: skip


def send_clearance_decided(
    session: Session, house: House, now: datetime, matter: Matter, to_address: str | None
) -> None:
    """To whoever asked, or to the officer on duty: somebody has decided; which way, the desk's page says."""
    to = staff.at(session, to_address) if to_address else staff.on_duty(session, house, now)
    named = matter.named(to.variant)
    staff.tell(session, house, now, to, CLEARANCE_DECIDED, ref=matter.ref, reference=named, path=matter.path)
