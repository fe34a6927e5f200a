"""Erasure reaches every room and every file, and nothing about anybody else (P-06, P-07)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text, update

from outreach.contacts.commands import contacts
from outreach.contacts.imports.models import ImportRow
from outreach.contacts.models import ContactAddress, Organisation, Person
from outreach.db import Database, Model
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import moves
from outreach.inquiries.models import Inquiry
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.mail.models import ACCEPTED, SENDING, OutboxEmail, Suppression
from outreach.mail.transports import mail_folder
from outreach.privacy import erasing, jobs, mentions, reach, subjects
from outreach.privacy.commands import privacy
from tests.privacy import seeded
from tests.support.client import PageClient
from tests.support.moment import Moment

NOW = seeded.NOW
MARKER, OTHER = "zanzibar", "samarkand"


@pytest.fixture
def both(house: House) -> None:
    """Two people, each in every table, with a file of each on the disk."""
    house.settings.files_folder.mkdir(parents=True, exist_ok=True)
    with house.db.transaction() as session:
        for marker in (MARKER, OTHER):
            made = seeded.seed(session, house, marker)
            files = Model.metadata.tables["stored_file"]
            session.execute(update(files).where(files.c.id == made["stored_file"]).values(key=f"file-{made['person']}"))
            (house.settings.files_folder / f"file-{made['person']}").write_text(seeded.name(marker))


def erase(house: House, marker: str) -> None:
    with house.db.read() as session:
        subject = subjects.of_address(session, house, seeded.address(marker))
        named = mentions.find(session, subject, reach.rows(session, subject))
    with house.db.transaction() as session:
        assert erasing.erase(session, house, NOW, subject, named, "asked") == []
    jobs.overwrite(house)


def places(db: Database, marker: str) -> list[str]:
    with db.read() as session:
        return seeded.raw(session, marker)


def files_with(folder: Path, marker: str) -> list[str]:
    """Every file below a folder in which the marker stands, whatever its capitals."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and marker.encode() in path.read_bytes().lower()
    ]


