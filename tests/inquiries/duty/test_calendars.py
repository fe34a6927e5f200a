"""A deadline in a journalist's own calendar, and a feed for an officer's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest

from outreach.accounts import profiles
from outreach.house import House
from outreach.inquiries.duty import rota
from tests.inquiries.conftest import key_of, reference_of
from tests.inquiries.duty.conftest import HOUR, account_id
from tests.support.client import PageClient
from tests.support.moment import Moment
from tests.support.pages import local_path

NOW = datetime(2025, 11, 25, 9, tzinfo=UTC)
NAMES = ("Subjectword", "Nameword", "Outletword", "reporter@")


def events(body: bytes) -> list[tuple[str, datetime]]:
    return [(str(one["summary"]), one.decoded("dtstart")) for one in icalendar.Calendar.from_ical(body).walk("VEVENT")]


@pytest.mark.parametrize(
    ("variant", "summary"), [("en", "Your deadline, inquiry {}"), ("cir", "Ваш рок, упит {}")]
)  # fmt: skip
def test_the_journalist_takes_the_deadline_along_without_the_private_link(
    ask: Callable[..., Any], client: PageClient, variant: str, summary: str
) -> None:
    page = ask(variant)
    link = page.soup.find("a", href=lambda href: href and href.endswith("/deadline.ics"))
    answer = client.get(link["href"])
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert events(answer.data) == [(summary.format(reference_of(page)), datetime(2025, 11, 25, 15, tzinfo=UTC))]
    assert key_of(page) not in answer.get_data(as_text=True).replace("\r\n ", "")
    assert answer.data == client.get(link["href"]).data, "a program that asks again finds the same entry"
    assert link["href"] in str(client.get(f"/{variant}/i/{key_of(page)}").soup)


def test_no_deadline_is_no_file_and_a_wrong_link_tells_nothing(ask: Callable[..., Any], client: PageClient) -> None:
    page = ask("en", when=["none"], time="")
    assert "deadline.ics" not in str(page.soup)
    assert client.get(f"/en/i/{key_of(page)}/deadline.ics").status_code == 404
    assert client.get("/en/i/nonsense/deadline.ics").status_code == 404


def address(officer: PageClient) -> str:
    page = officer.get("/desk/me")
    return local_path(page.soup.find("a", href=lambda href: href and href.endswith(".ics"))["href"])  # type: ignore[index]


def test_an_officers_feed_has_times_and_references_and_no_name(
    moment: Moment, officer: PageClient, client: PageClient, put: Callable[..., str], house: House
) -> None:
    moment.is_at(NOW)
    mine = account_id(house)
    reference = put(deadline=NOW + 10 * HOUR, state="accepted", owner_id=mine)
    put(deadline=NOW + 10 * HOUR)
    with house.db.transaction() as session:
        rota.add(session, NOW, mine, NOW + HOUR, NOW + 9 * HOUR, mine)
    answer = client.get(address(officer))
    assert events(answer.data) == [
        (f"Deadline {reference}", NOW + 10 * HOUR), (f"Suspense {reference}", NOW + 8 * HOUR), ("On duty", NOW + HOUR)
    ]  # fmt: skip
    assert not [word for word in NAMES if word in answer.get_data(as_text=True)]
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_out_everywhere_ends_the_feed(officer: PageClient, client: PageClient) -> None:
    feed = address(officer)
    assert client.get(feed).status_code == 200
    officer.submit(officer.get("/desk/me"), "/desk/sign-out-everywhere")
    assert client.get(feed).status_code == 404


def test_an_ended_account_has_no_feed_and_a_forged_address_opens_none(
    officer: PageClient, client: PageClient, house: House, moment: Moment
) -> None:
    feed = address(officer)
    assert client.get(feed.replace(".ics", "x.ics")).status_code == 404
    with house.db.transaction() as session:
        profiles.end(session, moment.now(), "officer@example.org")
    assert client.get(feed).status_code == 404
