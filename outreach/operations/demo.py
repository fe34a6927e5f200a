"""Examples to try the desk with: plainly fictional, marked by their address, and gone again with one command.

They go through the same verbs as real ones. Their mails are cancelled, so that nothing leaves for anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach import audit
from outreach.accounts import queries as accounts
from outreach.contacts import filing
from outreach.contacts.duplicates import merging
from outreach.contacts.models import ContactAddress, Organisation, Person
from outreach.digests.models import DigestItem, DigestRecipient
from outreach.house import House
from outreach.inquiries import casework, intake
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.deadlines import Deadline, Typed
from outreach.inquiries.files import keeping as files
from outreach.inquiries.intake import Submission
from outreach.inquiries.models import Inquiry
from outreach.language import Variant
from outreach.mail import outbox
from outreach.mail.models import OutboxEmail
from outreach.serbian import fold
from outreach.subscriptions import optin
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import EVERYTHING, ConfirmationMail, Consent, Subscriber, Subscription

DOMAIN = "demo.example.org"


@dataclass(frozen=True)
class Example:
    """One inquiry: who, what, in which variant, how long ago and due in how long; the step the desk has taken."""

    who: str
    outlet: str
    subject: str
    questions: str
    need: str
    variant: Variant
    ago: timedelta
    due_in: timedelta | None
    step: str = ""

    @property
    def address(self) -> str:
        return f"{fold(self.who.split(',')[0]).replace(' ', '-')}@{DOMAIN}"


def _h(hours: float) -> timedelta:
    return timedelta(hours=hours)


EXAMPLES = (
    Example("Radio reporter, example", "Radio (example)", "Legal basis of KFOR, one sentence",
            "Which resolution is the basis of KFOR?", "check", Variant.EN, _h(3), _h(-0.5), "accepted"),
    Example("Daily reporter, example", "Daily (example)", "Surplus ammunition: progress and cost",
            "How much of the 2,000 tonnes has been destroyed so far?\nWho pays, and how much?\nWhen will it end?",
            "quote", Variant.EN, _h(5), _h(1.5), "accepted"),
    Example("Novinar nedeljnika, primer", "Nedeljnik (primer)", "Poverenički fondovi: ukupan iznos",
            "Koliko je ukupno uloženo?\nU kojoj valuti?", "quote", Variant.LAT, _h(2), _h(3), "contact"),
    Example("Television producer, example", "Television (example)", "Interview on the training centre in Kruševac",
            "Who can speak about the centre on camera?", "interview", Variant.EN, _h(0.7), _h(21)),
    Example("Уредник портала, пример", "Портал (пример)", "Сеизмичке карте региона",
            "Ко сме да објави карте?\nКако се наводи извор?", "material", Variant.CIR, _h(26), _h(45), "contact"),
    Example("Picture desk, example", "Agency (example)", "Photo of the demining robot",
            "May we print a photograph of the robot?", "material", Variant.EN, _h(0.2), _h(52)),
    Example("Freelance writer, example", "freelance", "Long read on scientific cooperation since 2007",
            "Which institutes have taken part?", "background", Variant.EN, _h(70), None),
)  # fmt: skip


def load(session: Session, house: House, now: datetime) -> str:
    """Add the examples, once; says what was added."""
    if session.scalar(_inquiries().limit(1)) is not None:
        return "The examples are there already."
    officers = accounts.active_with_role(session, "officer")
    officer_id = officers[0].id if officers else None
    people = sum(_ask(session, house, now, example, place, officer_id) for place, example in enumerate(EXAMPLES))
    readers = [_subscribe(session, house, now, variant, place) for place, variant in enumerate(Variant)]
    audit.record(session, now, "demo.loaded", "demo", inquiries=len(EXAMPLES), subscribers=len(readers))
    return f"Added {len(EXAMPLES)} inquiries, {people} contacts and {len(readers)} subscribers, all at {DOMAIN}."


def clear(session: Session, house: House, now: datetime) -> str:
    """Remove every example with all that hangs on it; the audit keeps its own entries."""
    inquiries = list(session.scalars(_inquiries()))
    refs = [inquiry.ref for inquiry in inquiries]
    session.execute(delete(Clearance).where(Clearance.inquiry_id.in_([inquiry.id for inquiry in inquiries])))
    for inquiry in inquiries:
        files.drop(session, house, inquiry, [file.key for file in files.every(session, inquiry)])
        session.delete(inquiry)
    session.flush()
    _forget_people(session, now)
    _forget_outlets(session)
    gone = _forget_subscribers(session)
    session.execute(delete(OutboxEmail).where(or_(_at_demo(OutboxEmail.to_address), OutboxEmail.ref.in_(refs))))
    audit.record(session, now, "demo.cleared", "demo", inquiries=len(inquiries), subscribers=gone)
    return f"Removed {len(inquiries)} inquiries with their contacts, and {gone} subscribers."


def _forget_people(session: Session, now: datetime) -> None:
    people = set(session.scalars(select(Person).join(Person.addresses).where(_at_demo(ContactAddress.folded))))
    people.update(session.scalars(select(Person).where(Person.survivor_id.in_([person.id for person in people]))))
    ids = [person.id for person in people]
    for person in people:
        person.ended_at = now
    filing.refile(session, ids)  # what is kept beside a record goes when it ends
    merging.forget(session, ids)
    for person in people:
        session.delete(person)
    session.flush()


def _ask(session: Session, house: House, now: datetime, example: Example, place: int, officer_id: int | None) -> bool:
    """File an example and take its step, which needs somebody on the desk; whether a contact was made of it."""
    asked_at = now - example.ago
    due = now + example.due_in if example.due_in is not None else None
    zone = house.office.zone.key
    said = Submission(
        needs=(example.need,),
        subject=example.subject,
        questions=example.questions,
        typed=Typed(choice="day" if due else "none", zone=zone),
        deadline=Deadline(due, zone, "", "day" if due else "none"),
        name=example.who,
        outlet=example.outlet,
        email=example.address,
        variant=example.variant,
        reply_in=example.variant.segment,
    )
    received = intake.receive(session, house, asked_at, said, f"demo-{place}", None, f"demo {place}").inquiry
    inquiry = casework.open_case(session, received.reference)
    if example.step and officer_id is not None:
        casework.accept(session, house, asked_at + _h(0.1), inquiry, officer_id)
    outbox.cancel(session, inquiry.ref, "example", now)
    if example.step != "contact" or officer_id is None:
        return False
    casework.make_contact(session, house, now, inquiry, officer_id)
    return True


def _subscribe(session: Session, house: House, now: datetime, variant: Variant, place: int) -> Subscriber:
    address = f"reader-{variant.segment}@{DOMAIN}"
    hour = f"{house.office.default_hour:%H:%M}"
    choice = Choice((EVERYTHING,), "daily" if place else "immediately", hour, variant)
    optin.request(session, house, now, address=address, choice=choice, shown=variant, source="demo")
    session.flush()
    subscriber = session.scalars(select(Subscriber).where(Subscriber.address == address)).one()
    consent = session.scalars(select(Consent.id).where(Consent.subscriber_id == subscriber.id)).one()
    optin.confirm(session, now, consent)
    outbox.cancel(session, subscriber.ref, "example", now)
    return subscriber


def _inquiries() -> Select[Inquiry]:
    return select(Inquiry).where(_at_demo(Inquiry.email))


def _at_demo(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return func.lower(column).like(f"%@{DOMAIN}")


def _forget_outlets(session: Session) -> None:
    """Outlets that the examples brought and nobody else is with."""
    brought = {example.outlet for example in EXAMPLES}
    for outlet in session.scalars(select(Organisation).where(Organisation.name.in_(brought))):
        if not outlet.affiliations:
            session.delete(outlet)


def _forget_subscribers(session: Session) -> int:
    ids = list(session.scalars(select(Subscriber.id).where(_at_demo(Subscriber.address))))
    consents = select(Consent.id).where(Consent.subscriber_id.in_(ids))
    session.execute(delete(DigestItem).where(DigestItem.subscriber_id.in_(ids)))
    session.execute(delete(DigestRecipient).where(DigestRecipient.subscriber_id.in_(ids)))
    session.execute(delete(ConfirmationMail).where(ConfirmationMail.consent_id.in_(consents)))
    session.execute(delete(Consent).where(Consent.subscriber_id.in_(ids)))
    session.execute(delete(Subscription).where(Subscription.subscriber_id.in_(ids)))
    session.execute(delete(Subscriber).where(Subscriber.id.in_(ids)))
    return len(ids)
