"""Whether an answer left before its deadline is written down with it in contacts, where lists ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.contacts.models import Interaction
from tests.inquiries.conftest import case, reference_of
from tests.inquiries.desk import stop
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def noted(house: Any) -> list[bool | None]:
    with house.db.read() as session:
        return list(session.scalars(select(Interaction.is_on_time).where(Interaction.kind == "answer")))


def answer(officer: PageClient, reference: str, words: str = "2,000 tonnes.") -> Page:
    return officer.submit(case(officer, reference), button="do=answer", **{"answers-0": words})


@pytest.mark.parametrize(("hours", "when", "is_on_time"), [(0, "today", True), (9, "today", False), (0, "none", None)])
def test_an_answer_is_on_time_or_late_or_had_no_deadline(
    ask: Ask, officer: PageClient, house: Any, moment: Moment, hours: int, when: str, is_on_time: bool | None
) -> None:
    reference = reference_of(
        ask(questions="How much has been destroyed?", when=[when], time="16h" if when == "today" else "")
    )
    officer.submit(case(officer, reference), button="do=contact")
    moment.moves(minutes=1)
    officer_again = officer if not hours else _later(officer, moment, hours)
    answer(officer_again, reference)
    assert noted(house) == [is_on_time]


def test_words_that_do_not_answer_are_neither_and_the_first_answer_decides(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions="How much has been destroyed?"))
    officer.submit(case(officer, reference), button="do=contact")
    officer.submit(case(officer, reference), button="do=reply", body="We are asking.")
    assert noted(house) == [None]
    moment.moves(minutes=1)
    sent = answer(officer, reference)
    assert noted(house) == [True]
    stop(officer, sent)
    assert noted(house) == [None]


def _later(officer: PageClient, moment: Moment, hours: int) -> PageClient:
    from tests.support.people import sign_in

    moment.moves(hours=hours)
    return sign_in(officer)
