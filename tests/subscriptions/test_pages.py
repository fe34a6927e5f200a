"""The pages of a subscriber as a visitor sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from outreach.language import Variant
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import queries
from outreach.subscriptions.models import Subscriber
from tests.digests.givens import MONDAY, READER, subscribed, wish
from tests.subscriptions.visits import link_in, links_of, posted


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_the_whole_way_subscribe_confirm_change_stop_undo(client, house, moment, mailbox, variant):
    moment.is_at(MONDAY)
    page = posted(client, moment, variant=variant)
    assert page.status_code == 200
    assert "r•••@example.org" in page.words
    assert READER not in page.text
    [mail] = mailbox.to(READER)
    path = link_in(mail, "confirm")
    assert path.startswith(f"/{variant}/")
    page = client.get(path)
    page = client.submit(page, "/confirm/")
    assert page.status_code == 200
    with house.db.read() as session:
        subscriber = queries.by_address(session, house, READER)
        assert subscriber is not None
        assert subscriber.is_live
        assert subscriber.variant == variant
    preferences, unsubscribe = links_of(house, subscriber.id)
    page = client.get(preferences)
    page = client.submit(page, "/preferences/", cadence="immediately", topics=["security", "science"], variant="lat")
    assert page.status_code == 200
    assert page.soup.find(attrs={"role": "status"})
    assert page.request.path.startswith("/lat/preferences/")
    with house.db.read() as session:
        choice = queries.choice(session, session.get_one(Subscriber, subscriber.id))
    assert choice == wish("security", "science", cadence="immediately", variant=Variant.LAT)
    page = client.submit(client.get(unsubscribe), "/unsubscribe/")
    assert page.status_code == 200
    assert page.soup.find(attrs={"role": "status"})
    page = client.submit(page, "/undo")
    with house.db.read() as session:
        subscriber = session.get_one(Subscriber, subscriber.id)
        assert subscriber.is_live
        assert queries.choice(session, subscriber) == choice


def test_the_form_has_everything_chosen_but_the_address(client):
    page = client.get("/cir/subscribe")
    chosen = {(tag["name"], tag["value"]) for tag in page.soup.find_all("input", checked=True)}
    assert {("variant", "cir"), ("cadence", "daily"), ("hour", "17:00"), ("topics", "security")} <= chosen
    assert len([pair for pair in chosen if pair[0] == "topics"]) == 6
    assert page.soup.find("input", {"name": "address", "autocomplete": "email"})


def test_all_topics_are_stored_as_all_so_that_later_ones_are_included(client, house, moment):
    posted(client, moment)
    with house.db.read() as session:
        subscriber = queries.by_address(session, house, READER)
        assert subscriber is not None
        assert set(queries.live(session, subscriber.id)) == {"*"}


@pytest.mark.parametrize(
    "typed", ["", "reader", "reader@", "re ader@example.org", "a@b@example.org", "x" * 400, "чита@example.org"]
)
def test_a_wrong_address_comes_back_with_a_message_and_all_that_was_typed(client, house, moment, typed):
    page = posted(client, moment, address=typed, cadence="immediately", topics=["science"])
    assert page.status_code == 422
    assert page.soup.find(class_="error-summary")
    assert page.soup.find(id="address-error")
    assert page.soup.find("input", {"name": "address"})["value"] == typed
    assert page.soup.find("input", {"name": "cadence", "value": "immediately"}).has_attr("checked")
    assert [tag["value"] for tag in page.soup.find_all("input", {"name": "topics"}, checked=True)] == ["science"]
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Subscriber)) == 0


def test_no_topic_is_a_fault_on_both_pages(client, house, moment):
    page = posted(client, moment, topics=[])
    assert page.status_code == 422
    assert "topic" in page.words
    assert page.soup.find("details", open=True)
    preferences, _ = links_of(house, subscribed(house))
    page = client.submit(client.get(preferences), "/preferences/", topics=[])
    assert page.status_code == 422
    assert page.soup.find(class_="error-summary")


def test_a_form_that_was_sent_too_fast_or_too_late_needs_one_more_press(client, house, moment):
    page = client.get("/en/subscribe")
    page = client.submit(page, "/subscribe", address=READER)
    assert page.status_code == 422
    assert READER in str(page.soup.find("input", {"name": "address"}))
    moment.moves(seconds=20)
    page = client.submit(page, "/subscribe")
    assert page.status_code == 200
    assert page.request.path == "/en/subscribe/sent"
    page = client.get("/en/subscribe")
    moment.moves(hours=13)
    page = client.submit(page, "/subscribe", address="second@example.org")
    assert page.status_code == 422
    moment.moves(seconds=20)
    assert client.submit(page, "/subscribe").request.path == "/en/subscribe/sent"


def test_a_script_that_fills_in_the_trap_is_shown_the_same_page_and_sends_nothing(client, house, moment):
    page = posted(client, moment, website="https://example.org")
    assert page.status_code == 200
    assert page.request.path == "/en/subscribe/sent"
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEmail)) == 0


def test_f03_a_network_that_asks_too_often_keeps_what_it_typed(client, house, moment):
    moment.is_at(MONDAY)
    page = client.get("/en/subscribe")
    moment.moves(seconds=20)
    for n in range(41):
        last = client.submit(page, "/subscribe", address=f"reader{n}@example.org")
    assert last.status_code == 429
    assert "reader40@example.org" in last.text


def test_a_stop_can_be_undone_for_a_day_only(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    _, unsubscribe = links_of(house, reader)
    moment.moves(hours=1)
    client.post(unsubscribe)
    moment.moves(days=1, minutes=1)
    assert "/undo" not in client.get(unsubscribe).text
    client.post(f"{unsubscribe}/undo")
    with house.db.read() as session:
        assert not session.get_one(Subscriber, reader).is_live


def test_the_preferences_of_somebody_who_stopped_offer_to_subscribe_again(client, house, moment):
    reader = subscribed(house)
    preferences, unsubscribe = links_of(house, reader)
    page = client.get(preferences)
    client.post(unsubscribe)
    assert client.submit(page, "/preferences/").status_code == 200
    assert client.get(preferences).soup.find("main").find("a", href="/en/subscribe")
    with house.db.read() as session:
        assert not session.get_one(Subscriber, reader).is_live


def test_a_pause_of_thirty_days_or_until_a_day(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    preferences, _ = links_of(house, reader)
    page = client.get(preferences + "?pause=30")
    assert page.soup.find("input", {"name": "pause", "value": "30"}).has_attr("checked")
    client.submit(page, "/preferences/")
    with house.db.read() as session:
        until = session.get_one(Subscriber, reader).paused_until
    assert until is not None
    assert timedelta(days=29) < until - moment.now() < timedelta(days=30)
    page = client.get(preferences)
    assert page.soup.find("input", {"name": "pause_until"})["value"] == "2026-12-23"
    assert client.submit(page, "/preferences/", pause="until", pause_until="2026-11-23").status_code == 422
    assert client.submit(page, "/preferences/", pause="until", pause_until="soon").status_code == 422
    assert client.submit(page, "/preferences/", pause="no").status_code == 200
    with house.db.read() as session:
        assert not session.get_one(Subscriber, reader).is_paused(moment.now())
