"""The desk's pages of mailings: written, looked at, released by a second word, followed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from config import Settings
from outreach.briefings.models import Mailing
from outreach.house import House
from tests.briefings.conftest import Briefing
from tests.support.client import Page, PageClient
from tests.support.mailbox import Mailbox
from tests.support.moment import Moment
from tests.support.people import sign_in

ROOT = "/desk/briefings"
WORDS = {"subject_en": "Open day on Friday", "text_en": "Doors open at ten."}


def write(officer: PageClient, briefing: Briefing, **values: Any) -> Page:
    page = officer.get(f"{ROOT}/new")
    return officer.submit(page, f"{ROOT}/new", **{"to": f"list:{briefing.list}", **WORDS, **values})


def kept(house: House) -> Mailing:
    with house.db.read() as session:
        return session.scalars(select(Mailing).order_by(Mailing.id.desc())).first()  # type: ignore[return-value]


def test_from_writing_to_what_became_of_it(
    officer: PageClient, briefing: Briefing, house: House, moment: Moment, mailbox: Mailbox
) -> None:
    briefing.person("one@example.org", name="Ђурђа Пример")
    briefing.person(name="No Address")
    page = write(officer, briefing)
    assert "1 gets it" in page.words
    assert "Ђурђа Пример" in page.words
    assert "1: has no e-mail address" in page.words
    number = kept(house).id
    page = officer.submit(page, "hand-on")
    assert "It waits for the second word." in page.text
    answer = officer.submit(page, "release", follow=False)
    assert answer.status_code == 422
    assert "Look at it first" in answer.words
    page = officer.submit(page, "release", looked="y")
    assert "It leaves at" in page.words
    moment.moves(seconds=21)
    briefing.carry_on()
    mailbox.deliver()
    briefing.carry_on()
    page = officer.get(f"{ROOT}/{number}")
    assert "accepted by their server 1" in page.words
    assert "got nothing 1" in page.words
    skipped = officer.get(f"{ROOT}/{number}/recipients/skipped")
    assert "No Address" in skipped.words
    assert "has no e-mail address" in skipped.words
    assert "Ђурђа Пример" in officer.get(f"{ROOT}/{number}/recipients/accepted").words
    assert "Open day on Friday" in officer.get(ROOT).words


def test_stopped_from_its_page_nothing_has_left(officer: PageClient, briefing: Briefing, house: House) -> None:
    briefing.people(1)
    page = officer.submit(officer.submit(write(officer, briefing), "hand-on"), "release", looked="y")
    page = officer.submit(page, "stop")
    assert "Stopped before anything left." in page.text
    assert kept(house).state == "ready"


def test_the_mail_is_shown_as_each_reader_will_see_it(officer: PageClient, briefing: Briefing) -> None:
    mailing_id = briefing.written()
    officer.checks_pages = False
    for segment, words in (("en", "Doors open"), ("lat", "Vrata se"), ("cir", "Врата се")):
        shown = officer.get(f"{ROOT}/{mailing_id}/mail/{segment}")
        assert words in shown.text
        assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert officer.get(f"{ROOT}/{mailing_id}/mail/de").status_code == 404


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"subject_en": "", "text_en": ""}, "Write subject and text, in one language at least."),
        ({"text_en": ""}, "Write a text to this subject."),
        ({"text_sr": "Текст"}, "Write a subject to this text."),
        ({"to": ""}, "Choose a press list"),
        ({"embargo": "sometime"}, "Enter a day and an hour"),
        ({"embargo": "23.11.2026 10:00"}, "The embargo must lie in the future."),
        ({"subject_en": "=?utf-8?q?evil?="}, "This cannot stand in a subject."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    officer: PageClient, briefing: Briefing, values: dict[str, str], says: str
) -> None:
    answer = write(officer, briefing, **{"text_en": "Doors open at eleven.", **values})
    assert answer.status_code == 422
    assert says in answer.words
    if "text_en" not in values:
        assert "Doors open at eleven." in answer.text


def test_an_embargo_is_read_on_its_clock_and_shown_again(officer: PageClient, briefing: Briefing, house: House) -> None:
    page = write(
        officer, briefing, embargo="25.11. 16:30", embargo_zone="America/New_York", also_zone="Europe/Belgrade"
    )
    assert "Wed 25 Nov 2026, 16:30 New York (EST, UTC−5), 22:30 in Belgrade" in page.words
    form = officer.get(f"{ROOT}/{kept(house).id}/edit")
    assert form.soup.find("input", id="embargo")["value"] == "25.11.2026 16:30"
    officer.submit(form, "edit", subject_en="Open day on Saturday")
    assert (kept(house).subject_en, kept(house).version) == ("Open day on Saturday", 2)
    assert kept(house).embargo_at is not None


def test_s22_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(
    officer: PageClient, briefing: Briefing, house: House
) -> None:
    write(officer, briefing)
    page = officer.get(f"{ROOT}/{kept(house).id}/edit")
    officer.submit(page, "edit", subject_en="First")
    answer = officer.submit(page, "edit", subject_en="Second", follow=False)
    assert answer.status_code == 409
    assert "Somebody else changed this mailing meanwhile." in answer.words
    assert "First" in answer.words
    assert kept(house).subject_en == "First"


def test_what_changed_since_it_was_looked_at_is_not_released(
    officer: PageClient, briefing: Briefing, house: House
) -> None:
    briefing.people(1)
    page = officer.submit(write(officer, briefing), "hand-on")
    officer.submit(page, "back")
    number = kept(house).id
    officer.submit(officer.get(f"{ROOT}/{number}/edit"), "edit", subject_en="Other words")
    officer.submit(officer.get(f"{ROOT}/{number}"), "hand-on")
    answer = officer.submit(page, "release", looked="y", follow=False)
    assert answer.status_code == 409
    assert kept(house).state == "ready"


def test_an_embargo_that_has_passed_keeps_it_back(
    officer: PageClient, briefing: Briefing, moment: Moment, house: House
) -> None:
    officer.submit(write(officer, briefing, embargo="24.11. 18:00"), "hand-on")
    moment.is_at(moment.now().replace(hour=18))
    page = sign_in(officer).get(f"{ROOT}/{kept(house).id}")
    assert "The embargo has passed meanwhile." in page.words


class TestTwoPersons:
    """TWO_PERSON_RULE=1: nothing leaves that one person alone has read."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return dataclasses.replace(settings, two_person_rule=True)

    def test_another_officer_releases_it(
        self, staff: Callable[..., PageClient], briefing: Briefing, house: House
    ) -> None:
        writer, other = staff("officer"), staff("officer", email="second@example.org")
        page = writer.submit(write(writer, briefing), "hand-on")
        assert "Two-person rule" in page.words
        number = kept(house).id
        version = {"version": str(kept(house).version), "looked": "y"}
        token = page.soup.find("input", {"name": "csrf_token"})["value"]
        refused = writer.post(f"{ROOT}/{number}/release", data={"csrf_token": token, **version})
        assert refused.status_code == 409
        officer_page = other.get(f"{ROOT}/{number}")
        other.submit(officer_page, "release", looked="y")
        assert kept(house).state == "released"


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 200), ("contacts", 200), ("admin", 200), ("approver", 200), ("reader", 403), ("editor", 403)],
)
def test_who_may_look_at_mailings(staff: Callable[..., PageClient], briefing: Briefing, role: str, status: int) -> None:
    number = briefing.written()
    client = staff(role, email="somebody@example.org")
    assert client.get(ROOT).status_code == client.get(f"{ROOT}/{number}").status_code == status


def test_a_set_larger_than_is_looked_at_is_counted(officer: PageClient, briefing: Briefing) -> None:
    briefing.crowd(5_750)
    page = officer.get(f"{ROOT}/{briefing.written()}")
    assert "5,750 people" in page.words
    assert "The first 5,000 were looked at" in page.words


def test_a_list_leads_to_a_mailing_and_to_a_file(staff: Callable[..., PageClient], briefing: Briefing) -> None:
    keeper = staff("contacts", email="keeper@example.org")
    page = keeper.get(f"/desk/contacts/lists/{briefing.list}")
    new = page.soup.find("a", href=f"{ROOT}/new?to=list:{briefing.list}")
    assert new is not None
    chosen = keeper.get(new["href"]).soup.find("option", value=f"list:{briefing.list}")
    assert chosen.has_attr("selected")
    assert page.soup.find("a", href=f"/desk/contacts/export?of=list&id={briefing.list}") is not None
    assert keeper.get("/desk/contacts?region=Niš").soup.find("a", href="/desk/contacts/export?region=Ni%C5%A1")
    assert keeper.get("/desk/contacts/lists").soup.find("a", href=ROOT) is not None
