"""The link of a day: another address, a copy of everything, the end. Mails are read as the mail server got them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach.language import Variant
from outreach.mail import suppressions
from outreach.subscriptions import limits, queries
from outreach.subscriptions.models import AddressChange, ConfirmationMail, Consent, Subscriber, Subscription
from tests.digests.givens import MONDAY, READER, ledger, mails, opened, planned, published, stopped, subscribed, wish
from tests.subscriptions.visits import database_rows, links_of, newest_link, private_page, rows_of, token_of
from tests.support.client import open_client

NEW = "new@example.org"
HEADINGS = {"en": "Your address is changed", "lat": "Adresa je promenjena", "cir": "Адреса је промењена"}


def moved(client, house, moment, mailbox, reader, to=NEW):
    """The whole way to another address; the page that says it is done."""
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address=to)
    page = client.get(newest_link(mailbox.to(to), "address"))
    return client.submit(page, "/address/")


@pytest.mark.parametrize("variant", [Variant.EN, Variant.LAT, Variant.CIR])
def test_p14_the_address_is_changed_from_the_new_one_and_the_choices_stay(
    client, house, moment, real_mailbox, smtp_server, variant
):
    moment.is_at(MONDAY)
    choice = wish("science", "security", cadence="weekly", hour="08:00", variant=variant)
    reader = subscribed(house, choice=choice)
    page = moved(client, house, moment, real_mailbox, reader)
    assert page.h1 == HEADINGS[variant.segment]
    with house.db.read() as session:
        subscriber = session.get_one(Subscriber, reader)
        assert subscriber.address == NEW
        assert queries.by_address(session, house, NEW) == subscriber
        assert queries.by_address(session, house, READER) is None
        assert set(queries.choice(session, subscriber).topics) == {"science", "security"}
    mail = smtp_server.to(NEW)[0]
    assert mail.message["Content-Language"] == variant.lang
    assert READER not in mail.text + mail.html + str(mail.message)
    assert [consent.method for consent in rows_of(house, Consent)][-1] == "change of address, confirmed by mail"


def test_d15_after_a_change_of_address_nothing_is_sent_twice_or_left_out(client, house, moment, mailbox):
    opened(house, moment)
    reader = subscribed(house)
    moment.moves(minutes=30)
    published(house, "one")
    moment.is_at(MONDAY + timedelta(hours=7, minutes=1))
    planned(house)
    assert [(mail.to_address, mail.state) for mail in mails(house)] == [(READER, "pending")]
    moved(client, house, moment, mailbox, reader)
    moment.moves(days=1)
    published(house, "two")
    planned(house)
    moment.moves(days=1)
    planned(house)
    told = [slug for copy in ledger(house)[NEW] for slug in copy[2]]
    assert len(told) == len(set(told)) == 2


def test_f06_the_link_to_the_new_address_may_be_opened_and_pressed_again(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address=NEW)
    link = newest_link(mailbox.to(NEW), "address")
    before = database_rows(house)
    for _ in range(3):
        page = client.get(link)
    assert database_rows(house) == before
    client.submit(page, "/address/")
    once = database_rows(house)
    moment.moves(hours=2)
    assert client.submit(page, "/address/").h1 == HEADINGS["en"]
    assert database_rows(house) == once
    moment.moves(hours=23)
    assert client.get(link).status_code == 404


def test_f07_a_private_link_of_the_old_address_ends_with_the_move_and_every_one_after_a_day(
    client, house, moment, mailbox
):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address=NEW)
    page = client.get(newest_link(mailbox.to(NEW), "address"))
    client.submit(page, "/address/")
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/delete").status_code == 404
    fresh = private_page(client, house, mailbox, reader, NEW)
    moment.moves(hours=23, minutes=59)
    assert client.get(fresh).status_code == 200
    moment.moves(minutes=2)
    assert client.get(fresh).status_code == 404
    assert client.post(f"{fresh}/delete").status_code == 404
    assert client.get(f"{fresh}/copy.json").status_code == 404


def test_the_lasting_link_opens_nothing_that_is_private(client, house, moment):
    preferences, unsubscribe = links_of(house, subscribed(house))
    for link in (preferences, unsubscribe):
        token = token_of(link)
        for path in (f"/en/mine/{token}", f"/en/mine/{token}/copy.json", f"/en/address/{token}"):
            assert client.get(path).status_code == 404
        assert client.post(f"/en/mine/{token}/delete").status_code == 404
        assert client.post(f"/en/mine/{token}/address", data={"address": NEW}).status_code == 404
    assert rows_of(house, AddressChange) == []


def test_f05_the_page_says_the_same_whatever_is_known_about_the_new_address(app, house, moment, mailbox):
    moment.is_at(MONDAY)
    subscribed(house, "uconfirmed@example.org")
    stopped(house, subscribed(house, "ustopped@example.org"))
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "usuppressed@example.org", "all", "complaint", moment.now())
        suppressions.suppress(session, house, "uerased@example.org", "digests", limits.ERASED, moment.now())
    answers = set()
    for n, state in enumerate(("unknown", "uconfirmed", "usuppressed", "ustopped", "uerased")):
        moment.moves(hours=1)
        client = open_client(app)
        reader = subscribed(house, f"reader{n}@example.org")
        path = private_page(client, house, mailbox, reader, f"reader{n}@example.org")
        first = client.submit(client.get(path), "/address", follow=False, address=f"{state}@example.org")
        second = client.get(first.headers["Location"])
        heads = [
            {k: v for k, v in one.headers.items() if k not in ("Location", "Set-Cookie")} for one in (first, second)
        ]
        body = re.sub(rb"to=[\w.%-]+|(mine|preferences)/[\w.-]+|reader\d|r\xe2\x80\xa2+@|until [^<]*", b"", second.data)
        answers.add(repr((first.status_code, second.status_code, heads, body)))
    assert len(answers) == 1


def test_an_address_with_a_subscription_of_its_own_is_told_by_mail_and_nothing_moves(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader, other = subscribed(house), subscribed(house, NEW)
    moment.moves(hours=1)
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address=NEW)
    assert "already" in mailbox.to(NEW)[-1].subject
    with house.db.read() as session:
        assert session.get_one(Subscriber, reader).address == READER
        assert session.get_one(Subscriber, other).is_live


def test_an_address_that_subscribed_meanwhile_keeps_its_subscription(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address=NEW)
    link = newest_link(mailbox.to(NEW), "address")
    moment.moves(hours=1)
    subscribed(house, NEW)
    page = client.post(link, follow_redirects=True)
    assert page.h1 == "You already receive our updates"
    with house.db.read() as session:
        assert session.get_one(Subscriber, reader).address == READER


def test_an_address_that_stopped_long_ago_is_taken_over(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    old = subscribed(house, NEW)
    stopped(house, old)
    moment.moves(days=2)
    reader = subscribed(house)
    moved(client, house, moment, mailbox, reader)
    with house.db.read() as session:
        assert session.get_one(Subscriber, reader).address == NEW
        assert session.get_one(Subscriber, old).address is None
    _, unsubscribe = links_of(house, old)
    assert client.post(unsubscribe).status_code == 200, "a mail program that stops once more is told so"
    with house.db.read() as session:
        assert session.get_one(Subscriber, reader).is_live


@pytest.mark.parametrize("typed", ["", "new", "ne w@example.org", READER.upper(), READER])
def test_a_wrong_new_address_comes_back_beside_its_field(client, house, moment, mailbox, typed):
    moment.is_at(MONDAY)
    path = private_page(client, house, mailbox, subscribed(house))
    page = client.submit(client.get(path), "/address", address=typed)
    assert page.status_code == 422
    assert page.soup.find(id="address-error")
    assert rows_of(house, AddressChange) == []


def test_f04_new_addresses_count_like_sign_ups_and_five_a_day_are_enough(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    path = private_page(client, house, mailbox, subscribed(house))
    page = client.get(path)
    for n in range(3):
        client.submit(page, "/address", address=f"vic.tim+{n}@example.org")
    assert len([mail for mail in mails(house, "subscription_address")]) == 1
    for n in range(3):
        last = client.submit(page, "/address", address=f"other{n}@example.org")
    assert last.status_code == 429
    assert "other2@example.org" in last.text
    assert len(rows_of(house, ConfirmationMail)) == 1 + 1 + 2


def test_three_private_links_a_day_are_sent_and_the_fourth_is_refused_openly(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    preferences, _ = links_of(house, reader)
    pages = [client.submit(client.get(preferences), "/private-link/") for _ in range(4)]
    assert "24 hours" in pages[2].words
    assert "tomorrow" in pages[3].words
    assert len(mails(house, "subscription_link")) == 3


def test_p01_the_copy_holds_every_consent_in_its_exact_words_as_json_and_to_read(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house, choice=wish("science", cadence="weekly"))
    other = subscribed(house, "other@example.org")
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address=NEW)
    held = json.loads(client.get(f"{path}/copy.json").data)
    [consent] = held["consents"]
    [row] = [row for row in rows_of(house, Consent) if row.subscriber_id == reader]
    assert (consent["wording"], consent["version"], consent["source"]) == (row.wording, row.version, "/en/subscribe")
    assert consent["method"] == "form, confirmed by mail"
    assert consent["confirmed_at"] == f"{row.confirmed_at:%Y-%m-%dT%H:%M:%SZ}"
    assert held["subscriber"]["address"] == READER
    assert held["subscriptions"][0]["topic"] == "science"
    assert held["address_changes"][0]["address"] == NEW
    assert {mail["kind"] for mail in held["mails"]} == {
        "subscription_confirm",
        "subscription_link",
        "subscription_address",
    }
    page = client.get(f"{path}/copy.html")
    assert "attachment" in page.headers["Content-Disposition"]
    assert row.wording in page.text
    for answer in (json.dumps(held), page.text):
        assert "other@example.org" not in answer
        assert f"subscriber:{other}" not in answer
    assert client.get(f"{path}/copy.zip").status_code == 404


@pytest.mark.parametrize("variant", [Variant.EN, Variant.LAT, Variant.CIR])
def test_the_copy_to_read_speaks_the_language_of_its_page(client, house, moment, mailbox, variant):
    moment.is_at(MONDAY)
    path = private_page(client, house, mailbox, subscribed(house, choice=wish(variant=variant)))
    page = client.get(f"{path}/copy.html")
    assert page.soup.html["lang"] == variant.lang
    assert not page.soup.find_all(["script", "link", "img", "style"])


def test_one_who_stopped_may_still_open_the_link_of_that_day(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    path = private_page(client, house, mailbox, reader)
    stopped(house, reader)
    page = client.get(path)
    assert not page.soup.find("input", {"name": "address"})
    assert client.get(f"{path}/copy.json").status_code == 200
    with house.db.read() as session:
        assert session.scalars(select(Subscription)).one().state == "ended"
