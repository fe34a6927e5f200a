"""What is forgotten: at the subscriber's request at once, by itself in time; and what a refusal leaves behind."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach.contacts import intake
from outreach.contacts.card.models import CardRequest
from outreach.contacts.models import Person
from outreach.house import House
from outreach.language import Variant
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail, Suppression
from outreach.subscriptions import erasure, jobs, limits, optin
from outreach.subscriptions.models import (
    AddressChange,
    ConfirmationMail,
    Consent,
    ListImport,
    Subscriber,
    Subscription,
)
from tests.digests.givens import MONDAY, ledger, mails, opened, planned, published, stopped, subscribed, wish
from tests.subscriptions.visits import everything, links_of, posted, private_page, rows_of

MARKED = "marked.reader+tag@example.org"
HEADINGS = {"en": "You have been deleted", "lat": "Obrisani ste", "cir": "Обрисани сте"}


def erased(house, moment, reader):
    with house.db.transaction() as session:
        erasure.erase(session, house, moment.now(), reader)


@pytest.mark.parametrize("variant", [Variant.EN, Variant.LAT, Variant.CIR])
def test_p14_delete_me_entirely_leaves_no_trace_of_the_address(client, house, moment, mailbox, variant):
    opened(house, moment)
    reader = subscribed(house, MARKED, wish(variant=variant))
    moment.moves(minutes=10)
    published(house, "one")
    moment.is_at(MONDAY + timedelta(hours=7, minutes=1))
    planned(house)
    path = private_page(client, house, mailbox, reader, MARKED)
    client.submit(client.get(path), "/address", address="marked.new@example.org")
    assert "marked" in everything(house)
    page = client.submit(client.get(path), "/delete")
    assert page.h1 == HEADINGS[variant.segment]
    left = everything(house)
    assert "marked" not in left
    assert "/mine/" not in left
    assert [rows_of(house, table) for table in (Consent, Subscription, AddressChange)] == [[], [], []]
    [subscriber] = rows_of(house, Subscriber)
    assert (subscriber.address, subscriber.address_hash, subscriber.ended_reason) == (None, None, "erased")
    assert client.post(f"{path}/delete").h1 == HEADINGS[variant.segment], "pressing it again is no error"


def test_p06_whoever_is_a_press_contact_too_asks_the_office_to_be_erased_there(client, officer, house, moment, mailbox):
    moment.is_at(MONDAY)
    with house.db.transaction() as session:
        for name, address in (("Ana Marić", MARKED.upper()), ("Marko Ilić", "marko@example.org")):
            intake.from_inquiry(
                session, house, MONDAY, name=name, outlet="", email=address, phone=None, channels=[], language="en",
                actor_id=None,
            )  # fmt: skip
    path = private_page(client, house, mailbox, subscribed(house, MARKED), MARKED)
    for _ in range(2):
        page = client.post(f"{path}/delete")
    assert "the office has just been asked to erase you there too" in page.words
    assert "1 asked on a card" in officer.get("/desk/").words
    assert "Ana Marić : to be erased" in officer.get("/desk/contacts/requests").words
    with house.db.read() as session:
        asked = session.execute(select(CardRequest.kind, Person.name).join(Person)).all()
    assert [tuple(row) for row in asked] == [("erasure", "Ana Marić")]


def test_p07_what_stays_is_a_keyed_hash_with_date_and_reason(house, moment):
    moment.is_at(MONDAY)
    erased(house, moment, subscribed(house))
    [row] = rows_of(house, Suppression)
    assert (row.scope, row.reason) == ("digests", "erased")
    assert row.address_hash == house.address_hash("reader@example.org")
    other = dataclasses.replace(
        house, settings=dataclasses.replace(house.settings, address_pepper="another pepper of 32 letters or more")
    )
    assert other.address_hash("reader@example.org") != row.address_hash
    assert set(Suppression.__table__.columns.keys()) == {"id", "address_hash", "scope", "reason", "at"}


def test_d16_nothing_leaves_after_an_erasure(house, moment, mailbox):
    opened(house, moment)
    reader = subscribed(house)
    mailbox.deliver()
    moment.moves(minutes=10)
    published(house, "one")
    moment.is_at(MONDAY + timedelta(hours=7, minutes=1))
    planned(house)
    erased(house, moment, reader)
    assert {mail.state for mail in mails(house)} == {"cancelled"}
    moment.moves(days=2)
    planned(house)
    assert len(mailbox.all()) == 1
    assert None in ledger(house), "the ledger still counts a copy, for nobody"


def test_a_mail_that_is_leaving_keeps_its_address_until_it_has_left(house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    with house.db.transaction() as session:
        mail = session.get_one(OutboxEmail, 1)
        mail.state = "sending"
    erased(house, moment, reader)
    [mail] = rows_of(house, OutboxEmail)
    assert (mail.to_address, mail.withdrawn) == ("reader@example.org", "stopped")
    with house.db.transaction() as session:
        session.get_one(OutboxEmail, 1).settle("accepted")
    moment.moves(hours=1)
    jobs.forget_unconfirmed(house)
    assert "reader@example.org" not in everything(house)


def test_one_who_was_deleted_may_subscribe_again_and_is_mailed_again(client, house, moment, mailbox):
    opened(house, moment)
    erased(house, moment, subscribed(house))
    moment.moves(hours=1)
    again = subscribed(house)
    assert rows_of(house, Suppression) == []
    moment.moves(minutes=10)
    published(house, "one")
    moment.is_at(MONDAY + timedelta(hours=7, minutes=1))
    planned(house)
    assert [mail.state for mail in mails(house)] == ["pending"]
    with house.db.read() as session:
        assert session.get_one(Subscriber, again).is_live


def test_asking_alone_lifts_no_refusal_and_a_complaint_is_not_lifted_at_all(house, moment):
    moment.is_at(MONDAY)
    erased(house, moment, subscribed(house))
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "angry@example.org", "digests", "complaint", moment.now())
    moment.moves(hours=1)
    for address, answer in (("reader@example.org", "sent"), ("angry@example.org", "suppressed")):
        with house.db.transaction() as session:
            asked = optin.request(
                session, house, moment.now(), address=address, choice=wish(), shown=Variant.EN, source="/en/subscribe"
            )
        assert asked == answer
    assert sorted(row.reason for row in rows_of(house, Suppression)) == ["complaint", limits.ERASED]


def test_an_erasure_keeps_a_wider_refusal_as_it_is(house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "reader@example.org", "all", "complaint", moment.now())
    erased(house, moment, reader)
    [row] = rows_of(house, Suppression)
    assert (row.scope, row.reason) == ("all", "complaint")


def test_an_erasure_drops_uploaded_lists_that_hold_the_address(house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    with house.db.transaction() as session:
        for content in ("address\nREADER@example.org", "address\nother@example.org"):
            session.add(
                ListImport(
                    file_name="x", content_hash="", content=content, proof="", variant="en", uploaded_at=moment.now()
                )
            )
    erased(house, moment, reader)
    first, second = rows_of(house, ListImport)
    assert (first.state, first.content) == ("discarded", None)
    assert (second.state, second.content is None) == ("looked at", False)


def test_p03_the_address_goes_28_days_after_the_last_subscription_ended(house, moment, mailbox):
    moment.is_at(MONDAY)
    kept, gone = subscribed(house, "kept@example.org"), subscribed(house, MARKED)
    mailbox.deliver()
    stopped(house, gone)
    moment.moves(days=27, hours=23)
    jobs.forget_unconfirmed(house)
    assert MARKED in everything(house)
    moment.moves(hours=1, minutes=1)
    jobs.forget_unconfirmed(house)
    assert "marked" not in everything(house)
    assert len([row for row in rows_of(house, Consent) if row.subscriber_id == gone]) == 1, (
        "the proof stays, for nobody"
    )
    with house.db.read() as session:
        assert session.get_one(Subscriber, kept).address == "kept@example.org"
    before = everything(house)
    jobs.forget_unconfirmed(house)
    assert everything(house) == before
    moment.moves(hours=1)
    assert subscribed(house, MARKED) not in (kept, gone), "who comes back begins anew"


def test_p03_one_who_asks_again_before_the_28_days_are_over_is_not_forgotten(house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    stopped(house, reader)
    moment.moves(days=27)
    with house.db.transaction() as session:
        optin.request(
            session, house, moment.now(), address="reader@example.org", choice=wish(), shown=Variant.EN, source="x"
        )
    moment.moves(days=2)
    jobs.forget_unconfirmed(house)
    assert rows_of(house, Subscriber)[0].address == "reader@example.org"
    moment.moves(days=6)
    jobs.forget_unconfirmed(house)
    assert rows_of(house, Subscriber)[0].address is None
    assert {row.state for row in rows_of(house, Subscription)} == {"ended"}


def test_links_and_uploads_that_have_run_out_are_forgotten(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    path = private_page(client, house, mailbox, subscribed(house))
    client.submit(client.get(path), "/address", address="new@example.org")
    with house.db.transaction() as session:
        session.add(
            ListImport(file_name="x", content_hash="", content="a", proof="", variant="en", uploaded_at=moment.now())
        )
    moment.moves(hours=23)
    jobs.forget_unconfirmed(house)
    assert len(rows_of(house, AddressChange)) == 1
    moment.moves(hours=1, minutes=1)
    jobs.forget_unconfirmed(house)
    assert rows_of(house, AddressChange) == []
    assert [(row.state, row.content) for row in rows_of(house, ListImport)] == [("discarded", None)]
    assert [row.address_change_id for row in rows_of(house, ConfirmationMail)] == [None, None]


def test_the_links_of_old_mails_answer_quietly_when_the_address_is_forgotten(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    preferences, unsubscribe = links_of(house, reader)
    erased(house, moment, reader)
    assert client.get(preferences).status_code == 404
    for _ in range(2):
        answer = client.post(unsubscribe, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "/undo" not in answer.text
    client.post(f"{unsubscribe}/undo")
    assert not rows_of(house, Subscriber)[0].is_live
    assert posted(client, moment).status_code == 200


def test_of_two_rows_the_house_forgets_the_right_one(house: House, moment):
    moment.is_at(MONDAY)
    first, second = subscribed(house, "first@example.org"), subscribed(house, "second@example.org")
    erased(house, moment, first)
    with house.db.read() as session:
        assert session.get_one(Subscriber, second).is_live
    assert [mail.to_address for mail in rows_of(house, OutboxEmail)] == ["", "second@example.org"]
