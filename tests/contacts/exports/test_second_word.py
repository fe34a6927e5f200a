"""The two-person rule for files of contacts: one asks, another allows, the first takes it once and in time (S-20)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import select

from config import Settings
from outreach import clock
from outreach.audit import AuditEntry
from outreach.contacts import intake
from outreach.house import House
from tests.support.client import Page, PageClient
from tests.support.moment import Moment
from tests.support.people import PASSWORD

PAGE, REQUESTS = "/desk/contacts/export", "/desk/contacts/export/requests"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, two_person_rule=True)


def people(house: House, *names: str) -> None:
    with house.db.transaction() as session:
        for name in names:
            intake.from_inquiry(
                session, house, clock.now(), name=f"Desk {name}", outlet="", email=f"{name}@example.org", phone="",
                channels=[], language="en", actor_id=None,
            )  # fmt: skip


@pytest.fixture
def first(staff: Callable[..., PageClient], house: House) -> PageClient:
    people(house, "oslo", "lima")
    return staff("contacts", email="first@example.org")


@pytest.fixture
def second(staff: Callable[..., PageClient]) -> PageClient:
    return staff("contacts", email="second@example.org")


def ask(client: PageClient) -> Page:
    return client.submit(client.get(PAGE), form="json", purpose="Badges for the open day", password=PASSWORD)


def take(client: PageClient) -> Page:
    return client.submit(client.get(REQUESTS), "/take", password=PASSWORD)


def log(house: House) -> list[str]:
    with house.db.read() as session:
        entries = select(AuditEntry.action).where(AuditEntry.action.startswith("export.")).order_by(AuditEntry.id)
        return list(session.scalars(entries))


@pytest.mark.both
def test_s20_one_asks_another_allows_and_the_first_takes_it_once(
    first: PageClient, second: PageClient, house: House
) -> None:
    for _ in range(2):
        asked = ask(first)
    assert "A colleague has to allow this file first." in asked.get_data(as_text=True)
    waits = second.get(REQUESTS)
    assert "2 people" in waits.words
    assert "Badges for the open day" in waits.words
    for _ in range(2):
        second.submit(waits, "/allow")
    mine = first.get(REQUESTS)
    file = first.submit(mine, "/take", password=PASSWORD)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "oslo@example.org" in file.text
    again = first.submit(mine, "/take", password=PASSWORD)
    assert (again.status_code, "This file was taken already." in again.words) == (409, True)
    assert log(house) == ["export.asked", "export.allowed", "export.taken"]


def test_s20_nobody_allows_their_own_file_or_takes_a_colleagues(first: PageClient, second: PageClient) -> None:
    ask(first)
    shown = second.get(REQUESTS)
    assert "/allow" not in first.get(REQUESTS).get_data(as_text=True)
    second.submit(shown, "/allow")
    assert "/take" not in second.get(REQUESTS).get_data(as_text=True)


def test_s20_the_domain_itself_refuses_ones_own(first: PageClient, second: PageClient) -> None:
    ask(first)
    form = second.get(REQUESTS)
    own = first.get(REQUESTS)
    token = own.soup.find("input", attrs={"name": "csrf_token"})
    sent = first.post(
        form.soup.find("form", action=lambda to: to and to.endswith("/allow"))["action"],
        data={"csrf_token": token["value"]} if token else {},
    )
    assert sent.status_code >= 400


def test_s20_after_an_hour_it_is_over(first: PageClient, second: PageClient, moment: Moment) -> None:
    ask(first)
    second.submit(second.get(REQUESTS), "/allow")
    mine = first.get(REQUESTS)
    moment.moves(minutes=10)
    assert "/take" in first.get(REQUESTS).get_data(as_text=True)
    moment.moves(minutes=10)
    first.get(REQUESTS)
    moment.moves(minutes=29)
    first.get(REQUESTS)
    moment.moves(minutes=12)
    late = first.submit(mine, "/take", password=PASSWORD)
    assert (late.status_code, "The hour in which it could be taken is over." in late.words) == (409, True)


def test_s20_more_people_than_were_allowed_are_asked_for_again(
    first: PageClient, second: PageClient, house: House
) -> None:
    ask(first)
    second.submit(second.get(REQUESTS), "/allow")
    people(house, "quito")
    assert "There are more people in it now than were allowed." in take(first).words


def test_s20_refused_is_refused_and_a_wrong_password_takes_nothing(
    first: PageClient, second: PageClient, house: House
) -> None:
    ask(first)
    second.submit(second.get(REQUESTS), "/allow")
    wrong = first.submit(first.get(REQUESTS), "/take", password="wrong password")
    assert wrong.status_code == 422
    ask(first)
    second.submit(second.get(REQUESTS), "/refuse")
    assert log(house) == ["export.asked", "export.allowed", "export.asked", "export.refused"]


def test_one_person_needs_nobody_else(staff: Callable[..., PageClient], house: House) -> None:
    people(house, "oslo")
    file = ask(staff("contacts"))
    assert "oslo@example.org" in file.text
    assert log(house) == ["export.taken"]
