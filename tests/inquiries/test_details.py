"""Interview and visit, byline, and the page that an inquiry is about: asked when wanted, shown wherever the rest is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.inquiries.models import Inquiry
from outreach.newsroom import intake as newsroom
from tests.inquiries.conftest import TYPED, count, key_of, only, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]

INTERVIEW = {
    "interview_form": ["recorded"],
    "interview_way": ["video"],
    "interview_language": "srpski",
    "interview_minutes": "20",
    "interview_with": "the head of the office",
}
VISIT = {
    "visit_place": "Kragujevac, the depot",
    "visit_days": "3 or 4 December",
    "visit_people": "two",
    "visit_equipment": "one camera",
}
SERBIAN_FAULTS = [
    ("en", "Select whether the interview is live, recorded or written", "Enter where you want to film or visit"),
    ("lat", "Izaberite da li je intervju uživo, sniman ili pisan", "Unesite mesto snimanja ili posete"),
    ("cir", "Изаберите да ли је интервју уживо, сниман или писан", "Унесите место снимања или посете"),
]


@pytest.fixture
def document(house: Any, moment: Moment) -> str:
    """The id of a published page."""
    with house.db.transaction() as session:
        newsroom.read_content(session, house, moment.now())
    return "848g7"


@pytest.mark.parametrize(("variant", "interview", "visit"), SERBIAN_FAULTS)
def test_what_an_interview_and_a_visit_need_is_asked_when_they_are_ticked(
    ask: Ask, house: Any, variant: str, interview: str, visit: str
) -> None:
    page = ask(variant, need=["interview", "visit"], phone="+381 11 000 0000")
    assert page.status_code == 422
    assert [link.get_text() for link in page.soup.select(".error-summary a")] == [interview, visit]
    assert interview in page.soup.select_one("#interview_form-error").get_text()  # type: ignore[union-attr]
    assert visit in page.soup.select_one("#visit_place-error").get_text()  # type: ignore[union-attr]
    assert all(part.has_attr("open") for part in page.soup.select("[data-need]"))
    assert count(house) == 0


def test_details_are_kept_and_shown_on_the_confirmation_the_status_page_and_the_desk(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    byline = "https://example.org/reporter, editor: the foreign desk"
    page = ask(need=["interview", "visit"], phone="+381 11 000 0000", byline=byline, **INTERVIEW, **VISIT)
    kept = only(house)
    assert kept.details == {
        "interview": {"form": "recorded", "way": "video", "language": "srpski", "minutes": "20", "with": "the head of the office"},
        "visit": {"place": "Kragujevac, the depot", "days": "3 or 4 December", "people": "two", "equipment": "one camera"},
    }  # fmt: skip
    assert kept.byline == byline
    desk = officer.get(f"/desk/inquiries/{kept.reference}")
    for shown in (page.words, client.get(f"/en/i/{key_of(page)}").words, desk.words):
        for said in ("Kind: Recorded", "How it is held: By video", "Place: Kragujevac, the depot", byline):
            assert said in shown


def test_details_of_what_is_not_ticked_are_ignored_and_unknown_choices_dropped(
    ask: Ask, house: Any, client: PageClient
) -> None:
    assert ask(visit_place="x" * 400, interview_with="y" * 400).status_code == 200
    assert only(house).details == {}
    token = client.get("/en/media/inquiry").soup.find("input", attrs={"name": "form_token"})["value"]  # type: ignore[index]
    usual = {"form_token": token, "when": "none", "zone": "Europe/Belgrade", "reply": "en", "phone": "+381 11 000 0000"}
    forged = {**INTERVIEW, "interview_form": "live", "interview_way": "pigeon", "need": ["interview"]}
    client.post("/en/media/inquiry", data={**TYPED, **usual, **forged})
    with house.db.read() as session:
        newest = session.scalars(select(Inquiry).order_by(Inquiry.id.desc())).first()
    assert newest.details["interview"] == {
        "form": "live", "language": "srpski", "minutes": "20", "with": "the head of the office",
    }  # fmt: skip


def test_a_detail_has_its_bound(ask: Ask) -> None:
    page = ask(need=["visit"], phone="+381 11 000 0000", visit_place="p" * 301)
    assert "The text must be 300 characters or less" in page.soup.select_one("#visit_place-error").get_text()  # type: ignore[union-attr]
    assert "300 characters" in ask(byline="b" * 301).soup.select_one("#byline-error").get_text()  # type: ignore[union-attr]


def test_an_edit_begins_with_the_details_as_they_are(ask: Ask, client: PageClient, house: Any) -> None:
    page = ask(need=["visit"], phone="+381 11 000 0000", byline="the foreign desk", **VISIT)
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    assert edit.soup.find(id="visit_place")["value"] == VISIT["visit_place"]  # type: ignore[index]
    assert edit.soup.find(id="byline")["value"] == "the foreign desk"  # type: ignore[index]
    client.submit(edit, visit_place="Vranje")
    assert only(house).details["visit"] == {
        **{k.removeprefix("visit_"): v for k, v in VISIT.items()},
        "place": "Vranje",
    }


@pytest.mark.parametrize(("variant", "about"), [("en", "About: Milestone"), ("cir", "Повод: Важан догађај")])
def test_every_published_page_leads_to_a_form_that_says_what_it_is_about(
    client: PageClient, document: str, house: Any, officer: PageClient, moment: Moment, variant: str, about: str
) -> None:
    update = client.get(f"/{variant}/updates/2026/action-plan-concluded")
    link = update.soup.select_one('main a[href*="?about="]')
    assert link is not None
    form = client.get(str(link["href"]))
    title = update.soup.h1.get_text(" ", strip=True)  # type: ignore[union-attr]
    assert f"{about} {title}" in form.words
    assert form.soup.find(id="subject")["value"] == title[:120]  # type: ignore[index]
    moment.moves(seconds=20)
    broken = client.submit(form, **{**TYPED, "when": ["none"], "name": ""})
    assert f"{about} {title}" in broken.words
    sent = client.submit(broken, name="Reporter, daily")
    assert only(house).about == document
    assert title in sent.words
    desk = officer.get(f"/desk/inquiries/{reference_of(sent)}")
    assert f"/{'en'}/updates/2026/action-plan-concluded" in {a["href"] for a in desk.soup.find_all("a", href=True)}


@pytest.mark.parametrize("about", ["nonsense", "'; DROP TABLE inquiry;--", "x" * 500, "\u202e", "../../etc"])
def test_a_page_that_is_not_there_is_ignored(
    client: PageClient, document: str, house: Any, moment: Moment, about: str
) -> None:
    form = client.get("/en/media/inquiry", query_string={"about": about})
    assert form.status_code == 200
    assert "About:" not in form.words
    moment.moves(seconds=20)
    client.submit(form, **{**TYPED, "when": ["none"], "about": about})
    assert only(house).about is None
