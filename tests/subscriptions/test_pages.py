"""The pages of a subscriber as a visitor, a mail program and a link scanner see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from outreach.db import Model
from outreach.language import Variant
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import links, queries
from outreach.subscriptions.models import Subscriber
from tests.digests.givens import MONDAY, READER, subscribed, wish
from tests.support.client import open_client
from tests.support.pages import local_path

ADDRESS = re.compile(r"http://localhost(/\S+)")


def posted(client, moment, address=READER, variant="en", **more):
    page = client.get(f"/{variant}/subscribe")
    moment.moves(seconds=20)
    return client.submit(page, f"/{variant}/subscribe", address=address, **more)


def link_in(mail, name):
    return next(path for path in ADDRESS.findall(mail.text) if f"/{name}/" in path)


def links_of(house, reader):
    with house.db.read() as session:
        subscriber = session.get_one(Subscriber, reader)
        made = (links.preferences(house, subscriber), links.unsubscribe(house, subscriber))
    return tuple(local_path(link) for link in made)


def database_rows(house):
    """Every row of the domain, to see that nothing has changed; side tables (rates, audit, sessions) aside."""
    tables = [t for t in Model.metadata.sorted_tables if t.name not in ("rate_count", "staff_session")]
    with house.db.read() as session:
        return {table.name: session.execute(select(table)).all() for table in tables}


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


def test_f05_the_answer_is_the_same_whatever_is_known_about_the_address(app, house, moment):
    """Byte by byte, but for the tokens and the masked address."""
    moment.is_at(MONDAY)
    known = {
        "unknown@example.org",
        "unconfirmed@example.org",
        "uconfirmed@example.org",
        "usuppressed@example.org",
        "ustopped@example.org",
    }
    subscribed(house, "uconfirmed@example.org")
    stopped = subscribed(house, "ustopped@example.org")
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "usuppressed@example.org", "all", "complaint", moment.now())
        from outreach.subscriptions import stopping

        stopping.stop(session, moment.now(), stopped, "test")
    posted(open_client(app), moment, "unconfirmed@example.org")
    moment.moves(hours=1)
    answers = set()
    for address in sorted(known):
        client = open_client(app)
        page = client.get("/en/subscribe")
        moment.moves(seconds=20)
        first = client.submit(page, "/subscribe", follow=False, address=address)
        second = client.get(first.headers["Location"])
        heads = [
            {k: v for k, v in answer.headers.items() if k not in ("Location", "Set-Cookie")}
            for answer in (first, second)
        ]
        token = re.compile(rb"to=[\w.%-]+")
        answers.add(
            (
                first.status_code,
                second.status_code,
                repr(heads),
                token.sub(b"", first.data),
                token.sub(b"", second.data),
            )
        )
    assert len(answers) == 1


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_f06_fetching_a_link_any_number_of_times_changes_nothing(client, house, moment, mailbox, method):
    posted(client, moment, "second@example.org")
    [mail] = mailbox.to("second@example.org")
    preferences, unsubscribe = links_of(house, subscribed(house))
    before = database_rows(house)
    for path in (link_in(mail, "confirm"), preferences, preferences + "?pause=30", unsubscribe):
        for _ in range(3):
            answer = getattr(client, method)(path, headers={"Purpose": "prefetch"})
            assert answer.status_code == 200
    assert database_rows(house) == before


def test_f06_no_page_submits_itself(client, house, moment, mailbox):
    posted(client, moment, "second@example.org")
    [mail] = mailbox.to("second@example.org")
    for path in (link_in(mail, "confirm"), *links_of(house, subscribed(house))):
        page = client.get(path)
        assert not [script for script in page.soup.find_all("script") if "theme" not in script.get("src", "")]
        assert page.soup.find("main").find("form", {"method": "post"})


def test_f07_f08_a_wrong_or_old_link_is_one_page_that_tells_nothing(client, house, moment, mailbox):
    posted(client, moment)
    [mail] = mailbox.to(READER)
    path = link_in(mail, "confirm")
    other = links_of(house, subscribed(house, "second@example.org"))[1]
    moment.moves(days=8)
    token = other.rpartition("/")[2]
    pages = {
        client.get(wrong).data
        for wrong in (
            path,
            path[:-2] + "zz",
            "/en/confirm/nonsense",
            f"/en/confirm/{token}",
            f"/en/preferences/{token}",
        )
    }
    words = {re.sub(rb"(confirm|preferences)/[\w.-]+", b"", page) for page in pages}
    assert len(words) == 1
    assert client.get(path).status_code == 404
    for wrong in (path, "/en/preferences/x.y.z.w", "/en/unsubscribe/x", "/en/unsubscribe/x/undo"):
        assert client.post(wrong).status_code == 404


def test_f08_token_pages_are_kept_nowhere_and_lead_nowhere_else(client, house, moment, mailbox):
    posted(client, moment, "second@example.org")
    [mail] = mailbox.to("second@example.org")
    preferences, unsubscribe = links_of(house, subscribed(house))
    for path in (link_in(mail, "confirm"), preferences, unsubscribe):
        page = client.get(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert READER not in page.text
        assert "second@example.org" not in page.text
        away = [
            tag
            for tag in page.soup.find_all(["a", "script", "link", "img"])
            for link in (tag.get("href"), tag.get("src"))
            if link and link.startswith("http")
        ]
        assert not away
        answer = client.post(path, data={"topics": "security"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_m09_one_click_needs_no_cookie_changes_no_address_and_answers_the_same_each_time(app, house, moment):
    reader = subscribed(house)
    _, unsubscribe = links_of(house, reader)
    answers = []
    for agent in ("", "Mail program", "curl/8"):
        program = app.test_client(use_cookies=False)
        answer = program.post(
            unsubscribe,
            data={"List-Unsubscribe": "One-Click"},
            headers={"User-Agent": agent, "Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status_code == 200
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        answers.append(answer.data)
    assert len(set(answers)) == 1
    with house.db.read() as session:
        subscriber = session.get_one(Subscriber, reader)
        assert subscriber.ended_reason == "one click"
        assert not queries.live(session, reader)
        assert {row.state for row in session.scalars(select(OutboxEmail))} == {"cancelled"}


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
        assert session.get_one(Subscriber, reader).paused_until is None


def test_m18_no_word_that_was_typed_is_in_the_mail(client, house, moment, mailbox):
    posted(client, moment, "free-lottery-tickets@example.org")
    [mail] = mailbox.to("free-lottery-tickets@example.org")
    assert "lottery" not in mail.text
    assert "lottery" not in mail.html
    assert "lottery" not in mail.subject
