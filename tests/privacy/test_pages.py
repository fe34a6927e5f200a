"""The desk's page: look, hand over, erase; by address or by the number of a record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.contacts import intake
from outreach.house import House
from tests.privacy import seeded
from tests.support.client import PageClient

ADDRESS = "reporter@example.org"


@pytest.fixture
def person(house: House) -> int:
    with house.db.transaction() as session:
        return intake.from_inquiry(
            session, house, seeded.NOW, name="Radio Reporter", outlet="Radio (example)", email=ADDRESS, phone="",
            channels=["email"], language="en", actor_id=None,
        ).id  # fmt: skip


@pytest.fixture
def guardian(staff: Callable[..., PageClient]) -> PageClient:
    return staff("data_protection")


def actions(house: House) -> list[str]:
    with house.db.read() as session:
        return list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("privacy."))))


@pytest.mark.both
def test_p05_p06_from_looking_to_erased(guardian: PageClient, house: House, person: int) -> None:
    page = guardian.get("/desk/privacy")
    shown = guardian.submit(page, "/held", whom=ADDRESS)
    assert "Contacts" in shown.soup.find("dl").get_text()
    file = guardian.submit(shown, "/file", button="as=json")
    assert file.headers["Content-Disposition"].endswith('"held.json"')
    assert ADDRESS in file.text
    unticked = guardian.submit(shown, "/erase")
    assert (unticked.status_code, "Tick that you have checked it" in unticked.words) == (422, True)
    for _ in range(2):
        done = guardian.submit(shown, "/erase", sure=True)
        assert "Erased in every room." in done.get_data(as_text=True)
    assert actions(house)[:3] == ["privacy.held", "privacy.held", "privacy.erased"]
    with house.db.read() as session:
        assert seeded.raw(session, ADDRESS) == []


def test_a_record_is_found_by_its_number_and_what_is_none_is_said(guardian: PageClient, person: int) -> None:
    page = guardian.get(f"/desk/privacy?person={person}")
    assert guardian.submit(page, "/held").status_code == 200
    for nobody in ("99", "x", "-", "", "9" * 40):
        assert guardian.submit(page, "/held", whom=nobody).status_code == 422


def test_s07_who_has_no_business_with_it_does_not_get_in(staff: Callable[..., PageClient], person: int) -> None:
    for role in ("reader", "officer", "approver", "editor"):
        assert staff(role, email=f"{role}@example.org").get("/desk/privacy").status_code == 403


def test_f13_hostile_words_stay_text(guardian: PageClient, house: House, person: int) -> None:
    with house.db.transaction() as session:
        tables = seeded.Model.metadata.tables
        session.execute(tables["person"].update().values(note="<script>alert(1)</script>"))
    shown = guardian.submit(guardian.get("/desk/privacy"), "/held", whom=ADDRESS)
    file = guardian.submit(shown, "/file", button="as=html")
    assert "<script>" not in file.text
    assert "&lt;script&gt;" in file.text
