"""The next shift reads one page in a minute; the work of somebody who leaves moves in one step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from outreach.house import House
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.duty import rota
from outreach.inquiries.duty.models import DutyTurn
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import Inquiry, InquiryEvent
from tests.inquiries.duty.conftest import HOUR, account_id
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

NOW = datetime(2025, 11, 25, 15, tzinfo=UTC)  # Tuesday 16:00 in Belgrade
Put = Callable[..., str]


@pytest.fixture
def busy(
    moment: Moment, officer: PageClient, staff: Callable[..., PageClient], put: Put, house: House
) -> dict[str, str]:
    """One inquiry in each part of the page; the references by part."""
    moment.is_at(NOW)
    staff("officer", email="deputy@example.org", name="Deputy")
    mine = {"state": "accepted", "owner_id": account_id(house)}
    found = {
        "due": put(deadline=NOW + 3 * HOUR, **mine),
        "unowned": put(deadline=NOW + 50 * HOUR),
        "promised": put(deadline=NOW + 50 * HOUR, commitment="partly", commitment_words="The total only.", **mine),
        "waiting": put(deadline=NOW + 60 * HOUR, **{**mine, "state": "waiting"}),
        "cleared": put(deadline=NOW + 60 * HOUR, **{**mine, "state": "in clearance"}),
        "unread": put(deadline=NOW + 60 * HOUR, last_in_at=NOW + HOUR / 60, **mine),
        "snoozed": put(snoozed_until=NOW + 20 * HOUR, **mine),
        "over": put(deadline=NOW + HOUR, **{**mine, "state": "answered"}),
    }
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry).where(Inquiry.reference == found["cleared"])).one()
        session.add(
            Clearance(
                inquiry_id=inquiry.id, text="Words", text_hash="0", approver_name="Legal adviser", key_id="k",
                approver_email="deputy@example.org", asked_at=NOW, latest_at=NOW + 10 * HOUR,
                approver_id=account_id(house, "deputy@example.org"),
            )
        )  # fmt: skip
    moment.is_at(NOW + HOUR / 30)
    return found


def part(page: Page, name: str) -> str:
    section = page.soup.find("section", {"aria-labelledby": name})
    return section.get_text(" ", strip=True) if section else ""


def test_each_part_holds_what_belongs_to_it(officer: PageClient, busy: dict[str, str]) -> None:
    page = officer.get("/desk/handover")
    for name in ("due", "unowned", "promised", "waiting", "cleared", "unread", "snoozed"):
        assert busy[name] in part(page, name), name
    assert busy["over"] not in page.words
    assert "a part in time : The total only." in part(page, "promised")
    assert "with Legal adviser since" in part(page, "cleared")
    assert "Less than an hour is left until the deadline" in part(page, "ahead")


def test_an_empty_desk_hands_nothing_over(officer: PageClient) -> None:
    assert "There is nothing to hand over." in officer.get("/desk/handover").words


def test_m22_the_mail_carries_references_and_deadlines_only_and_one_form_is_one_mail(
    officer: PageClient, busy: dict[str, str], mailbox: Any
) -> None:
    page = officer.get("/desk/handover")
    for _ in range(2):
        done = officer.submit(page, "/desk/handover/mail", button="to=me")
    assert "The handover is on its way to Officer, on duty." in done.words
    [mail] = mailbox.to("officer@example.org")
    for text in (mail.text, mail.html):
        assert not [reference for name, reference in busy.items() if name != "over" and reference not in text]
        assert not [word for word in ("Subjectword", "Nameword", "Outletword", "total only") if word in text]


def test_the_next_on_duty_gets_it(officer: PageClient, busy: dict[str, str], house: House, mailbox: Any) -> None:
    page = officer.submit(officer.get("/desk/handover"), "/desk/handover/mail", button="to=next")
    assert "The rota names nobody to mail it to." in page.words
    with house.db.transaction() as session:
        mine, deputy = account_id(house), account_id(house, "deputy@example.org")
        rota.add(session, NOW, mine, NOW, NOW + 2 * HOUR, mine)
        rota.add(session, NOW, deputy, NOW + 2 * HOUR, NOW + 12 * HOUR, mine)
    officer.submit(page, "/desk/handover/mail", button="to=next")
    assert [mail.subject for mail in mailbox.to("deputy@example.org")] == ["Handover, Tue 25 Nov, 16:02"]


def test_the_work_of_somebody_who_leaves_moves_in_one_step_and_once(
    officer: PageClient, busy: dict[str, str], house: House
) -> None:
    leaver, colleague = account_id(house, "officer@example.org"), account_id(house, "deputy@example.org")
    with house.db.transaction() as session:
        line = Line(
            kind="line", question="Why?", terms="on_record", owner_id=leaver, checked_at=NOW, created_at=NOW, folded=""
        )
        clearance = session.scalars(select(Clearance)).one()
        clearance.approver_id, clearance.approver_email = leaver, "officer@example.org"
        session.add(line)
        rota.add(session, NOW, leaver, NOW, NOW + 5 * HOUR, leaver)
        rota.add(session, NOW, leaver, NOW + 30 * HOUR, NOW + 40 * HOUR, leaver)
    page = officer.get(f"/desk/handover/people/{leaver}")
    page = officer.submit(page, "/handover/people", to=str(colleague))
    assert "10 things changed hands." in page.words
    assert "Nothing hangs on this account." in page.words
    with house.db.read() as session:
        owners = dict(session.execute(select(Inquiry.reference, Inquiry.owner_id)).all())
        assert {owners[reference] for name, reference in busy.items() if name not in ("unowned", "over")} == {colleague}
        assert owners[busy["over"]] == leaver, "what is over stays with who did it"
        events = session.scalars(select(InquiryEvent).where(InquiryEvent.verb == "handed over")).all()
        assert [(event.actor_id, event.words) for event in events] == [(leaver, "Officer, on duty → Deputy")] * 6
        assert session.scalars(select(Line)).one().owner_id == colleague
        assert session.scalars(select(Clearance)).one().approver_email == "deputy@example.org"
        assert {one.account.id for one in rota.watches(session, NOW + HOUR, NOW + 50 * HOUR)} == {colleague}
        assert len(session.scalars(select(DutyTurn)).all()) == 3
    again = officer.post(
        f"/desk/handover/people/{leaver}", follow_redirects=True,
        data={"to": str(colleague), "csrf_token": page.soup.find("input", {"name": "csrf_token"})["value"]},  # type: ignore[index]
    )  # fmt: skip
    assert "0 things changed hands." in again.words


@pytest.mark.parametrize("to", ["", "999", "me"])
def test_work_goes_to_a_colleague_who_can_sign_in_and_to_nobody_else(
    officer: PageClient, busy: dict[str, str], house: House, to: str
) -> None:
    leaver = account_id(house)
    page = officer.get(f"/desk/handover/people/{leaver}")
    token = page.soup.find("input", {"name": "csrf_token"})["value"]  # type: ignore[index]
    data = {"to": str(leaver) if to == "me" else to, "csrf_token": token}
    answer = officer.post(f"/desk/handover/people/{leaver}", data=data)
    assert answer.status_code == 422
    assert "Choose a colleague who can sign in." in answer.words


def test_f13_hostile_text_stays_text(officer: PageClient, put: Put, moment: Moment) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    moment.is_at(NOW)
    put(deadline=NOW + HOUR, subject=hostile, name=hostile, outlet=hostile, commitment="will", commitment_words=hostile)
    page = officer.get("/desk/handover")
    assert page.soup.find("script", string="alert(1)") is None
    assert "[U+202E]" in page.words
