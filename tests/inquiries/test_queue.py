"""The queue: next due first, views and filter, accept; the lists of Today; who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from outreach.inquiries import queries
from outreach.inquiries.models import Inquiry
from tests.inquiries.conftest import REPORTER, case, key_of, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1 = "How much has been destroyed?"


def test_d2_next_due_first_and_no_deadline_last(ask: Ask, officer: PageClient) -> None:
    late = reference_of(ask(subject="Later today", time="18h"))
    none = reference_of(ask(subject="A long read", when=["none"]))
    soon = reference_of(ask(subject="Very soon", when=["hour"], phone="+381 11 000 0000"))
    tomorrow = reference_of(ask(subject="Tomorrow", when=["tomorrow"]))
    page = officer.get("/desk/inquiries")
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("table.queue tbody tr")]  # type: ignore[attr-defined]
    assert [next(ref for ref in (late, none, soon, tomorrow) if ref in row) for row in rows] == [
        soon,
        late,
        tomorrow,
        none,
    ]
    assert "18:00" in rows[1]
    assert "Wed 26 Nov 16:00" in rows[2]
    assert "none" in rows[3]


def test_d2_views_have_counts(ask: Ask, officer: PageClient, colleague: PageClient) -> None:
    mine, theirs = reference_of(ask()), reference_of(ask())
    ask(), ask(website="http://example.org")
    officer.submit(case(officer, mine), button="do=accept")
    colleague.submit(case(colleague, theirs), button="do=accept")
    tabs = {
        a.contents[0].strip(): a.span.get_text() for a in officer.get("/desk/inquiries").soup.select(".view-tabs a")
    }  # type: ignore[union-attr,attr-defined]
    assert tabs == {
        "New": "1", "Mine": "1", "Team": "3", "In clearance": "0", "Waiting": "0", "Answered": "0", "Screened": "1",
        "All": "3",
    }  # fmt: skip
    assert mine in officer.get("/desk/inquiries?view=mine").text
    assert theirs not in officer.get("/desk/inquiries?view=mine").text
    assert officer.get("/desk/inquiries?view=forged").status_code == 404
    assert officer.get("/desk/inquiries?page=x").status_code == 404


def test_d2_the_filter_reads_words_in_either_script(ask: Ask, officer: PageClient) -> None:
    first = reference_of(ask(subject="Mines on the river"))
    second = reference_of(ask(subject="Jedan čovek", when=["tomorrow"]))
    officer.submit(case(officer, second), button="do=accept")
    wanted = {
        "mines": {first}, "čovek": {second}, "човек": {second}, "covek": {second}, "owner:me": {second}, "due:today": {first},
        "owner:nobody": {first}, "is:late": set(), "outlet:daily": {first, second}, "mines čovek": set(), "100%": set(),
        second: {second},
    }  # fmt: skip
    for typed, found in wanted.items():
        words = officer.get("/desk/inquiries", query_string={"q": typed}).soup.select("table.queue .ref")  # type: ignore[attr-defined]
        assert {cell.get_text() for cell in words} == found, typed


def test_accept_from_the_queue_tells_the_journalist_who_has_it(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any
) -> None:
    reference = reference_of(ask())
    done = officer.submit(officer.get("/desk/inquiries?view=new"), f"{reference}/accept")
    assert "Accepted." in done.text
    inquiry = stored(house, reference)
    assert (inquiry.state, inquiry.owner_id is not None) == ("accepted", True)
    mail = mailbox.to(REPORTER)[-1]
    assert mail.subject == f"[{reference}] A press officer has your inquiry"
    assert "Officer, on duty has your inquiry." in mail.text


def test_accepting_twice_is_once_and_a_colleague_is_told(
    ask: Ask, officer: PageClient, colleague: PageClient, mailbox: Any
) -> None:
    reference = reference_of(ask())
    queue, theirs = officer.get("/desk/inquiries?view=new"), colleague.get("/desk/inquiries?view=new")
    for _ in range(2):
        assert officer.submit(queue, f"{reference}/accept").status_code == 200
    refused = colleague.submit(theirs, f"{reference}/accept")
    assert refused.status_code == 409
    assert "accepted already" in refused.words
    assert len(mailbox.to(REPORTER)) == 2  # receipt, accepted


def test_readers_read_and_only_officers_write(ask: Ask, staff: Any, client: PageClient) -> None:
    reference = reference_of(ask())
    reader = staff("reader", email="reader@example.org", name="Reader")
    assert reader.get("/desk/inquiries").status_code == 200
    page = case(reader, reference)
    assert page.status_code == 200
    assert reader.submit(page, f"/desk/inquiries/{reference}", button="do=keep").status_code == 403
    editor = staff("editor", email="editor@example.org", name="Editor")
    assert editor.get("/desk/inquiries").status_code == 403
    assert client.get("/desk/inquiries").status_code in (302, 303, 401)
    assert client.get(f"/desk/inquiries/{reference}").status_code in (302, 303, 401)


def test_unknown_references_and_buttons(officer: PageClient, ask: Ask) -> None:
    assert officer.get("/desk/inquiries/25-00000-0").status_code == 404
    page = case(officer, reference_of(ask()))
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    assert officer.post(page.request.path, data={"csrf_token": token, "do": "delete"}).status_code == 400
    assert officer.post(page.request.path, data={"do": "accept"}).status_code in (400, 403)


def test_the_lists_of_today(ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment) -> None:
    soon, later = ask(when=["hour"], phone="+381 11 000 0000"), ask()
    officer.submit(case(officer, reference_of(later)), button="do=accept")
    client.submit(client.get(f"/en/i/{key_of(later)}"), body="One more thing.")
    now = moment.now()
    with house.db.read() as session:
        owner = session.scalars(select(Inquiry.owner_id).where(Inquiry.owner_id.is_not(None))).one()
        first = queries.next_due(session, now)
        assert first is not None
        assert first.inquiry.reference == reference_of(soon)
        assert [row.inquiry.reference for row in queries.nobodys(session, now)] == [reference_of(soon)]
        assert [row.inquiry.reference for row in queries.mine(session, now, owner)] == [reference_of(later)]
        assert [row.inquiry.reference for row in queries.new_words(session, now)] == [reference_of(later)]
        counts = queries.counts(session, owner, now)
        assert (counts["new"], counts["mine"], counts["team"], counts["overdue"], counts["due_soon"]) == (1, 1, 2, 0, 1)
        assert [row.inquiry.reference for row in queries.search(session, "municija ammunition", now)] == []
        assert len(queries.search(session, "ammunition DAILY", now)) == 2
        assert queries.search(session, " ", now) == []
    assert officer.get("/desk/").status_code == 200
