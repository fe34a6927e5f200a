"""Today answers its seven questions in their order, and a part that cannot answer costs only its line (screens.md §7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from outreach import clock
from outreach.house import House
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.duty import rota
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.language import Variant
from outreach.mail import outbox
from outreach.mail.compose import Words
from outreach.mail.message import Segment
from tests.support.client import Page, PageClient
from tests.support.moment import Moment


def asked(house: House, number: int, **other: Any) -> None:
    """Put an inquiry down as if it had been sent 40 minutes ago."""
    now = clock.now()
    values: dict[str, Any] = {
        "reference": f"26-{number:05}-0", "fingerprint": str(number), "key_id": "k", "variant": "en",
        "state": "received", "needs": ["quote"], "subject": f"Subject {number}", "deadline_choice": "at",
        "deadline_zone": "Europe/Belgrade", "terms_wanted": "record", "name": "Reporter", "outlet": "Daily Example",
        "email": "reporter@example.org", "channels": ["email"], "reply_in": "en", "folded": f"subject {number} reporter",
        "received_at": now - timedelta(minutes=40), "changed_at": now, "last_in_at": now - timedelta(minutes=40),
    }  # fmt: skip
    with house.db.transaction() as session:
        session.add(Inquiry(**{**values, **other}))


def test_a_quiet_day_says_so_in_every_part(officer: PageClient) -> None:
    words = officer.get("/desk/").words
    for said in (
        "Nothing is due.", "Nothing late", "Nobody is waiting.", "Nothing waits on you.",
        "Nobody has written since you last looked.", "No mail has left yet",
    ):  # fmt: skip
        assert said in words, said


def test_the_seven_questions_are_answered(officer: PageClient, house: House) -> None:
    now = clock.now()
    asked(house, 1, deadline_at=now + timedelta(hours=2))
    asked(house, 2, deadline_at=now - timedelta(minutes=5), state="accepted", owner_id=1)
    asked(
        house, 3, state="accepted", owner_id=1, desk_at=now - timedelta(minutes=20), last_in_at=now,
        messages=[InquiryMessage(direction="in", at=now, body="Could you add the total?")],
    )  # fmt: skip
    page = officer.get("/desk/")
    due = page.soup.find("section", {"class": "next-due"})
    assert "Subject 2" in due.get_text(), "what is late comes first"
    tally = [item.get_text(" ", strip=True) for item in page.soup.find("ul", {"class": "tally"}).find_all("li")]
    assert tally[:4] == ["1 late", "1 due within 4 hours", "1 nobody’s", "3 open"]
    blocks = {
        block.h2["id"]: " ".join(block.get_text(" ").split()) for block in page.soup.find_all("section") if block.h2
    }
    assert "Subject 1" in blocks["nobody"]
    assert "40 min" in blocks["nobody"].replace("\xa0", " ")
    assert "Subject 2" in blocks["mine"]
    assert "Subject 3" in blocks["mine"]
    assert "“Could you add the total?”" in blocks["words"]


def block(page: Page, name: str) -> str:
    return page.soup.find("section", {"aria-labelledby": name}).get_text(" ", strip=True)  # type: ignore[union-attr]


def cleared(house: House, reference: str, **other: Any) -> None:
    """Somebody was asked to clear the whole answer an hour ago."""
    now = clock.now()
    values: dict[str, Any] = {
        "text": "Words", "text_hash": "0", "approver_name": "Legal adviser", "approver_email": "legal@example.org",
        "key_id": "k", "asked_at": now - timedelta(hours=1), "latest_at": now + timedelta(hours=1),
    }  # fmt: skip
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()
        session.add(Clearance(inquiry_id=inquiry.id, **{**values, **other}))


def test_what_is_in_clearance_is_said_with_whom_and_since_when(officer: PageClient, house: House) -> None:
    asked(house, 1, state="in clearance")
    cleared(house, "26-00001-0")
    cleared(house, "26-00001-0", approver_name="Decided adviser", decision="granted")
    said = block(officer.get("/desk/"), "clear")
    assert "In clearance 1 " in said
    assert "with Legal adviser since" in said
    assert "Decided" not in said


def test_a_clearance_that_is_asked_of_me_waits_on_me_before_all(officer: PageClient, house: House) -> None:
    asked(house, 1, state="in clearance")
    asked(house, 2, state="accepted", owner_id=1)
    cleared(house, "26-00001-0", approver_id=1)
    rows = officer.get("/desk/").soup.find(id="mine").parent.find_all("li")
    assert ["waits for your clearance" in row.get_text() for row in rows] == [True, False]


def test_a_commitment_that_is_due_stands_with_my_inquiry_and_is_counted(officer: PageClient, house: House) -> None:
    now = clock.now()
    mine = {"state": "accepted", "owner_id": 1}
    asked(house, 1, commit_by_at=now - timedelta(minutes=5), **mine)
    asked(house, 2, commit_by_at=now + timedelta(minutes=30), **mine)
    asked(house, 3, commit_by_at=now - timedelta(minutes=5), commitment="will", **mine)
    page = officer.get("/desk/")
    rows = [row.get_text() for row in page.soup.find(id="mine").parent.find_all("li")]
    assert ["say now" in row for row in rows] == [True, False, False]
    assert ["say by" in row for row in rows] == [False, True, False]
    late = page.soup.find("a", string="1 past the hour to say whether we will make it")
    assert len(officer.get(late["href"]).soup.select("table.queue tbody tr")) == 1


def test_who_is_on_duty_and_who_follows_stands_on_the_machine_line(officer: PageClient, house: House) -> None:
    assert "nobody is on duty" in officer.get("/desk/").words
    now = clock.now()
    with house.db.transaction() as session:
        rota.add(session, now, 1, now - timedelta(hours=1), now + timedelta(hours=1), 1)
    words = officer.get("/desk/").words
    assert "on duty: Officer, on duty, until" in words
    assert "then nobody" in words


def test_s04_a_page_that_renews_itself_does_not_keep_the_session_alive(officer: PageClient, moment: Moment) -> None:
    officer.get("/desk/")
    for _ in range(4):
        moment.moves(minutes=10)
        answer = officer.get("/desk/", headers={"X-Renewal": "1"})
    assert answer.status_code == 303


def test_long_lists_show_seven_and_how_many_more(officer: PageClient, house: House) -> None:
    for number in range(10):
        asked(house, number)
    page = officer.get("/desk/")
    assert len(page.soup.find(id="nobody").parent.find_all("li")) == 7
    assert "3 more" in page.words


def test_mail_that_does_not_leave_is_said_on_the_machine_line(officer: PageClient, house: House) -> None:
    now = clock.now()
    words = Words("Hello", [Segment("Hello\n", True)], [Segment("<p>Hello</p>\n", True)])
    with house.db.transaction() as session:
        mail = outbox.enqueue(
            session, house, now, kind="receipt", ref="x:1", to_address="a@example.org", variant=Variant.EN, words=words
        )
        assert mail is not None
        mail.next_at = now - timedelta(minutes=30)
    words = officer.get("/desk/").words
    assert "Mail is not going out since" in words
    assert "1 is waiting" in words


def test_a_part_that_fails_costs_its_line_and_not_the_page(officer: PageClient, house: House) -> None:
    asked(house, 1)
    with house.db.writing_engine.begin() as connection:
        connection.execute(text("ALTER TABLE inquiry_message RENAME TO inquiry_message_away"))
        connection.execute(text("ALTER TABLE document RENAME TO document_away"))
    page = officer.get("/desk/")
    assert page.status_code == 200
    assert "This part cannot be shown now: New words" in page.words
    assert "This part cannot be shown now: Embargoes" in page.words
    assert "Subject 1" in page.words


def test_f13_hostile_text_stays_text(officer: PageClient, house: House) -> None:
    officer.checks_pages = False
    hostile = "<script>alert(1)</script>"
    now = clock.now()
    asked(
        house, 1, subject=hostile, name=hostile, outlet=hostile, deadline_at=now, last_in_at=now,
        messages=[InquiryMessage(direction="in", at=now, body=hostile)],
    )  # fmt: skip
    for path in ("/desk/", "/desk/search?q=subject"):
        assert officer.get(path).soup.find("script", string="alert(1)") is None
