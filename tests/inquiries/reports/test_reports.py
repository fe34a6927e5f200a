"""A month in figures: right on both databases, each number leads to its list, and who looked is noted (D12, S-12)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.house import House
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.inquiries.reports import figures, filters
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

HOUR = timedelta(hours=1)
DAY = datetime(2026, 11, 10, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BELGRADE = ZoneInfo("Europe/Belgrade")

Put = Callable[..., str]


@pytest.fixture
def put(house: House, moment: Moment) -> Put:
    """put(answered=2, deadline=4, …): an inquiry of 10 November, its times in hours after receipt; its reference."""
    moment.is_at(NOW)
    numbers = iter(range(1, 1000))

    def entered(at: datetime = DAY, deadline: float | None = 4, **other: Any) -> str:
        number = next(numbers)
        after = {name: other.pop(name, None) for name in ("acknowledged", "answered", "closed")}
        state = "answered" if after["answered"] else "accepted"
        values: dict[str, Any] = {
            "reference": f"26-{number:05}-0", "fingerprint": str(number), "key_id": "k", "variant": "en", "state": state,
            "needs": ["quote"], "subject": f"Subject {number}", "deadline_choice": "day", "terms_wanted": "on_record",
            "deadline_zone": "Europe/Belgrade", "name": "Reporter", "outlet": "Daily", "channels": [], "reply_in": "any",
            "email": "reporter@example.org", "folded": f"subject {number} reporter daily", "received_at": at,
            "changed_at": at, "last_in_at": at, "deadline_at": None if deadline is None else at + deadline * HOUR,
            **{f"{name}_at": at + hours * HOUR for name, hours in after.items() if hours is not None},
        }  # fmt: skip
        with house.db.transaction() as session:
            session.add(Inquiry(**{**values, **other}))
        return str(values["reference"])

    return entered


def report(house: House) -> figures.Report:
    with house.db.read() as session:
        return figures.month(session, BELGRADE, DAY.date().replace(day=1), NOW)


def clock(found: figures.Report, name: str) -> figures.Clock:
    return next(one for one in found.clocks if one.name == name)


def test_the_three_clocks_have_their_median_their_ninth_in_ten_and_their_deadline(put: Put, house: House) -> None:
    for hours in (1, 2, 3, 5, 6):
        put(acknowledged=hours / 10, answered=hours)
    put()
    found = report(house)
    assert (found.received, found.open, found.late_count) == (6, 1, 3)
    assert clock(found, "answered") == figures.Clock("answered", 5, 3 * HOUR, 6 * HOUR, 3, 2, 1)
    assert clock(found, "acknowledged").median == timedelta(minutes=18)
    assert clock(found, "closed") == figures.Clock("closed", 0, None, None, 0, 0, 6)
    assert found.share_in_time == 50


def test_what_was_declined_passed_on_merged_or_taken_back_is_neither_in_time_nor_late(put: Put, house: House) -> None:
    put(answered=1)
    for state in ("declined", "referred", "duplicate", "withdrawn"):
        put(state=state)
    put(state="screened")
    found = report(house)
    assert (found.received, found.ended_otherwise, found.share_in_time, found.late_count) == (5, 4, 100, 0)


def test_a_month_is_a_month_in_belgrade(put: Put, house: House) -> None:
    put(at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))  # 23:59 on 31 October
    inside = put(at=datetime(2026, 10, 31, 23, 0, tzinfo=UTC))
    last = put(at=datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    put(at=datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    with house.db.read() as session:
        month = filters.received(DAY.date().replace(day=1), BELGRADE)
        assert set(session.scalars(select(Inquiry.reference).where(month))) == {inside, last}


def shown(page: Page) -> int:
    """How many inquiries the queue says it found."""
    return len(page.soup.select("table.queue tbody tr"))


def test_every_number_leads_to_a_list_of_just_so_many(put: Put, officer: PageClient, house: House) -> None:
    put(answered=1, acknowledged=0.2, outlet='The "Daily" Example', about="programmes/science", reply_in="cir")
    put(answered=5, acknowledged=0.2, outlet='The "Daily" Example', needs=["interview", "material"], variant="lat")
    put(outlet="Дневник")
    put(state="declined", outlet="Дневник")
    reference = put(at=DAY - timedelta(days=60), answered=1)
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()
        message = InquiryMessage(direction="out", at=DAY, body="")
        inquiry.messages.append(message)
        session.flush()
        session.add(
            ReleasedAnswer(
                code="1", inquiry_id=inquiry.id, message_id=message.id, question="", text="", text_hash="", variant="en",
                terms="on_record", released_at=DAY, superseded_at=DAY, folded="",
            )
        )  # fmt: skip
    page = officer.get("/desk/reports?month=2026-11")
    links = [(int(link.get_text()), link["href"]) for link in page.soup.main.select('a[href*="view=all"]')]  # type: ignore[union-attr]
    assert len(links) > 20
    for count, address in links:
        assert shown(officer.get(address)) == count, address


def test_a_quiet_month_and_its_neighbours_are_shown(officer: PageClient, moment: Moment) -> None:
    moment.is_at(NOW)
    officer = officer
    page = officer.get("/desk/reports")
    assert page.h1 == "Report November 2026"
    assert "0 inquiries received" in page.words
    hrefs = [link["href"] for link in page.soup.main.select('a[href*="month="]')]  # type: ignore[union-attr]
    assert [href.rpartition("=")[2] for href in hrefs] == ["2026-10", "2026-12", "2026-11"]
    for nonsense in ("2026-13", "nonsense", "٢٠٢٦-11", "2026-1"):
        assert officer.get(f"/desk/reports?month={nonsense}").status_code == 404


def test_late_ones_stand_with_their_reason(put: Put, officer: PageClient) -> None:
    put(answered=6, commitment="wont", commitment_words="The ministry has the figure.")
    put()
    words = officer.get("/desk/reports?month=2026-11").words
    assert "The ministry has the figure." in words
    assert "no reason given" in words


def test_f17_the_table_runs_nothing_in_a_spreadsheet(put: Put, officer: PageClient) -> None:
    put(answered=1.5, outlet="=HYPERLINK(1)")
    answer = officer.get("/desk/reports/figures.csv?month=2026-11")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Part", "What", "Received"]
    assert ["Clock", "Answered", "1", "1", "0", "0", "90", "90"] in rows
    assert ["By outlet", "'=HYPERLINK(1)", "1", "1", "0", "", "", ""] in rows


def test_s12_looking_and_exporting_are_noted(put: Put, officer: PageClient, house: House) -> None:
    officer.get("/desk/reports?month=2026-11")
    officer.get("/desk/reports/figures.csv?month=2026-11")
    with house.db.read() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("report."))).all()
        assert [(entry.action, entry.obj) for entry in noted] == [
            ("report.read", "report:2026-11"), ("report.exported", "report:2026-11")
        ]  # fmt: skip


def test_no_officer_is_ranked(put: Put, officer: PageClient) -> None:
    put(answered=1, owner_id=1)
    assert "Officer, on duty" not in officer.get("/desk/reports?month=2026-11").words


@pytest.mark.parametrize(
    "line", ['outlet:"', 'received:2026-99 answered:soon corrected:', 'lang:"a b" need:% about:""', "is:nonsense x:y"]
)  # fmt: skip
def test_a_filter_line_that_means_nothing_is_words_and_never_a_failure(officer: PageClient, line: str) -> None:
    assert officer.get("/desk/inquiries", query_string={"q": line}).status_code == 200
