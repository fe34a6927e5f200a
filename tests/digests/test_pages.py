"""The archive for everybody, the digests page of the desk, and the commands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outreach.language import Variant
from tests.digests import givens
from tests.digests.givens import MONDAY, mails, planned, published, subscribed, wish
from tests.support.processes import command, environment

AFTER = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)


@pytest.fixture
def sent(house, moment, mailbox):
    """One daily issue with two items, delivered to readers of two variants."""
    moment.is_at(MONDAY)
    givens.baseline(house)
    subscribed(house, "en@example.org")
    subscribed(house, "cir@example.org", wish(variant=Variant.CIR))
    moment.moves(minutes=10)
    published(house, "one", "First of all")
    moment.moves(minutes=10)
    published(house, "two", "Second in line", languages=["en"])
    moment.is_at(AFTER)
    assert planned(house) == 2
    mailbox.deliver()
    return house


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_the_archive_has_every_issue_in_every_variant(sent, client, variant):
    page = client.get(f"/{variant}/digests/")
    link = page.soup.main.find("a", href=f"/{variant}/digests/daily/2026-11-23")
    assert link
    page = client.get(link["href"])
    hrefs = [a["href"] for a in page.soup.main.select("h2 a")]
    assert [href.rpartition("/")[2] for href in hrefs] == ["two", "one"]
    assert page.soup.main.find("h2", lang="en")


def test_an_item_that_was_withdrawn_since_is_a_stub_with_its_reason(sent, client):
    published(sent, "one", "First of all", state="withdrawn")
    page = client.get("/en/digests/daily/2026-11-23")
    assert "First of all" in page.words
    assert "It was wrong." in page.words
    assert not page.soup.main.find("a", href=lambda href: href and href.endswith("/one"))


@pytest.mark.parametrize(
    "path", ["daily/2026-11-24", "weekly/2026-11-23", "daily/x", "never/2026-11-23", "daily/..%2F"]
)
def test_an_issue_that_never_was_is_not_found(sent, client, path):
    assert client.get(f"/en/digests/{path}").status_code == 404


def test_an_empty_archive_says_so(client):
    assert "No e-mail has been sent yet" in client.get("/en/digests/").words


def test_the_next_issue_begins_where_the_last_one_closed(sent, client, moment):
    moment.is_at(datetime(2026, 11, 24, 10, tzinfo=UTC))
    published(sent, "three", "Third")
    moment.is_at(datetime(2026, 11, 24, 16, 1, tzinfo=UTC))
    planned(sent)
    assert [a.get_text() for a in client.get("/en/digests/daily/2026-11-24").soup.main.select("h2 a")] == ["Third"]


def test_the_desk_sees_what_goes_next_to_how_many_and_how_the_last_one_fared(sent, staff, moment):
    page = staff("officer").get("/desk/digests/")
    assert "Nothing new. No digest will be sent." in page.words
    assert "Handed over 2" in page.words
    moment.is_at(datetime(2026, 11, 24, 10, tzinfo=UTC))
    published(sent, "three", "Third")
    page = staff("reader", email="second@example.org").get("/desk/digests/")
    assert "To 2 subscribers" in page.words
    assert "Third" in page.words
    assert "It closes at 16:30" in page.words


def test_the_desk_without_any_subscriber_or_issue(officer):
    page = officer.get("/desk/digests/")
    assert "Nobody has subscribed yet." in page.words
    assert "No digest has been sent yet." in page.words


def test_the_digests_page_is_for_staff_only(client):
    assert client.get("/desk/digests/").status_code in (302, 303, 401, 403)


def test_the_commands_plan_and_list(house, moment, settings):
    moment.is_at(MONDAY)
    givens.baseline(house)
    subscribed(house)
    moment.moves(minutes=10)
    published(house, "one")
    moment.is_at(AFTER)
    env = environment(settings)
    assert "Planned for 1 subscribers." in command(env, "digests", "plan").stdout
    assert "Nothing is due." in command(env, "digests", "plan").stdout
    listed = command(env, "digests", "list").stdout
    assert "2026-11-23" in listed
    assert "1 pending" in listed
    assert len(mails(house)) == 1
