"""Contacts as files: who may take them out, what the log keeps, and that no cell does anything (F-17, S-05, S-12)."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
import vobject
from sqlalchemy import insert, select

from outreach import clock
from outreach.audit import AuditEntry
from outreach.contacts import intake
from outreach.contacts.exports import files, workbooks
from outreach.contacts.exports.columns import HEADS
from outreach.contacts.exports.sources import Source
from outreach.contacts.lists.models import PressList, PressListMember
from outreach.contacts.models import ContactAddress, Person, PersonBeat
from outreach.house import House
from tests.support.client import Page, PageClient
from tests.support.people import PASSWORD

PAGE = "/desk/contacts/export"
EVIL = ["=1+1", "+381 11", "-2", "@SUM(A1)", "\t=1", "＝1", " =1", "\r=1"]


def person(house: House, name: str = "Đurđa Primer", email: str = "primer@example.org", **facts: Any) -> int:
    with house.db.transaction() as session:
        made = intake.from_inquiry(
            session, house, clock.now(), name=name, outlet="Radio Primer", email=email, phone="064 123 45 67",
            channels=[], language="lat", actor_id=None,
        )  # fmt: skip
        for field, value in facts.items():
            setattr(made, field, value)
        return made.id


def on_a_list(house: House, *ids: int) -> int:
    with house.db.transaction() as session:
        kept = PressList(name="Morning shows", purpose="", created_at=clock.now())
        session.add(kept)
        session.flush()
        session.add_all(PressListMember(list_id=kept.id, person_id=id_, added_at=clock.now()) for id_ in ids)
        return kept.id


def take(client: PageClient, form: str = "csv", where: str = PAGE, **values: str) -> Page:
    given = {"form": form, "purpose": "Badges for the open day", "password": PASSWORD, **values}
    return client.submit(client.get(where), follow=False, **given)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def whole(house: House, form: str) -> bytes:
    return b"".join(files.streamed(house, Source.of({}), form, clock.now()))


@pytest.fixture
def keeper(staff: Callable[..., PageClient]) -> PageClient:
    return staff("contacts")


def test_a_table_has_the_heads_that_our_import_reads(keeper: PageClient, house: House) -> None:
    id_ = person(house, honorific="dr", do_not_contact=True, do_not_contact_reason="asked by phone")
    with house.db.transaction() as session:
        session.add_all([PersonBeat(person_id=id_, beat="budget"), PersonBeat(person_id=id_, beat="mine action")])
        for place, (kind, value) in enumerate(
            [("email", f"other{n}@example.org") for n in range(3)] + [("signal", "+381641"), ("telegram", "@primer")]
        ):
            session.add(
                ContactAddress(
                    person_id=id_, kind=kind, value=value, folded=value, address_hash=value, position=5 + place,
                    created_at=clock.now(),
                )
            )  # fmt: skip
    answer = take(keeper)
    assert answer.content_type == "text/csv; charset=utf-8"
    (row,) = read_csv(answer.data)
    assert tuple(row) == HEADS
    assert row["Name"] == "Đurđa Primer"
    assert (row["E-mail"], row["E-mail 2"]) == ("primer@example.org", "other0@example.org")
    assert row["E-mail 3"] == "other1@example.org; other2@example.org"
    assert row["Other channels"] == "signal: +381641; telegram: @primer"
    assert (row["Beats"], row["Organisation"], row["Kind of organisation"]) == (
        "budget; mine action", "Radio Primer", "outlet",
    )  # fmt: skip
    assert (row["Do not contact"], row["Reason"], row["Writes in"]) == ("yes", "asked by phone", "lat")


@pytest.mark.parametrize("evil", EVIL)
def test_f17_no_cell_of_a_table_is_taken_for_a_formula(house: House, evil: str) -> None:
    person(house, name="Primer", note=evil, region=evil)
    (row,) = read_csv(whole(house, "csv"))
    assert row["Note"] == f"'{evil}"
    assert row["Region"].startswith("'")


@pytest.mark.parametrize("evil", [*EVIL[:4], "https://example.org", "12"])
def test_f17_every_cell_of_a_workbook_is_text(house: House, evil: str) -> None:
    person(house, note=evil)
    content = whole(house, "xlsx")
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == list(HEADS)
    assert rows[1][HEADS.index("Note")] == evil
    import zipfile

    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


def test_a_vcard_says_the_same_and_warns_of_those_not_to_be_contacted(house: House) -> None:
    person(house, note="Calls; then writes,\nnever at noon", do_not_contact=True, do_not_contact_reason="left")
    (card,) = vobject.readComponents(whole(house, "vcard").decode())
    assert (card.version.value, card.fn.value, card.n.value.family) == ("3.0", "Đurđa Primer", "Primer")
    assert (card.email.value, card.org.value) == ("primer@example.org", ["Radio Primer"])
    assert card.note.value == "Calls; then writes,\nnever at noon"
    assert card.contents["x-do-not-contact"][0].value == "left"


def test_json_has_everybody_and_is_whole_when_there_is_nobody(house: House) -> None:
    assert json.loads(whole(house, "json")) == []
    person(house)
    person(house, "Пера Пример", "pera@example.org")
    told = json.loads(whole(house, "json"))
    assert [one["name"] for one in told] == ["Đurđa Primer", "Пера Пример"]
    assert told[0]["affiliations"] == [{"organisation": "Radio Primer", "kind": "outlet", "title": ""}]


def test_a_file_holds_the_list_or_the_filter_and_nobody_else(keeper: PageClient, house: House) -> None:
    listed = person(house)
    person(house, "Pera Primer", "pera@example.org", region="Niš")
    kept = on_a_list(house, listed)
    assert [row["Name"] for row in read_csv(take(keeper, where=f"{PAGE}?of=list&id={kept}").data)] == ["Đurđa Primer"]
    assert [row["Name"] for row in read_csv(take(keeper, where=f"{PAGE}?region=Niš").data)] == ["Pera Primer"]
    assert len(read_csv(take(keeper).data)) == 2
    assert keeper.get(f"{PAGE}?of=list&id=999").status_code == 404


def test_s12_the_log_keeps_who_took_out_how_many_and_what_for(keeper: PageClient, house: House) -> None:
    kept = on_a_list(house, person(house))
    take(keeper, "xlsx", f"{PAGE}?of=list&id={kept}")
    take(keeper, "json", f"{PAGE}?region=Niš")
    with house.db.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.taken")).all()
    first, second = rows
    assert (first.obj, first.actor_id is None) == (f"list:{kept}", False)
    assert first.detail == {"count": 1, "format": "xlsx", "filter": None, "purpose": "Badges for the open day"}
    assert (second.obj, second.detail["filter"], second.detail["count"]) == ("contacts", "region=Ni%C5%A1", 0)


def test_s05_nothing_leaves_without_the_password_and_what_was_typed_stays(keeper: PageClient, house: House) -> None:
    person(house)
    answer = take(keeper, "xlsx", password="not this one at all")
    assert answer.status_code == 422
    assert "This is not your password." in answer.words
    assert answer.soup.find("textarea").get_text().strip() == "Badges for the open day"
    assert answer.soup.find("input", value="xlsx").has_attr("checked")
    with house.db.read() as session:
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "export.taken")) is None


def test_s03_passwords_are_not_tried_for_long(keeper: PageClient) -> None:
    answers = [take(keeper, password="not this one at all").status_code for _ in range(6)]
    assert answers[-1] == 429
    assert take(keeper).status_code == 429


def test_a_purpose_is_asked_for(keeper: PageClient) -> None:
    assert "Say what the file is for" in take(keeper, purpose=" ").words


@pytest.mark.parametrize("role", ["officer", "approver", "editor", "data_protection", "reader"])
def test_taking_people_out_is_a_right_of_its_own(staff: Callable[..., PageClient], role: str) -> None:
    client = staff(role)
    assert client.get(PAGE).status_code == 403


def test_memory_stays_flat_however_many_people_there_are(house: House) -> None:
    def grown(rows: int) -> int:
        with house.db.transaction() as session:
            session.execute(insert(Person), [some(n) for n in range(rows)])
        tracemalloc.start()
        for _ in files.streamed(house, Source.of({}), "csv", clock.now()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    grown(1)
    few, many = grown(1_500), grown(6_000)
    assert many < 1.5 * few


def some(number: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "name": f"Primer {number}", "folded": f"primer {number}", "source": "list", "lawful_basis": "consent",
        "created_at": now, "changed_at": now, "note": "n" * 200,
    }  # fmt: skip


def test_more_than_a_spreadsheet_is_good_for_is_offered_as_csv(keeper: PageClient, house: House) -> None:
    person(house)
    now = clock.now()
    alike = {"name": "Primer", "folded": "primer", "source": "test", "lawful_basis": "consent", "created_at": now, "changed_at": now}  # fmt: skip
    with house.db.transaction() as session:
        session.execute(insert(Person), [alike] * workbooks.MOST)
    page = take(keeper, "xlsx")
    assert (page.status_code, "Take CSV, which spreadsheet programs read too." in page.words) == (422, True)
    with house.db.read() as session:
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "export.taken")) is None
    assert take(keeper).status_code == 200


def test_whom_a_file_would_hold_is_shown_before_it_is_taken(keeper: PageClient, house: House) -> None:
    chosen = [person(house, f"Primer {number:02}", f"p{number}@example.org") for number in range(12)]
    everybody, few = keeper.get(PAGE).words, keeper.get(f"{PAGE}?of=list&id={on_a_list(house, *chosen[:2])}").words
    assert "12 people" in everybody
    assert "Primer 09 , …" in everybody
    assert "The first of them: Primer 00 , Primer 01 Notes" in few
