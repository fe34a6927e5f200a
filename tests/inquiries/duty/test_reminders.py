"""What is due is said once, to whoever can do something about it, when the office is open or the deadline needs it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from outreach.house import House
from outreach.inquiries import moves
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.duty import jobs, reminders, rota
from outreach.inquiries.duty.models import Reminder
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import Inquiry, InquiryEvent
from outreach.inquiries.stories.models import Story
from tests.inquiries.duty.conftest import HOUR, account_id, stays
from tests.support.client import PageClient
from tests.support.moment import Moment

Put, Says = Callable[..., str], Callable[[], list[tuple[str, str]]]

TUESDAY = datetime(2025, 11, 25, 9, tzinfo=UTC)  # 10:00 in Belgrade
DUTY, REPORTER = "duty@example.org", "reporter@example.org"
NOBODYS, COMMIT, SUSPENSE, LAST_HOUR, PASSED = (
    reminders.NOBODYS, reminders.COMMIT, reminders.SUSPENSE, reminders.HOUR, reminders.PASSED,
)  # fmt: skip


def about(reference: str, what: str, to: str = DUTY) -> tuple[str, str]:
    return to, f"[{reference}] {what}"


def change(house: House, **values: Any) -> None:
    """Change the only inquiry."""
    with house.db.transaction() as session:
        session.execute(update(Inquiry).values(**values))


def test_an_inquiry_that_nobody_takes_is_said_after_fifteen_minutes_and_once(
    moment: Moment, put: Put, said: Says
) -> None:
    moment.is_at(TUESDAY)
    reference = put()
    moment.moves(minutes=14)
    assert said() == []
    moment.moves(minutes=2)
    assert said() == [about(reference, NOBODYS)]
    moment.moves(minutes=30)
    assert said() == []


def test_an_urgent_inquiry_that_nobody_has_is_said_at_once(moment: Moment, put: Put, said: Says) -> None:
    moment.is_at(TUESDAY)
    reference = put(deadline=TUESDAY + 3 * HOUR)
    assert said() == [about(reference, NOBODYS)]


def test_fifteen_minutes_are_office_time_over_a_night(moment: Moment, put: Put, said: Says) -> None:
    moment.is_at(TUESDAY.replace(hour=15, minute=50))  # 16:50
    reference = put()
    told = stays(moment, said, TUESDAY + timedelta(days=1))
    assert told == [(datetime(2025, 11, 26, 8, 5, tzinfo=UTC), f"[{reference}] {NOBODYS}")]


def test_a_weekend_is_no_office_time(moment: Moment, put: Put, said: Says) -> None:
    moment.is_at(datetime(2025, 11, 28, 17, tzinfo=UTC))  # Friday 18:00
    reference = put()
    moment.is_at(datetime(2025, 12, 1, 8, 14, tzinfo=UTC))
    assert said() == []
    moment.moves(minutes=2)
    assert said() == [about(reference, NOBODYS)]


def test_orthodox_easter_with_its_monday_is_no_office_time(moment: Moment, put: Put, said: Says) -> None:
    moment.is_at(datetime(2026, 4, 9, 14, 50, tzinfo=UTC))  # Thursday 16:50; Good Friday is 10 April
    reference = put()
    for day in (10, 11, 12, 13):
        moment.is_at(datetime(2026, 4, day, 10, tzinfo=UTC))
        assert said() == [], day
    moment.is_at(datetime(2026, 4, 14, 7, 6, tzinfo=UTC))  # Tuesday 09:06
    assert said() == [about(reference, NOBODYS)]


def test_the_deadline_is_told_of_step_by_step(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    reference = put(deadline=TUESDAY + 5 * HOUR, state="accepted", owner_id=account_id(house))
    told = stays(moment, said, TUESDAY + 6 * HOUR)
    assert [(at - TUESDAY, subject) for at, subject in told] == [
        (timedelta(minutes=minutes), f"[{reference}] {what}")
        for minutes, what in ((110, COMMIT), (240, LAST_HOUR), (300, PASSED))
    ], "the suspense and the last hour fall together: the more pressing is said"


def test_a_commitment_ends_the_question_for_one(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    put(deadline=TUESDAY + 5 * HOUR, state="accepted", owner_id=account_id(house), commitment="will")
    moment.moves(hours=2)
    assert said() == []


def test_the_suspense_is_told_to_the_owner_and_not_to_the_duty_officer(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    mine = account_id(house)
    reference = put(deadline=TUESDAY + 52 * HOUR, state="accepted", owner_id=mine, commitment="will")
    moment.moves(hours=42)
    assert said() == [], "it passed at half past three in the night"
    moment.moves(hours=5.1)
    assert said() == [about(reference, SUSPENSE, "officer@example.org")]


def test_an_answer_ends_every_reminder(moment: Moment, put: Put, said: Says, house: House) -> None:
    moment.is_at(TUESDAY)
    put(deadline=TUESDAY + 5 * HOUR)
    change(house, state="answered")
    assert stays(moment, said, TUESDAY + 6 * HOUR) == []


def test_nothing_sounds_at_night_unless_the_deadline_falls_before_the_office_opens(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    evening = TUESDAY.replace(hour=20)  # 21:00
    moment.is_at(evening)
    owner = {"state": "accepted", "owner_id": account_id(house)}
    can_wait = put(deadline=evening + 14 * HOUR, **owner)  # 11:00, the office opens at 09:00
    cannot = put(deadline=evening + 8 * HOUR, **owner)  # 05:00
    told = stays(moment, said, evening + 12 * HOUR + timedelta(minutes=1))
    by_night = [subject for at, subject in told if at < evening + 12 * HOUR]
    assert by_night == [f"[{cannot}] {what}" for what in (COMMIT, SUSPENSE, LAST_HOUR, PASSED)]
    assert [subject for at, subject in told if at >= evening + 12 * HOUR] == [f"[{can_wait}] {SUSPENSE}"]


def test_without_stated_hours_the_night_is_from_ten_to_seven(house: House) -> None:
    office = dataclasses.replace(house.office, hours=None)
    night, morning = datetime(2025, 11, 25, 21, tzinfo=UTC), datetime(2025, 11, 26, 6, tzinfo=UTC)
    assert reminders.opens_again(office, night) == morning
    assert reminders.opens_again(office, morning) is None
    assert reminders.opens_again(office, night - timedelta(minutes=1)) is None
    assert not reminders.may_sound(office, night, None)
    assert reminders.may_sound(office, night, morning - timedelta(minutes=1))


def test_a_deadline_that_was_moved_is_another_deadline(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    put(deadline=TUESDAY + HOUR, state="accepted", owner_id=account_id(house), commitment="will")
    moment.moves(hours=1.1)
    assert len(said()) == 1
    change(house, deadline_at=TUESDAY + 3 * HOUR, suspense_at=TUESDAY + 2.5 * HOUR)
    moment.moves(hours=2)
    assert len(said()) == 1


def test_what_two_schedulers_see_is_said_once(moment: Moment, put: Put, house: House) -> None:
    moment.is_at(TUESDAY)
    put()
    now = moment.moves(minutes=20)
    with house.db.read() as session:
        [(subject, number)] = reminders.due(session, house, now)
    jobs.remind(house)
    with house.db.transaction() as session:
        assert not reminders.give(session, house, now, subject, number)
    with house.db.read() as session:
        assert [row.kind for row in session.scalars(select(Reminder))] == ["nobodys"]


def test_the_officer_on_duty_is_told_in_their_own_language_and_with_nothing_but_the_reference(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House, mailbox: Any
) -> None:
    now = moment.is_at(TUESDAY)
    page = officer.get("/desk/me")
    officer.submit(page, "/desk/me", variant="cir")
    with house.db.transaction() as session:
        rota.add(session, now, account_id(house), now - HOUR, now + 8 * HOUR, 1)
    reference = put()
    moment.moves(minutes=20)
    [(to, subject)] = said()
    assert (to, subject) == ("officer@example.org", f"[{reference}] Овај упит још нико није преузео")
    mail = mailbox.all()[-1]
    assert f"/desk/inquiries/{reference}" in mail.text
    assert not [word for word in ("Subjectword", "Nameword", "Outletword", REPORTER) if word in mail.text + mail.html]


def test_an_owner_whose_account_has_ended_is_not_written_to(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    from outreach.accounts import profiles

    moment.is_at(TUESDAY)
    reference = put(deadline=TUESDAY + HOUR, state="accepted", owner_id=account_id(house), commitment="will")
    with house.db.transaction() as session:
        profiles.end(session, TUESDAY, "officer@example.org")
    moment.moves(hours=1.1)
    assert said() == [about(reference, PASSED)]


@pytest.mark.parametrize("email", [REPORTER, ""])
def test_the_journalist_is_asked_again_half_way_to_the_deadline_and_once(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House, email: str
) -> None:
    moment.is_at(TUESDAY)
    deadline = TUESDAY + timedelta(days=4)  # Saturday
    owner = {"owner_id": account_id(house), "commitment": "will"}
    event = InquiryEvent(at=TUESDAY, verb=moves.ASK_BACK, to_state="waiting")
    reference = put(deadline=deadline, state="waiting", email=email, events=[event], **owner)
    moment.moves(hours=47)
    assert said() == []
    moment.moves(hours=2)
    assert said() == ([(REPORTER, f"[{reference}] We need a word from you")] if email else [])
    moment.moves(hours=1)
    assert said() == []


def clearance(house: House, latest: datetime, **other: Any) -> None:
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        values: dict[str, Any] = {
            "inquiry_id": inquiry.id, "text": "Words", "text_hash": "0", "approver_name": "Legal adviser",
            "approver_email": "legal@example.org", "key_id": "k", "asked_at": TUESDAY, "latest_at": latest,
        }  # fmt: skip
        session.add(Clearance(**{**values, **other}))


def test_an_approver_is_told_at_half_and_at_four_fifths(
    moment: Moment, staff: Any, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    staff("approver", email="approver@example.org", name="Adviser, legal")
    reference = put(deadline=TUESDAY + timedelta(days=1), state="in clearance", commitment="will")
    clearance(house, TUESDAY + 5 * HOUR, approver_id=account_id(house, "approver@example.org"))
    told = stays(moment, said, TUESDAY + 5 * HOUR)
    assert [(at - TUESDAY, subject) for at, subject in told] == [
        (2.5 * HOUR, f"[{reference}] {reminders.HALF}"), (4 * HOUR, f"[{reference}] {reminders.NEARLY}")
    ]  # fmt: skip


def test_an_approver_without_an_account_gets_the_request_once_more(
    moment: Moment, officer: PageClient, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    put(deadline=TUESDAY + timedelta(days=1), state="in clearance", commitment="will", owner_id=account_id(house))
    clearance(house, TUESDAY + 5 * HOUR)
    moment.moves(hours=3)
    assert said() == [("legal@example.org", "Words to clear")]


def test_an_approver_is_told_of_a_story(moment: Moment, staff: Any, put: Put, said: Says, house: House) -> None:
    moment.is_at(TUESDAY)
    staff("approver", email="approver@example.org", name="Adviser, legal")
    put(state="accepted")
    with house.db.transaction() as session:
        session.add(Story(id=7, title="The depot", terms="on_record", created_at=TUESDAY))
    approver = account_id(house, "approver@example.org")
    clearance(house, TUESDAY + 5 * HOUR, approver_id=approver, inquiry_id=None, story_id=7)
    moment.moves(hours=3)
    assert said() == [("approver@example.org", f"[Story 7] {reminders.HALF}")]
    with house.db.transaction() as session:
        assert reminders.coming(session, house, moment.now(), TUESDAY + 5 * HOUR) == []
        session.execute(update(Story).values(ended_at=moment.now()))
    moment.moves(hours=1.5)
    assert said() == []


def test_a_clearance_that_was_decided_or_taken_back_is_quiet(
    moment: Moment, put: Put, said: Says, house: House
) -> None:
    moment.is_at(TUESDAY)
    put(deadline=TUESDAY + timedelta(days=1), state="in clearance", commitment="will")
    clearance(house, TUESDAY + 5 * HOUR, decision="granted")
    clearance(house, TUESDAY + 5 * HOUR, withdrawn_at=TUESDAY)
    moment.moves(hours=4.5)
    assert said() == []


def test_a_line_is_told_of_three_working_days_before_it_expires(
    moment: Moment, officer: PageClient, said: Says, house: House
) -> None:
    moment.is_at(datetime(2026, 4, 7, 16, tzinfo=UTC))  # Tuesday evening before Orthodox Easter
    line = Line(
        kind="line", question="Why?", terms="on_record", owner_id=account_id(house), expires_on=date(2026, 4, 15),
        checked_at=TUESDAY, created_at=TUESDAY, folded="why",
    )  # fmt: skip
    with house.db.transaction() as session:
        session.add(line)
    assert said() == []
    moment.is_at(datetime(2026, 4, 8, 7, 1, tzinfo=UTC))  # 8 and 9 April, then the 14th, are the three days
    assert said() == [("officer@example.org", f"[Line 1] {reminders.EXPIRES}")]
    moment.moves(hours=3)
    assert said() == []
