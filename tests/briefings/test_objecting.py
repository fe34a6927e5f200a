"""An objection stops mailings on every way that it may come (P-09)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.briefings import objecting, planning
from outreach.briefings.models import CANCELLED, SKIPPED
from outreach.contacts import erasure, records
from outreach.contacts.models import Person
from outreach.house import House
from outreach.language import Variant
from tests.briefings.conftest import Briefing
from tests.support.client import PageClient
from tests.support.mailbox import Mailbox

LINK = re.compile(r"http://localhost(/en/no-mailings/\S+)")


def stopped(house: House, person_id: int) -> tuple[bool, str]:
    with house.db.read() as session:
        person = session.get_one(Person, person_id)
        return person.do_not_contact, person.do_not_contact_reason


def link(house: House, person_id: int) -> str:
    return f"/en/no-mailings/{objecting.token(house, person_id)}"


def test_p09_by_the_link_in_a_mailing(briefing: Briefing, house: House, mailbox: Mailbox, client: PageClient) -> None:
    person_id = briefing.person("reader@example.org")
    briefing.released()
    briefing.carry_on()
    (mail,) = mailbox.to("reader@example.org")
    way_out = LINK.search(mail.text)
    assert way_out is not None
    page = client.get(way_out[1])
    assert page.h1 == "No mailings any more"
    assert stopped(house, person_id) == (False, "")  # looking changes nothing
    assert "You get no mailings any more" in client.submit(page).words
    assert stopped(house, person_id) == (True, objecting.REASON)
    mailing_id = briefing.released(subject_en="Another one")
    briefing.carry_on()
    assert briefing.became(mailing_id)[person_id] == (SKIPPED, "do not contact")
    assert len(mailbox.to("reader@example.org")) == 1


def test_p09_by_the_button_of_a_mail_program(
    briefing: Briefing, house: House, mailbox: Mailbox, client: PageClient
) -> None:
    person_id = briefing.person("reader@example.org")
    briefing.released()
    briefing.carry_on()
    (mail,) = mailbox.to("reader@example.org")
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail.message["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert stopped(house, person_id)[0]


def test_p09_an_objection_calls_back_what_waits_of_every_mailing(
    briefing: Briefing, house: House, mailbox: Mailbox, client: PageClient
) -> None:
    person_id, other = briefing.person("reader@example.org"), briefing.person("other@example.org")
    first, second = briefing.released(), briefing.released(subject_en="Another one")
    briefing.carry_on()
    client.post(link(house, person_id))
    mailbox.deliver()
    assert mailbox.to("reader@example.org") == []
    assert len(mailbox.to("other@example.org")) == 2
    briefing.carry_on()
    for mailing_id in (first, second):
        became = briefing.became(mailing_id)
        assert became[person_id] == (CANCELLED, "do not contact")
        assert became[other][0] == "accepted"


def test_p09_by_an_import_or_a_merge_after_the_mailing_was_planned(
    briefing: Briefing, house: House, mailbox: Mailbox
) -> None:
    person_id = briefing.person("reader@example.org")
    mailing_id = briefing.released()
    briefing.carry_on()
    with house.db.transaction() as session:  # as an import or a merge writes it
        session.get_one(Person, person_id).do_not_contact = True
    briefing.carry_on()
    assert mailbox.to("reader@example.org") == []
    briefing.carry_on()
    assert briefing.became(mailing_id)[person_id] == (CANCELLED, "do not contact")


def test_p09_between_two_batches_of_a_plan(briefing: Briefing, house: House) -> None:
    first, second = briefing.people(2)
    mailing_id = briefing.released()
    with house.db.transaction() as session:
        mailing = session.get_one(planning.Mailing, mailing_id)
        names = planning.keep(session, house, clock.now(), planning.editions(house, mailing))
        assert planning.enter(session, house, clock.now(), mailing_id, [first], names)
    with house.db.transaction() as session:
        records.stop(session, clock.now(), second, "asked by phone")
    briefing.carry_on()
    assert briefing.became(mailing_id)[second] == (SKIPPED, "do not contact")


def test_p09_a_link_holds_for_whoever_the_record_was_merged_into(
    briefing: Briefing, house: House, client: PageClient
) -> None:
    absorbed, survivor = briefing.person("old@example.org"), briefing.person("new@example.org")
    with house.db.transaction() as session:
        person = session.get_one(Person, absorbed)
        person.ended_at, person.survivor_id = clock.now(), survivor
    client.post(link(house, absorbed))
    assert stopped(house, survivor)[0]


def test_the_first_reason_and_day_of_an_objection_stay(briefing: Briefing, house: House, client: PageClient) -> None:
    person_id = briefing.person("reader@example.org")
    with house.db.transaction() as session:
        records.stop(session, clock.now(), person_id, "asked by phone")
    assert client.post(link(house, person_id)).status_code == 200
    assert stopped(house, person_id) == (True, "asked by phone")


@pytest.mark.parametrize("token", ["nonsense", "test", "a.b.0.c"])
def test_f07_a_link_that_is_not_ours_opens_nothing(client: PageClient, house: House, token: str) -> None:
    assert client.get(f"/en/no-mailings/{token}").status_code == 404
    assert client.post(f"/en/no-mailings/{token}").status_code == 404
    other = house.tokens.make("preferences", "1")
    assert client.get(f"/en/no-mailings/{other}").status_code == 404


def test_the_page_is_there_in_each_variant(briefing: Briefing, house: House, client: PageClient) -> None:
    token = objecting.token(house, briefing.person("reader@example.org"))
    for variant in Variant:
        page = client.get(f"/{variant.segment}/no-mailings/{token}")
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"


def test_a_test_leads_nowhere(
    briefing: Briefing, officer: PageClient, mailbox: Mailbox, house: House, account_of: Callable[[str], int]
) -> None:
    """Whoever tests a mailing objects to nothing."""
    mailing_id = briefing.written()
    officer.post(f"/desk/briefings/{mailing_id}/test", data={"variant": "en", **csrf(officer)})
    (mail,) = mailbox.to("officer@example.org")
    assert mail.subject == "Test: Open day on Friday"
    way_out = LINK.search(mail.text)
    assert way_out is not None
    assert officer.get(way_out[1]).status_code == 404
    with house.db.read() as session:
        assert session.scalars(select(Person)).all() == []


def csrf(officer: PageClient) -> dict[str, str]:
    page = officer.get("/desk/briefings/new")
    return {"csrf_token": page.soup.find("input", {"name": "csrf_token"})["value"]}


def test_p09_by_a_colleague_at_once(briefing: Briefing, house: House, mailbox: Mailbox) -> None:
    """Whatever waits is cancelled where it is noted, before any job looks."""
    person_id = briefing.person("reader@example.org")
    briefing.released()
    briefing.carry_on()
    with house.db.transaction() as session:
        records.stop(session, clock.now(), person_id, "asked by phone")
    assert mailbox.to("reader@example.org") == []


def test_p06_whoever_is_erased_gets_nothing_that_waits(briefing: Briefing, house: House, mailbox: Mailbox) -> None:
    person_id = briefing.person("reader@example.org")
    briefing.released()
    briefing.carry_on()
    with house.db.transaction() as session:
        erasure.erase(session, house, clock.now(), person_id, "asked")
    assert mailbox.all() == []
    assert mailbox.deliver() == 0
