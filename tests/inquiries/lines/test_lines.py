"""Lines to take: the cards, their form, a check that extends them, and the end (screens.md D9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from outreach.inquiries.lines.models import Line
from tests.inquiries.conftest import TUESDAY, case, reference_of
from tests.support import pages
from tests.support.client import Page, PageClient
from tests.support.moment import Moment
from tests.support.people import sign_in

Q = "How much has been destroyed?"


def write(officer: PageClient, **changes: Any) -> Page:
    typed = {
        "question": Q,
        "text_en": "2,000 tonnes were destroyed.",
        "text_sr": "Уништено је 2.000 тона.",
        "source": "Annual report",
    }
    return officer.submit(officer.get("/desk/lines/new"), "/desk/lines/new", **{**typed, **changes})  # type: ignore[arg-type]


def change(officer: PageClient, page: Page, **typed: Any) -> Page:
    """Fill in the line's own form, the first of its page, and send it."""
    form = page.tree.find(".//main//form")
    return officer.post(page.request.path, data=MultiDict(pages.filled(form, typed)))  # type: ignore[return-value]


def lines(house: Any) -> list[Line]:
    with house.db.read() as session:
        return list(session.scalars(select(Line).order_by(Line.id)))


def test_a_line_is_kept_and_its_card_says_everything(officer: PageClient, house: Any, moment: Moment) -> None:
    moment.is_at(TUESDAY)
    assert "Line kept." in write(officer, topic=house.office.topics[0].id).text
    card = officer.get("/desk/lines").words
    for words in (Q, "2,000 tonnes", "Уништено је", "On the record", "Source: Annual report", "Owner: Officer, on duty",
                  "Valid until 23 Feb 2026", "Checked 25 Nov 2025", "used in 0 inquiries"):  # fmt: skip
        assert words in card


def test_the_same_form_twice_is_one_line(officer: PageClient, house: Any) -> None:
    write(officer)
    write(officer)
    assert len(lines(house)) == 1


def test_a_line_needs_a_question_and_words(officer: PageClient, house: Any) -> None:
    page = write(officer, question="", text_en="", text_sr="")
    assert page.status_code == 422
    assert "Write the question that this line answers" in page.words
    assert "Write what we say, in one language at least" in page.words
    assert lines(house) == []


def test_the_search_is_blind_to_script_and_marks(officer: PageClient) -> None:
    write(officer, text_sr="Деминирање у Бујановцу је завршено.")
    for typed in ("деминирање бујановцу", "Deminiranje", "deminiranje bujanovcu", "2,000 tonnes"):
        assert Q in officer.get("/desk/lines", query_string={"q": typed}).words, typed
    assert Q not in officer.get("/desk/lines", query_string={"q": "budget"}).words


def test_filters_by_topic_and_owner(officer: PageClient, staff: Callable[..., PageClient], house: Any) -> None:
    first, second = house.office.topics[:2]
    write(officer, topic=first.id, owner="")
    assert Q in officer.get("/desk/lines", query_string={"topic": first.id}).words
    assert Q not in officer.get("/desk/lines", query_string={"topic": second.id}).words
    assert Q not in officer.get("/desk/lines", query_string={"owner": 1}).words


def test_a_line_expires_is_checked_and_holds_again(officer: PageClient, house: Any, moment: Moment) -> None:
    moment.is_at(TUESDAY)
    write(officer, expires_on="2025-12-05")
    assert Q in officer.get("/desk/lines", query_string={"view": "expiring"}).words
    moment.moves(days=11)
    sign_in(officer)
    expired = officer.get("/desk/lines", query_string={"view": "expired"})
    assert "Expired 5 Dec 2025" in expired.words
    page = officer.submit(expired, "/check")
    assert "Checked: it is still right." in page.text
    line = lines(house)[0]
    assert str(line.expires_on) == "2026-03-06"
    assert "No line has expired." in officer.get("/desk/lines", query_string={"view": "expired"}).words


def test_s22_a_colleagues_change_is_shown_and_not_overwritten(
    officer: PageClient, colleague: PageClient, house: Any
) -> None:
    write(officer)
    address = f"/desk/lines/{lines(house)[0].id}"
    mine = officer.get(address)
    change(colleague, colleague.get(address), text_en="2,100 tonnes were destroyed.")
    both = change(officer, mine, text_en="2,200 tonnes were destroyed.")
    assert both.status_code == 409
    assert "Kept meanwhile How much has been destroyed? 2,100 tonnes were destroyed." in both.words
    assert lines(house)[0].text_en == "2,100 tonnes were destroyed."
    change(officer, both)
    assert lines(house)[0].text_en == "2,200 tonnes were destroyed."


def test_an_ended_line_is_out_of_use_and_stays_readable(officer: PageClient, house: Any) -> None:
    page = write(officer)
    ended = officer.submit(page, "/end")
    assert "Taken out of use" in ended.text
    assert Q not in officer.get("/desk/lines").words
    assert Q in officer.get("/desk/lines", query_string={"view": "ended"}).words


def test_a_reader_reads_and_does_not_write(staff: Callable[..., PageClient]) -> None:
    reader = staff("reader", email="reader@example.org")
    assert "New line" not in reader.get("/desk/lines").words
    assert reader.get("/desk/lines/new").status_code == 403


def test_an_answer_becomes_a_line(ask: Callable[..., Page], officer: PageClient, house: Any) -> None:
    reference = reference_of(ask("lat", questions=Q))
    officer.submit(case(officer, reference), button="do=answer", **{"answers-0": "Dve hiljade tona."})
    link = case(officer, reference).soup.find("a", string="Keep Q1 as a line?")
    assert link is not None
    form = officer.get(str(link["href"]))
    assert form.soup.find(id="text_sr").get_text().strip() == "Dve hiljade tona."  # type: ignore[union-attr]
    officer.submit(form, "/desk/lines/new")
    assert (lines(house)[0].question, lines(house)[0].text_sr) == (Q, "Dve hiljade tona.")