@pytest.mark.both
def test_p06_no_row_names_them_any_more_and_the_neighbour_is_whole(house: House, both: None) -> None:
    neighbour = places(house.db, OTHER)
    assert len(places(house.db, MARKER)) > 60
    erase(house, MARKER)
    assert places(house.db, MARKER) == []
    assert places(house.db, OTHER) == neighbour
    keyed = house.address_hash(seeded.address(MARKER))
    assert sorted(places(house.db, keyed)) == ["confirmation_mail.counted_as", "suppression.address_hash"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_p06_no_file_of_the_office_has_a_byte_of_it(house: House, both: None) -> None:
    assert len(files_with(house.settings.var_dir, MARKER)) >= 2
    erase(house, MARKER)
    house.db.dispose()
    assert files_with(house.settings.var_dir, MARKER) == []
    assert files_with(house.settings.var_dir, OTHER) != []


def test_p06_mails_that_left_as_files_go_too(house: House, both: None) -> None:
    folder = mail_folder(house.settings)
    folder.mkdir(parents=True, exist_ok=True)
    mails = select(OutboxEmail.message_id, OutboxEmail.to_address)
    with house.db.read() as session:
        written = session.execute(mails).all()
    for message_id, address in written:
        (folder / f"{message_id}.eml").write_text(f"To: {address}")
        (folder / f".{message_id}.4711").write_text(f"To: {address}")  # its writer was killed
    (folder / "of-another-office.eml").write_text("To: somebody@example.org")
    theirs = {message_id for message_id, address in written if MARKER in address}
    assert theirs
    erase(house, MARKER)
    assert files_with(folder, MARKER) == []
    left = {path.name for path in folder.iterdir()}
    assert len(left) == 2 * (len(written) - len(theirs)) + 1


def test_p06_a_mail_that_was_leaving_loses_its_words_once_it_has_left(house: House, both: None, moment: Moment) -> None:
    moment.is_at(NOW)
    with house.db.transaction() as session:
        theirs = select(OutboxEmail).where(OutboxEmail.to_address.contains(MARKER)).order_by(OutboxEmail.id).limit(1)
        mail = session.scalars(theirs).one()
        mail.state = SENDING
    erase(house, MARKER)
    assert places(house.db, MARKER) != []
    with house.db.transaction() as session:
        session.get_one(OutboxEmail, mail.id).state = ACCEPTED
    jobs.overwrite(house)
    assert places(house.db, MARKER) == []


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_p06_after_vacuum_no_page_of_postgresql_has_it(house: House, both: None) -> None:
    erase(house, MARKER)
    with house.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL"))
        connection.execute(text("CHECKPOINT"))
        paths = "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        heaps = connection.execute(text(paths)).scalars().all()
        pages = "SELECT position('\\x7a616e7a69626172'::bytea IN pg_read_binary_file(:path))"
        assert [path for path in heaps if connection.execute(text(pages), {"path": path}).scalar_one()] == []


@pytest.mark.both
def test_twice_is_no_error(house: House, both: None) -> None:
    erase(house, MARKER)
    with house.db.transaction() as session:
        subject = subjects.of_person(session, house, 1)
        assert erasing.erase(session, house, NOW, subject, [], "asked") == []


def test_what_the_office_answers_for_stays_without_the_person(house: House, both: None, officer: PageClient) -> None:
    with house.db.transaction() as session:
        session.get_one(ReleasedAnswer, 1).text = f"The site is open, {seeded.name(MARKER)}."
    erase(house, MARKER)
    with house.db.read() as session:
        answer, inquiry = session.get_one(ReleasedAnswer, 1), session.get_one(Inquiry, 1)
        assert (answer.text, answer.question) == ("The site is open, […].", "")
        assert (inquiry.name, inquiry.email, inquiry.details, inquiry.needs) == ("–", "", {}, [])
        assert not any(moves.is_legal(inquiry, verb) for verb in moves.LEGAL)
        reference = inquiry.reference
    officer.get(f"/desk/inquiries/{reference}")
    officer.get("/desk/inquiries?view=answered")


def test_a_namesake_keeps_the_name(house: House, both: None) -> None:
    """Two people of one name: a text with it may be about either, so it is left for a person to read."""
    with house.db.transaction() as session:
        session.get_one(Person, 2).name = seeded.name(MARKER)
        session.get_one(Organisation, 1).note = f"Ask {seeded.name(MARKER)} or {seeded.address(MARKER)}"
    erase(house, MARKER)
    with house.db.read() as session:
        assert session.get_one(Person, 2).name == seeded.name(MARKER)
        assert session.get_one(Organisation, 1).note == f"Ask {seeded.name(MARKER)} or […]"


def test_an_address_or_name_that_only_contains_theirs_is_somebody_elses(house: House, both: None) -> None:
    longer = f"Ask x{seeded.address(MARKER)}, {seeded.address(MARKER)}.rs or {seeded.name(MARKER)}ski"
    with house.db.transaction() as session:
        session.get_one(Organisation, 2).note = longer
        session.get_one(Organisation, 1).note = f"Ask:\n{seeded.address(MARKER).upper()}."
    erase(house, MARKER)
    with house.db.read() as session:
        assert session.get_one(Organisation, 2).note == longer
        assert session.get_one(Organisation, 1).note == "Ask:\n[…]."


def test_a_colleague_is_not_erased_while_they_may_sign_in(house: House, staff: Callable[..., PageClient]) -> None:
    staff("officer", email="colleague@example.org")
    with house.db.transaction() as session, pytest.raises(Conflict):
        subject = subjects.of_address(session, house, "colleague@example.org")
        erasing.erase(session, house, NOW, subject, [], "asked")


@pytest.mark.both
def test_p07_a_list_does_not_bring_them_back_and_the_refusal_is_a_keyed_hash(
    house: House, both: None, tmp_path: Path, environment: None
) -> None:
    erase(house, MARKER)
    (tmp_path / "list.csv").write_text(
        f"name,email\nDesk Zanzibar,{seeded.address(MARKER).upper()}\nDesk Oslo,oslo@example.org\n"
    )
    asked = ["import", str(tmp_path / "list.csv"), "--source", "a list", "--basis", "consent", "--take-in"]
    done = CliRunner().invoke(contacts, asked)
    assert done.exit_code == 0, done.output
    with house.db.read() as session:
        verdicts = select(ImportRow.verdict).where(ImportRow.import_id == 3).order_by(ImportRow.number)
        assert session.scalars(verdicts).all() == ["refused", "new"]
        hashed = house.address_hash(seeded.address(MARKER))
        assert session.scalars(select(ContactAddress).where(ContactAddress.address_hash == hashed)).all() == []
        kept = session.scalars(select(Suppression).where(Suppression.address_hash == hashed)).one()
        assert kept.scope == "all"
        assert set(Suppression.__table__.columns.keys()) == {"id", "address_hash", "scope", "reason", "at"}


def test_the_command_says_first_what_would_go(house: House, both: None, environment: None) -> None:
    asked = CliRunner().invoke(privacy, ["erase", seeded.address(MARKER)])
    assert "Nothing was done. Say --sure to erase." in asked.output
    assert places(house.db, MARKER) != []
    done = CliRunner().invoke(privacy, ["erase", seeded.address(MARKER), "--sure"])
    assert done.exit_code == 0, done.output
    assert places(house.db, MARKER) == []
    assert CliRunner().invoke(privacy, ["erase", "99"]).exit_code == 1
