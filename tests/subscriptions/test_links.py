"""What private links and their pages give away, as a mail program, a link scanner and a stranger see them."""

from __future__ import annotations

import re
import time

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import erasure, links, moving, queries, views_public
from outreach.subscriptions.links import PURPOSES
from outreach.subscriptions.models import AddressChange, Consent, Subscriber
from tests.digests.givens import MONDAY, READER, stopped, subscribed
from tests.subscriptions.visits import (
    database_rows,
    link_in,
    links_of,
    newest_link,
    posted,
    private_page,
    token_of,
)
from tests.support.client import open_client


def seen(client, moment, address):
    """What whoever types an address is answered: both pages with their headers, but for the token."""
    page = client.get("/en/subscribe")
    moment.moves(seconds=20)
    first = client.submit(page, "/subscribe", follow=False, address=address)
    second = client.get(first.headers["Location"])
    heads = [{k: v for k, v in one.headers.items() if k not in ("Location", "Set-Cookie")} for one in (first, second)]
    bodies = [re.sub(rb"to=[\w.%-]+", b"", one.data) for one in (first, second)]
    return repr((first.status_code, second.status_code, heads, bodies))


def test_f05_the_answer_is_the_same_whatever_is_known_about_the_address(app, house, moment):
    moment.is_at(MONDAY)
    subscribed(house, "uconfirmed@example.org")
    stopped(house, subscribed(house, "ustopped@example.org"))
    erased = subscribed(house, "uerased@example.org")
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "usuppressed@example.org", "all", "complaint", moment.now())
        erasure.erase(session, house, moment.now(), erased)
    posted(open_client(app), moment, "uconfirming@example.org")
    moment.moves(hours=1)
    states = ("unknown", "uconfirming", "uconfirmed", "usuppressed", "ustopped", "uerased")
    assert len({seen(open_client(app), moment, f"{state}@example.org") for state in states}) == 1


@pytest.mark.parametrize("address", ["uknown@example.org", "uconfirmed@example.org", "usuppressed@example.org"])
def test_f05_no_answer_comes_before_the_time_that_all_take(client, house, moment, address):
    """That they take the same time is printed by a benchmark; without the wait they are half a millisecond apart."""
    moment.is_at(MONDAY)
    subscribed(house, "uconfirmed@example.org")
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "usuppressed@example.org", "all", "complaint", moment.now())
    page = client.get("/en/subscribe")
    moment.moves(seconds=20)
    begun = time.perf_counter()
    assert client.submit(page, "/subscribe", follow=False, address=address).status_code == 303
    assert time.perf_counter() - begun >= views_public.EVENLY


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


def test_m18_no_word_that_was_typed_is_in_the_mail(client, house, moment, mailbox):
    posted(client, moment, "free-lottery-tickets@example.org")
    [mail] = mailbox.to("free-lottery-tickets@example.org")
    assert "lottery" not in mail.text
    assert "lottery" not in mail.html
    assert "lottery" not in mail.subject


def made_for(house, session, subscriber, purpose, now):
    """A link of this purpose, as a mail would hold it."""
    if purpose == "confirm":
        return links.confirm(house, subscriber, session.scalars(select(Consent)).one())
    if purpose == "address":
        return links.address(house, subscriber, session.scalars(select(AddressChange)).one())
    if purpose == "mine":
        return links.mine(house, subscriber, now)
    return getattr(links, purpose)(house, subscriber)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_f07_a_token_opens_the_pages_of_its_purpose_and_of_no_other(client, house, moment, purpose):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    with house.db.transaction() as session:
        moving.ask(session, house, moment.now(), session.get_one(Subscriber, reader), "new@example.org")
    with house.db.read() as session:
        link = made_for(house, session, session.get_one(Subscriber, reader), purpose, moment.now())
    token = token_of(link)
    for other in (*PURPOSES, "fewer"):
        is_meant = other == purpose or (other, purpose) == ("fewer", "preferences")
        assert client.get(f"/en/{other}/{token}").status_code == (200 if is_meant else 404), other
        assert (links.read(house, other, token, moment.now()) is not None) is (other == purpose)
    for place in range(0, len(token), 5):
        broken = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert client.get(f"/en/{purpose}/{broken}").status_code == 404
    moment.moves(days=800)
    lives_on = purpose in ("preferences", "unsubscribe")
    assert client.get(f"/en/{purpose}/{token}").status_code == (200 if lives_on else 404)


def test_f08_no_log_holds_a_token_or_an_address(client, house, moment, mailbox, caplog, capfd):
    moment.is_at(MONDAY)
    caplog.set_level(0)
    posted(client, moment)
    [mail] = mailbox.to(READER)
    client.submit(client.get(link_in(mail, "confirm")), "/confirm/")
    with house.db.read() as session:
        reader = session.scalars(select(Subscriber.id)).one()
    path = private_page(client, house, mailbox, reader)
    client.submit(client.get(path), "/address", address="new@example.org")
    client.submit(client.get(newest_link(mailbox.to("new@example.org"), "address")), "/address/")
    preferences, unsubscribe = links_of(house, reader)
    client.post(unsubscribe)
    said = caplog.text + "".join(capfd.readouterr())
    with house.db.read() as session:
        said += "".join(str(entry.detail) for entry in session.scalars(select(AuditEntry)))
    for secret in (READER, "new@example.org", *map(token_of, (preferences, unsubscribe, path))):
        assert secret not in said
