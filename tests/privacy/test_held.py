"""Whoever asks gets everything that is held about them, whatever table it stands in, and nothing about others (P-05)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from outreach.contacts.models import ContactAddress, Person
from outreach.errors import Conflict
from outreach.house import House
from outreach.privacy import bundle, page, subjects
from outreach.privacy.commands import privacy
from tests.privacy import seeded

NOW = seeded.NOW
MARKER, OTHER = "zanzibar", "samarkand"


def document(house: House, marker: str) -> dict[str, Any]:
    with house.db.read() as session:
        return bundle.made(session, house, NOW, subjects.of_address(session, house, seeded.address(marker)))


@pytest.fixture
def both(house: House) -> None:
    """Two people, each in every table; the first is a colleague as well."""
    with house.db.transaction() as session:
        seeded.seed(session, house, MARKER, staff=True)
        seeded.seed(session, house, OTHER)


def test_every_table_that_may_name_a_person_is_seeded(house: House, both: None) -> None:
    with house.db.read() as session:
        named = {place.partition(".")[0] for place in seeded.raw(session, MARKER)}
    hashes_only = {"suppression", "mailing_recipient", "confirmation_mail"}
    binary = {"mail_inbound"}  # PostgreSQL shows bytes as digits
    assert {table.name for table in seeded.tables() if seeded.is_personal(table)} - named <= hashes_only | binary


@pytest.mark.both
def test_p05_the_export_has_every_row_that_a_search_of_the_whole_database_finds(house: House, both: None) -> None:
    said = document(house, MARKER)
    tables = {table.name: table for table in seeded.tables()}
    given = {
        (name, tuple(row[column.name] for column in tables[name].primary_key if column.name in row))
        for name, rows in said["held"].items()
        for row in rows
    }
    given |= {(one["table"], tuple(one["row"])) for one in said["named_in"]}
    with house.db.read() as session:
        rows = [(name, key) for name, key, _ in seeded.found(session, MARKER)]
    assert len(rows) >= 29
    missing = [
        row
        for row in rows
        if json.loads(json.dumps(row, default=str)) not in json.loads(json.dumps(list(given), default=str))
    ]
    assert missing == []


@pytest.mark.both
def test_p05_nothing_about_anybody_else_is_in_it_and_no_secret(house: House, both: None) -> None:
    said = document(house, MARKER)
    for form in page.FORMS:
        assert OTHER not in page.written(said, form).decode().casefold()
    assert "password" not in said["held"]["account"][0]
    assert all("key_hash" not in row for row in said["held"]["staff_session"])


def test_third_persons_who_stand_in_their_rows_are_left_out(house: House, both: None) -> None:
    with house.db.transaction() as session:
        tables = {table.name: table for table in seeded.tables()}
        session.execute(
            tables["clearance"].update().values(approver_email="approver@example.org", approver_name="Approver")
        )
        session.execute(
            tables["inquiry_message"].update().values(copies_to=[seeded.address(MARKER), "copied@example.org"])
        )
    said = document(house, MARKER)
    assert "approver_email" not in said["held"]["clearance"][0]
    assert said["held"]["inquiry_message"][0]["copies_to"] == [seeded.address(MARKER)]


def test_an_address_of_several_records_leads_to_nobody_by_itself(house: House, both: None) -> None:
    with house.db.transaction() as session:
        session.add(
            ContactAddress(person_id=2, kind="email", value=seeded.address(MARKER), folded="x",
                           address_hash=house.address_hash(seeded.address(MARKER)), created_at=NOW)
        )  # fmt: skip
    with house.db.read() as session, pytest.raises(Conflict):
        subjects.of_address(session, house, seeded.address(MARKER))
    with house.db.read() as session:
        assert session.get_one(Person, 2).id == 2
        shared = subjects.of_person(session, house, 2)
    assert seeded.address(MARKER) in shared.known
    assert seeded.address(MARKER) not in shared.addresses


def test_p05_one_command_writes_both_files(house: House, both: None, tmp_path: Path, environment: None) -> None:
    done = CliRunner().invoke(privacy, ["held", seeded.address(MARKER), "--to", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    written = json.loads((tmp_path / "out" / "held.json").read_text())
    assert written["held"]["person"][0]["name"] == seeded.name(MARKER)
    assert seeded.name(MARKER) in (tmp_path / "out" / "held.html").read_text()
    assert (tmp_path / "out" / "held.json").stat().st_mode & 0o077 == 0


def test_p12_who_was_looked_at_is_one_command(house: House, both: None, tmp_path: Path, environment: None) -> None:
    runner = CliRunner()
    runner.invoke(privacy, ["held", seeded.address(MARKER), "--to", str(tmp_path)])
    seen = runner.invoke(privacy, ["seen", "--since", "2026-11-23"])
    assert "privacy.held\tperson:1" in seen.output
    assert "privacy.held" not in runner.invoke(privacy, ["seen", "--since", "2099-01-01"]).output
