"""The queue's many rows at once, its kept views, its filters and its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach.inquiries import queries
from outreach.inquiries.desk_models import SavedView
from outreach.inquiries.models import Inquiry
from tests.inquiries.conftest import case, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def bulk(officer: PageClient, step: str, *references: str, **typed: str) -> Page:
    queue = officer.get("/desk/inquiries?view=all")
    token = queue.soup.select_one("#bulk [name=csrf_token]")["value"]  # type: ignore[index]
    ticks = {str(tag["value"]) for tag in queue.soup.select("input[form=bulk]")}
    assert set(references) <= ticks
    data = {"csrf_token": token, "view": "all", "q": "", "step": step, "pick": list(references), **typed}
    return officer.post("/desk/inquiries/bulk", data=data, follow_redirects=True)  # type: ignore[return-value]


def test_one_step_for_many_and_each_row_is_told(ask: Ask, officer: PageClient, house: Any) -> None:
    first, second, closed = (reference_of(ask(subject=f"Subject {n}")) for n in (1, 2, 3))
    officer.submit(case(officer, closed), button="do=withdraw")
    page = bulk(officer, "accept", first, second, closed)
    assert f"Accepted: {first}, {second}" in page.words or f"Accepted: {second}, {first}" in page.words
    assert f"This inquiry was withdrawn: {closed}" in page.words
    assert {stored(house, one).state for one in (first, second)} == {"accepted"}
    assert page.request.path == "/desk/inquiries"
    twice = bulk(officer, "accept", first)
    assert f"Accepted: {first}" in twice.words


def test_many_are_handed_over_put_off_and_closed(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    first, second = (reference_of(ask(subject=f"Subject {n}", when=["none"])) for n in (1, 2))
    options = officer.get("/desk/inquiries").soup.select("#bulk-to option")
    to = next(str(option["value"]) for option in options if "Deputy" in option.get_text())
    bulk(officer, "hand-over", first, second, to=to)
    assert stored(house, first).owner_id == stored(house, second).owner_id == int(to)
    bulk(officer, "put-off", first, second, until="sutra 10")
    assert stored(house, first).snoozed_until == stored(house, second).snoozed_until is not None
    officer.submit(case(officer, first), button="do=answer", body="All of it.", partly=True)
    said = bulk(officer, "close", first, second).words
    assert f"A question has no answer. Close it in its workspace: {first}" in said
    assert f"Only what is answered, declined or passed on can be closed: {second}" in said


def test_a_step_without_rows_or_a_row_without_a_step_is_told(ask: Ask, officer: PageClient) -> None:
    reference = reference_of(ask())
    assert "Tick at least one inquiry first." in bulk(officer, "accept").words
    assert "Choose what to do" in bulk(officer, "", reference).words
    assert "Deadline must include a date" in bulk(officer, "put-off", reference, until="").words
    assert "Choose a colleague" in bulk(officer, "hand-over", reference, to="99999").words


def test_a_view_is_kept_by_name_counted_renamed_and_forgotten(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(subject="Mines on the river"))
    ask(subject="Something else")
    shown = officer.get("/desk/inquiries?view=new&q=mines")
    kept = officer.submit(shown, "/inquiries/views", name="Mines, new")
    assert kept.request.full_path == "/desk/inquiries?view=new&q=mines"
    tab = kept.soup.select_one('.view-tabs a[aria-current="page"]')
    assert tab.get_text(" ", strip=True) == "★ Mines, new 1"  # type: ignore[union-attr]
    assert reference in officer.get(str(tab["href"])).text  # type: ignore[index]
    renamed = officer.submit(kept, "/views/", button="do=rename", name="River")
    assert "★ River 1" in renamed.soup.select_one(".view-tabs").get_text(" ", strip=True)  # type: ignore[union-attr]
    token = renamed.soup.select_one("#bulk [name=csrf_token]")["value"]  # type: ignore[index]
    with house.db.read() as session:
        view_id = session.scalars(select(SavedView.id)).one()
    officer.post(f"/desk/inquiries/views/{view_id}", data={"csrf_token": token, "do": "unstar"})
    assert "River" not in officer.get("/desk/inquiries").soup.select_one(".view-tabs").get_text()  # type: ignore[union-attr]
    for _ in range(2):
        officer.post(f"/desk/inquiries/views/{view_id}", data={"csrf_token": token, "do": "delete"})
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(SavedView)) == 0


def test_a_kept_view_is_ones_own(ask: Ask, officer: PageClient, colleague: PageClient, house: Any) -> None:
    officer.submit(officer.get("/desk/inquiries?q=mines"), "/inquiries/views", name="Mines")
    page = colleague.get("/desk/inquiries")
    assert "Mines" not in page.words
    token = page.soup.select_one("#saved [name=csrf_token]")["value"]  # type: ignore[index]
    with house.db.read() as session:
        view_id = session.scalars(select(SavedView.id)).one()
    for do, code in (("rename", 404), ("star", 404), ("delete", 303), ("forge", 400)):
        data = {"csrf_token": token, "name": "Yours", "do": do}
        assert colleague.post(f"/desk/inquiries/views/{view_id}", data=data).status_code == code, do
    with house.db.read() as session:
        assert session.scalars(select(SavedView.name)).all() == ["Mines"]


def test_the_filter_knows_states_and_what_an_inquiry_is_about(ask: Ask, officer: PageClient, house: Any) -> None:
    waiting, other = reference_of(ask(subject="One")), reference_of(ask(subject="Two"))
    officer.submit(case(officer, waiting), button="do=ask", ask_words="Which year?")
    with house.db.transaction() as session:
        session.scalars(select(Inquiry).where(Inquiry.reference == other)).one().about = "abcde"
    for typed, found in {"is:waiting": {waiting}, "about:abcde": {other}, "is:snoozed": set()}.items():
        cells = officer.get("/desk/inquiries", query_string={"q": typed}).soup.select("table.queue .ref")
        assert {cell.get_text() for cell in cells} == found, typed
    assert waiting in officer.get("/desk/inquiries?view=waiting").text
    assert waiting not in officer.get("/desk/inquiries?view=clearance").text


def test_fifty_rows_a_page_and_what_is_over_is_counted_to_a_limit(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask())
    with house.db.transaction() as session:
        one = session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()
        known = {c.key: getattr(one, c.key) for c in Inquiry.__table__.columns if c.key not in ("id", "nonce")}
        for number in range(queries.MOST_COUNTED + 20):
            ends = {"state": "closed", "answered_at": moment.now()} if number > 60 else {"state": "accepted"}
            session.add(Inquiry(**{**known, "reference": f"99-{number:05}", **ends}))
    team = officer.get("/desk/inquiries")
    assert len(team.soup.select("table.queue tbody tr")) == 50
    assert len(officer.get("/desk/inquiries?page=2").soup.select("table.queue tbody tr")) == 12
    with house.db.read() as session:
        counts = queries.counts(session, None, moment.now())
    assert (counts["team"], counts["answered"], counts["all"]) == (62, 959, 1000)
    assert "1,000+" in team.soup.select_one(".view-tabs").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("engine", ["sqlite"])  # PostgreSQL plans by what is in the table; benchmarks/queue shows it
@pytest.mark.parametrize("view", queries.VIEWS)
def test_the_queue_reads_no_more_rows_for_what_is_over(view: str, house: Any, moment: Moment) -> None:
    """The plan of every view walks an index in its order: nothing is sorted and the table is not read from end to end."""
    from sqlalchemy import text
    from sqlalchemy.dialects import sqlite

    from outreach.inquiries import filters

    asked = filters.Asked(view, "", 1, moment.now(), house.office.zone)
    wanted = select(Inquiry.id, Inquiry.subject).where(*asked.conditions()).order_by(*filters.order(view)).limit(51)
    said = wanted.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    with house.db.read() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {said}".replace("?", "1"))).all()
    steps = " / ".join(str(row[3]) for row in plan)
    assert "USING INDEX" in steps, steps
    assert "TEMP B-TREE" not in steps, steps
