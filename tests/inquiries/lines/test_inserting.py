"""Lines and earlier answers put into an answer: in the journalist's script, on their terms, never expired unchecked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from outreach.accounts.models import Account
from outreach.inquiries.lines import keeping, wording
from outreach.inquiries.lines.keeping import Said
from outreach.inquiries.lines.models import LINE, Line
from outreach.language import Variant
from tests.inquiries.conftest import case, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q = "Koliko je municije uništeno?"


def keep_line(house: Any, now: Any, **changes: Any) -> int:
    said = {
        "kind": LINE, "topic": "", "question": "Колико је муниције уништено?", "text_en": "2,000 tonnes were destroyed.",
        "text_sr": "Уништено је 2.000 тона.", "terms": "on_record", "attribution": "", "source": "Annual report",
        "owner_id": None, "expires_on": None, **changes,
    }  # fmt: skip
    with house.db.transaction() as session:
        actor = session.scalars(select(Account.id)).first()
        return keeping.keep(session, house, now, Said(**said), actor).id


@pytest.mark.parametrize(
    ("reply", "put"),
    [
        ("lat", "Uništeno je 2.000 tona."),
        ("cir", "Уништено је 2.000 тона."),
        ("en", "2,000 tonnes were destroyed."),
    ],
)
def test_a_line_goes_in_in_the_journalists_script_with_its_source(
    ask: Ask, officer: PageClient, house: Any, moment: Moment, reply: str, put: str
) -> None:
    reference = reference_of(ask("lat", questions=f"{Q}\nKo plaća?", reply=[reply]))
    line = keep_line(house, moment.now())
    page = officer.submit(case(officer, reference), button=f"do=line:{line}:1", **{"answers-1": "Fondovi."})
    assert "Put in." in page.text
    first, second = stored(house, reference).questions
    assert (first.answer, first.line_id, first.terms, first.source) == (put, line, "on_record", "Annual report")
    assert second.answer == "Fondovi."


def test_what_was_typed_stays_above_the_line_and_twice_is_once(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask("lat", questions=Q))
    line = keep_line(house, moment.now())
    officer.submit(case(officer, reference), button=f"do=line:{line}:1", **{"answers-0": "Hvala na pitanju."})
    officer.submit(case(officer, reference), button=f"do=line:{line}:1")
    assert stored(house, reference).questions[0].answer == "Hvala na pitanju.\n\nUništeno je 2.000 tona."


def test_an_expired_line_goes_in_only_after_a_check_which_is_recorded(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask("lat", questions=Q))
    line = keep_line(house, moment.now(), expires_on=date(2025, 11, 24))
    refused = officer.submit(case(officer, reference), button=f"do=line:{line}:1", **{"answers-0": "Moje reči."})
    assert refused.status_code == 422
    assert "This line has expired." in refused.words
    assert refused.soup.find(id="answers-0").get_text().strip() == "Moje reči."  # type: ignore[union-attr]
    assert stored(house, reference).questions[0].answer == ""
    officer.submit(refused, button=f"do=line:{line}:1", ticks=[f"checked-line-{line}"])
    assert "2.000 tona" in stored(house, reference).questions[0].answer
    with house.db.read() as session:
        checked = session.get(Line, line)
        assert checked.checked_by_id is not None
        assert str(checked.expires_on) == "2026-02-23"


def test_background_words_go_into_an_answer_on_the_record_only_when_it_is_meant(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask("lat", questions=Q))
    line = keep_line(house, moment.now(), terms="background")
    refused = officer.submit(case(officer, reference), button=f"do=line:{line}:1")
    assert refused.status_code == 422
    assert "stricter terms" in refused.words
    officer.submit(case(officer, reference), button=f"do=line:{line}:1", terms="background")
    question = stored(house, reference).questions[0]
    assert (question.answer, question.terms) == ("Uništeno je 2.000 tona.", "background")


def test_an_ended_line_cannot_be_put_in(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    reference = reference_of(ask("lat", questions=Q))
    line = keep_line(house, moment.now())
    work = case(officer, reference)
    with house.db.transaction() as session:
        keeping.end(session, moment.now(), keeping.get(session, line), 1)
    assert "not used any more" in officer.submit(work, button=f"do=line:{line}:1").words


def test_beside_a_question_stand_the_lines_that_share_its_words(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask("lat", questions=f"{Q}\nKo plaća?"))
    keep_line(house, moment.now())
    lists = [tag.get_text(" ", strip=True) for tag in case(officer, reference).soup.select("details.line-list")]
    assert "Uništeno je 2.000 tona." in lists[0]
    assert "Nothing like this was asked before." in lists[1]


def test_two_colons_find_lines_by_any_words_of_them(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    reference = reference_of(ask("lat", questions=f"Ko plaća?\n{Q}"))
    line = keep_line(house, moment.now())
    officer.checks_pages = False  # a fragment, not a page
    for typed in ("unisteno", "уништ", "tonnes", ""):
        found = officer.get("/desk/lines/find", query_string={"in": reference, "q": typed, "n": 2})
        assert found.soup.find("button", value=f"line:{line}:2") is not None, typed
    assert "No line holds" in officer.get("/desk/lines/find", query_string={"in": reference, "q": "budžet"}).text


def test_nonsense_for_a_line_is_refused(ask: Ask, officer: PageClient) -> None:
    reference = reference_of(ask())
    work = case(officer, reference)
    token = work.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    for do in ("line:1", "line:x:1", "line:1:1:1", "said:-1:1", "line:" + "9" * 30 + ":1"):
        answer = officer.post(f"/desk/inquiries/{reference}", data={"do": do, "csrf_token": token})
        assert answer.status_code == 400, do
    for do in ("line:7:1", "said:7:1", "line:1:99"):
        answer = officer.post(f"/desk/inquiries/{reference}", data={"do": do, "csrf_token": token, "version": "1"})
        assert answer.status_code == 404, do


def test_english_is_never_written_in_cyrillic_letters() -> None:
    assert wording.choose("The work is done.", "", Variant.CIR).text == "The work is done."
    assert wording.choose("", "Posao je završen.", Variant.CIR).text == "Посао је завршен."
    assert not wording.choose("The work is done.", "", Variant.LAT).is_theirs
