"""D-23: the alarms cry in each injected case, and are silent through a clean week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach.digests import jobs, pulse, watch
from outreach.mail.models import PENDING, UNCERTAIN, MailAttempt, OutboxEmail
from tests.digests.givens import at, one_planned, opened, planned, published, subscribed, wish
from tests.support.people import sign_in


def alarms(house, moment) -> dict[str, int]:
    """What the desk is shown after the watch has looked."""
    jobs.watch(house)
    with house.db.read() as session:
        return {alarm.kind: alarm.count for alarm in watch.shown(session, moment.now())}


@pytest.fixture
def sent(house, moment, mailbox):
    """One daily digest that has arrived."""
    one_planned(house, moment)
    mailbox.deliver()
    assert alarms(house, moment) == {}
    return house


def digest(house, session) -> OutboxEmail:
    return session.scalars(select(OutboxEmail).where(OutboxEmail.kind == "digest")).one()


def test_d23_silent_in_a_clean_week(house, moment, mailbox):
    opened(house, moment)
    for cadence in ("immediately", "daily", "weekly"):
        subscribed(house, f"{cadence}@example.org", wish(cadence=cadence))
    for hours in range(0, 7 * 24, 3):
        moment.is_at(at(23, 9) + timedelta(hours=hours, minutes=7))
        if hours % 24 == 3:
            published(house, f"news{hours}")
        planned(house)
        moment.moves(minutes=6)
        planned(house)
        mailbox.deliver()
        assert alarms(house, moment) == {}, moment.now()


def test_d23_one_copy_accepted_twice(sent, moment):
    with sent.db.transaction() as session:
        mail = digest(sent, session)
        mail.attempts += 1
        session.add(MailAttempt(outbox_id=mail.id, n=mail.attempts, phase="accepted", at=moment.now()))
    assert alarms(sent, moment) == {watch.TWO_COPIES: 1}


def test_d23_more_accepted_than_planned(sent, moment):
    with sent.db.transaction() as session:
        mail = digest(sent, session)
        values = {c.name: getattr(mail, c.name) for c in OutboxEmail.__table__.columns if c.name != "id"}
        session.add(OutboxEmail(**{**values, "message_id": "another@example.org"}))
    assert alarms(sent, moment) == {watch.UNPLANNED_COPY: 1}


def test_d23_a_mail_that_waits_for_more_than_an_hour(sent, moment):
    with sent.db.transaction() as session:
        mail = digest(sent, session)
        mail.state, mail.next_at = PENDING, moment.now() - timedelta(minutes=59)
    assert alarms(sent, moment) == {}
    moment.moves(minutes=2)
    assert alarms(sent, moment) == {watch.WAITS: 1}


def test_d23_a_mail_whose_fate_nobody_knows(sent, moment):
    with sent.db.transaction() as session:
        mail = digest(sent, session)
        mail.state, mail.accepted_at = UNCERTAIN, None
    assert alarms(sent, moment) == {watch.IN_DOUBT: 1}


def test_d23_a_due_slot_that_nobody_planned(sent, moment):
    moment.is_at(at(24, 12))
    planned(sent)
    published(sent, "two")
    moment.is_at(at(24, 16, 14))
    assert alarms(sent, moment) == {watch.STANDS: 1}, "nobody plans, and nothing is late yet"
    moment.is_at(at(24, 16, 16))
    assert watch.UNPLANNED_SLOT in alarms(sent, moment)
    planned(sent)
    assert alarms(sent, moment) == {}


def test_d23_news_that_should_have_left_at_once(house, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="immediately"))
    planned(house)
    published(house, "one")
    moment.moves(minutes=19)
    assert watch.UNPLANNED_SLOT not in alarms(house, moment)
    moment.moves(minutes=7)
    assert watch.UNPLANNED_SLOT in alarms(house, moment)


def test_d23_a_planner_that_stands_still_is_seen_by_whoever_looks(sent, moment):
    moment.moves(minutes=6)
    with sent.db.read() as session:
        assert [alarm.kind for alarm in watch.shown(session, moment.now())] == [watch.STANDS]
    planned(sent)
    assert alarms(sent, moment) == {}


def test_d11_after_a_jump_of_the_clock_nothing_is_planned_until_somebody_says_it_is_right(sent, moment, officer):
    moment.is_at(at(24, 12))
    published(sent, "two")
    moment.moves(days=400)
    assert planned(sent) == 0
    jobs.watch(sent)
    page = sign_in(officer).get("/desk/digests/")
    assert "The clock jumped" in page.words
    moment.moves(days=-400)
    assert planned(sent) == 0
    moment.is_at(at(24, 16, 1))
    assert planned(sent) == 1, "set right again, all goes on by itself"


def test_d11_a_real_absence_ends_with_one_button_and_one_digest(sent, moment, officer):
    moment.is_at(at(24, 12))
    published(sent, "two")
    moment.moves(days=120)
    assert planned(sent) == 0
    jobs.watch(sent)
    officer.submit(sign_in(officer).get("/desk/digests/"), "/wake")
    assert planned(sent) == 1
    assert alarms(sent, moment) == {}


def test_the_heartbeat_never_goes_back_with_the_clock(sent, moment):
    with sent.db.transaction() as session:
        before = pulse.beat(session, moment.now()).planned_at
        assert pulse.beat(session, moment.now() - timedelta(hours=5)).planned_at == before


def test_the_desk_shows_what_is_wrong_and_since_when(sent, moment, officer):
    with sent.db.transaction() as session:
        mail = digest(sent, session)
        mail.state, mail.accepted_at = UNCERTAIN, None
    jobs.watch(sent)
    words = officer.get("/desk/digests/").words
    assert "Something is wrong" in words
    assert "Nobody knows whether a mail arrived." in words
    assert "since 23 Nov 2026, 17:01" in words
    assert "Nobody knows whether a mail arrived." in officer.get("/desk/").words
