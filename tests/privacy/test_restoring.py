"""A refusal outlives the restore of an older backup: the file beside the database is said to it again (O-06, P-08)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from outreach.contacts import intake, records
from outreach.contacts.models import Person
from outreach.house import House
from outreach.language import Variant
from outreach.mail import suppressions
from outreach.operations.backup import backup
from outreach.privacy import erasing, jobs, mentions, reach, refusals, subjects
from outreach.privacy.commands import privacy
from outreach.subscriptions import erasure as subscriptions
from outreach.subscriptions import optin, stopping
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import EVERYTHING, Consent, Subscriber
from tests.privacy.seeded import NOW, raw
from tests.support.moment import Moment

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PEOPLE = ("anna", "boris", "clara", "david")


@pytest.fixture
def office(house: House, moment: Moment) -> House:
    """Four people in the register who subscribe, and an hour later a backup."""
    moment.is_at(NOW)
    with house.db.transaction() as session:
        for who in PEOPLE:
            intake.from_inquiry(
                session, house, NOW, name=f"Desk {who.title()}", outlet="Daily Example", email=f"{who}@example.org",
                phone="", channels=["email"], language="en", actor_id=None,
            )  # fmt: skip
            choice = Choice((EVERYTHING,), "daily", "08:00", Variant.EN)
            optin.request(
                session, house, NOW, address=f"{who}@example.org", choice=choice, shown=Variant.EN, source="form"
            )
            session.flush()
            optin.confirm(session, NOW, session.scalars(select(Consent.id).order_by(Consent.id.desc())).first())
    jobs.keep_refusals(house)
    moment.moves(hours=1)
    return house


def subscriber(house: House, who: str) -> Subscriber | None:
    hashed = house.address_hash(f"{who}@example.org")
    with house.db.read() as session:
        return session.scalar(select(Subscriber).where(Subscriber.address_hash == hashed))


def erase(house: House, who: str, now) -> None:
    with house.db.transaction() as session:
        subject = subjects.of_address(session, house, f"{who}@example.org")
        named = mentions.find(session, subject, reach.rows(session, subject))
        erasing.erase(session, house, now, subject, named, "asked")


def refuse(house: House, moment: Moment) -> None:
    """Anna stops, Boris is erased, Clara objects."""
    now = moment.now()
    with house.db.transaction() as session:
        stopping.stop(session, now, 1, "on the page")
    erase(house, "boris", now)
    with house.db.transaction() as session:
        records.stop(session, now, 3, "said so")
    jobs.keep_refusals(house)


def restore(house: House, copy: Path) -> None:
    """As the README says it."""
    house.db.dispose()
    target = Path(str(house.db.url.database))
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copy(copy, target)


def test_o06_who_stopped_objected_or_was_erased_stays_so(office: House, moment: Moment, tmp_path: Path) -> None:
    copy = backup(office, moment.now(), tmp_path)
    refuse(office, moment)
    restore(office, copy)
    assert subscriber(office, "boris") is not None
    moment.moves(hours=1)
    jobs.keep_refusals(office)
    with office.db.read() as session:
        assert raw(session, "boris") == []
        assert session.get_one(Person, 3).do_not_contact
        assert not session.get_one(Person, 4).do_not_contact
        assert suppressions.is_suppressed(session, office, "boris@example.org", suppressions.ALL)
    anna, clara, david = (subscriber(office, who) for who in ("anna", "clara", "david"))
    assert anna.ended_at is not None
    assert clara.ended_at is not None
    assert david.ended_at is None


def test_p08_a_second_restore_of_the_same_backup_learns_it_again(office: House, moment: Moment, tmp_path: Path) -> None:
    copy = backup(office, moment.now(), tmp_path)
    refuse(office, moment)
    for _ in range(2):
        restore(office, copy)
        moment.moves(hours=1)
        jobs.keep_refusals(office)
        assert subscriber(office, "boris") is None


def test_o06_who_deleted_their_subscription_themselves_stays_deleted(
    office: House, moment: Moment, tmp_path: Path
) -> None:
    copy = backup(office, moment.now(), tmp_path)
    with office.db.transaction() as session:
        subscriptions.erase(session, office, moment.now(), 4)
    jobs.keep_refusals(office)
    restore(office, copy)
    jobs.keep_refusals(office)
    assert subscriber(office, "david") is None
    with office.db.read() as session:
        assert not suppressions.is_suppressed(session, office, "david@example.org", suppressions.ALL)
        assert session.get_one(Person, 4).ended_at is None


def test_p08_a_refusal_that_became_wider_stays_so(office: House, moment: Moment, tmp_path: Path) -> None:
    with office.db.transaction() as session:
        for who in ("anna", "boris"):
            suppressions.suppress(
                session, office, f"{who}@example.org", suppressions.DIGESTS, "complained", moment.now()
            )
    jobs.keep_refusals(office)
    moment.moves(hours=1)
    copy = backup(office, moment.now(), tmp_path)
    with office.db.transaction() as session:
        suppressions.suppress(session, office, "anna@example.org", suppressions.ALL, "hard bounce", moment.now())
    jobs.keep_refusals(office)
    restore(office, copy)
    jobs.keep_refusals(office)
    with office.db.read() as session:
        assert suppressions.is_suppressed(session, office, "anna@example.org", suppressions.ALL)
        assert not suppressions.is_suppressed(session, office, "boris@example.org", suppressions.ALL)


def test_p08_a_refusal_in_the_place_of_one_that_ended_is_written_down_too(office: House, moment: Moment) -> None:
    """SQLite gives the number of a row that went to the next one."""
    with office.db.transaction() as session:
        ended = suppressions.suppress(session, office, "anna@example.org", "digests", "complained", moment.now())
    jobs.keep_refusals(office)
    with office.db.transaction() as session:
        session.delete(session.merge(ended))
    jobs.keep_refusals(office)
    with office.db.transaction() as session:
        suppressions.suppress(session, office, "boris@example.org", "digests", "complained", moment.now())
    jobs.keep_refusals(office)
    assert office.address_hash("boris@example.org") in refusals.path(office).read_text()


def test_whoever_came_back_before_the_backup_stays(office: House, moment: Moment, tmp_path: Path) -> None:
    """Only what the backup does not know is said to it."""
    refuse(office, moment)
    moment.moves(hours=1)
    with office.db.transaction() as session:
        intake.from_inquiry(
            session, office, moment.now(), name="Desk Boris", outlet="", email="boris@example.org", phone="",
            channels=["email"], language="en", actor_id=None,
        )  # fmt: skip
    copy = backup(office, moment.now(), tmp_path)
    erase(office, "david", moment.now())
    restore(office, copy)
    jobs.keep_refusals(office)
    with office.db.read() as session:
        assert raw(session, "david") == []
        assert raw(session, "boris") != []


def test_the_file_holds_keyed_hashes_and_no_address(office: House, moment: Moment) -> None:
    refuse(office, moment)
    jobs.keep_refusals(office)  # that an objection stopped a digest is news too
    written = refusals.path(office).read_text()
    assert not any(who in written for who in PEOPLE)
    assert office.address_hash("boris@example.org") in written
    assert refusals.path(office).stat().st_mode & 0o077 == 0
    before = len(written)
    jobs.keep_refusals(office)
    assert len(refusals.path(office).read_text()) == before, "nothing new, nothing written"


def test_a_line_cut_off_by_a_crash_is_passed_over(office: House, moment: Moment, environment: None) -> None:
    refuse(office, moment)
    with refusals.path(office).open("a") as file:
        file.write('{"at": "2026-11')
    assert CliRunner().invoke(privacy, ["replay"]).exit_code == 0
    erase(office, "david", moment.now())
    assert [line.what for line in refusals.read(office)][-1] == "erased"


def test_p09_an_objection_stops_digests_too(office: House, moment: Moment) -> None:
    with office.db.transaction() as session:
        records.stop(session, moment.now(), 3, "said so")
    jobs.keep_refusals(office)
    stopped = subscriber(office, "clara")
    assert (stopped.ended_at is not None, stopped.ended_reason) == (True, "objected")
    assert subscriber(office, "david").ended_at is None
