"""operations/demo.py: examples come once, are marked, send nothing, and go without a trace in the rooms."""

from __future__ import annotations

from sqlalchemy import func, select

from outreach import clock
from outreach.contacts.duplicates import merging
from outreach.contacts.models import Organisation, Person
from outreach.house import House
from outreach.inquiries import presence
from outreach.inquiries.clearance import asking, matters
from outreach.inquiries.clearance.asking import Approver
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.desk_models import Presence
from outreach.inquiries.models import Inquiry
from outreach.mail.models import OutboxEmail
from outreach.operations import demo
from outreach.subscriptions.models import Subscriber


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def load(house: House) -> str:
    with house.db.transaction() as session:
        return demo.load(session, house, clock.now())


def test_examples_come_once_and_none_of_their_mails_leaves(house: House, an_officer: int) -> None:
    assert load(house).startswith("Added")
    assert load(house) == "The examples are there already."
    with house.db.read() as session:
        assert count(session, Inquiry) == len(demo.EXAMPLES)
        assert count(session, Person) == 2
        assert count(session, Subscriber) == 3
        assert set(session.scalars(select(OutboxEmail.state))) == {"cancelled"}
        assert all(address.endswith(demo.DOMAIN) for address in session.scalars(select(Inquiry.email)))


def test_clear_removes_every_example_and_what_was_asked_about_it(house: House, an_officer: int) -> None:
    load(house)
    with house.db.transaction() as session:
        for inquiry in session.scalars(select(Inquiry).where(Inquiry.state == "accepted")):
            chief = Approver("Chief", f"chief@{demo.DOMAIN}")
            inquiry.draft = {"body": "Good day,"}
            asking.ask(session, house, clock.now(), [matters.of_inquiry(inquiry)], [chief], an_officer)
            presence.arrive(session, clock.now(), inquiry, an_officer, "body")
    with house.db.transaction() as session:
        first, second = session.scalars(select(Person.id).order_by(Person.id).limit(2))
        merging.merge(session, clock.now(), first, second, versions=(1, 1), choices={}, actor_id=an_officer)
    with house.db.transaction() as session:
        demo.clear(session, house, clock.now())
    with house.db.read() as session:
        assert [count(session, table) for table in (Inquiry, Person, Organisation, Subscriber, OutboxEmail)] == [0] * 5
        assert [count(session, table) for table in (Clearance, Presence)] == [0, 0]
    assert load(house).startswith("Added")
