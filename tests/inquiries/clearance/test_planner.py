"""The planner counts back from the deadline over the office's calendar, and says which step is too late already."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from outreach import office as offices
from outreach.inquiries.clearance import planner
from outreach.office import Office
from tests.inquiries.conftest import TUESDAY, case, reference_of
from tests.support.client import Page, PageClient

NINE_TO_FIVE = dataclasses.replace(
    offices.read(ROOT / "content"), hours={day: (time(9), time(17)) for day in range(5)}, holidays=()
)
ROUND_THE_CLOCK = offices.read(ROOT / "content")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """In winter, by Belgrade's clock."""
    return datetime(2025, month, day, hour - 1, minute, tzinfo=UTC)


def latest(office: Office, deadline: datetime) -> dict[str, datetime]:
    return {step.name: step.latest_at for step in planner.plan(office, at(1, 9), deadline)}


def test_an_afternoon_deadline_is_planned_within_the_day() -> None:
    assert latest(NINE_TO_FIVE, at(25, 16)) == {
        "draft": at(25, 14, 15), "ask": at(25, 14, 45), "approve": at(25, 15, 45), "send": at(25, 15, 45),
    }  # fmt: skip


def test_nobody_approves_at_night_or_before_the_office_opens() -> None:
    assert latest(NINE_TO_FIVE, at(25, 22)) == {
        "draft": at(25, 15, 30), "ask": at(25, 16), "approve": at(25, 17), "send": at(25, 21, 45),
    }  # fmt: skip
    assert latest(NINE_TO_FIVE, at(25, 9, 30))["ask"] == at(24, 16, 15)


def test_a_weekend_and_a_public_holiday_are_no_time_to_approve() -> None:
    monday = latest(NINE_TO_FIVE, at(24, 9, 45))
    assert (monday["ask"], monday["draft"]) == (at(21, 16, 30), at(21, 16))
    assert latest(NINE_TO_FIVE, at(12, 9, 45))["ask"] == at(10, 16, 30)  # 11 November is Armistice Day in Serbia


def test_what_is_too_late_is_named_and_what_is_done_is_not() -> None:
    now, deadline = at(25, 14, 30), at(25, 16)
    steps = {step.name: step.is_impossible for step in planner.plan(NINE_TO_FIVE, now, deadline)}
    assert steps == {"draft": True, "ask": False, "approve": False, "send": False}
    assert not any(step.is_impossible for step in planner.plan(NINE_TO_FIVE, now, deadline, ("draft",)))


def test_an_approver_is_told_when_an_answer_still_helps() -> None:
    assert planner.approval_by(NINE_TO_FIVE, at(25, 10), at(25, 16)) == at(25, 15, 45)
    assert planner.approval_by(NINE_TO_FIVE, at(25, 18), at(25, 22)) == at(25, 21, 45)
    assert planner.approval_by(NINE_TO_FIVE, at(25, 15, 50), at(25, 16)) == at(25, 16)
    assert planner.approval_by(NINE_TO_FIVE, at(25, 17), at(25, 16)) is None
    assert planner.approval_by(NINE_TO_FIVE, at(25, 17), None) is None


@given(minutes=st.integers(0, 60 * 24 * 40))
@pytest.mark.parametrize("office", [NINE_TO_FIVE, ROUND_THE_CLOCK], ids=["nine to five", "no hours"])
def test_the_steps_never_stand_out_of_order(office: Office, minutes: int) -> None:
    deadline = datetime.fromtimestamp(at(1, 12).timestamp() + 60 * minutes, UTC)
    times = [step.latest_at for step in planner.plan(office, at(1, 12), deadline)]
    assert times == sorted(times)
    assert times[-1] < deadline


def test_d3_an_impossible_step_is_red_at_intake_on_the_workspace_and_in_the_queue(
    ask: Callable[..., Page], officer: PageClient, moment: Any
) -> None:
    urgent = reference_of(ask(when=["hour"], phone="+381 11 000 0000"))
    calm = reference_of(ask(when=["tomorrow"]))
    red = case(officer, urgent).soup.select_one('[aria-label="Plan"] [data-state="late"]')
    assert red is not None
    assert red.get_text() == "Too late: Begin writing by 08:57"
    assert case(officer, calm).soup.select_one('[aria-label="Plan"] [data-state="late"]') is None
    rows = {
        row.select_one(".ref").get_text(): row.get_text()
        for row in officer.get("/desk/inquiries").soup.select("tbody tr")
    }  # type: ignore[union-attr,attr-defined]
    assert "Too late: Begin writing by" in rows[urgent]
    assert "Too late" not in rows[calm]
    assert moment.now() > TUESDAY
