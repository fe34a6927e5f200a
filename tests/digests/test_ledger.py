"""Who gets what, once: the ledger under late news, outages and a clock that goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from outreach.digests.models import DigestRecipient
from tests.digests import givens
from tests.digests.givens import (
    MONDAY,
    ONE,
    READER,
    THREE,
    TWO,
    at,
    ledger,
    mails,
    opened,
    planned,
    published,
    subscribed,
    wish,
)


def test_a_daily_digest_carries_what_became_public_since_the_confirmation(house, moment):
    opened(house, moment)
    moment.is_at(at(23, 9, 30))
    published(house, "one")
    moment.is_at(at(23, 10))
    subscribed(house)
    moment.is_at(at(23, 11))
    published(house, "two")
    moment.is_at(at(23, 15, 59))
    assert planned(house) == 0
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("daily", "2026-11-23", [TWO])]}


def test_nothing_is_sent_when_nothing_is_new(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(27, 17))
    assert planned(house) == 0
    with house.db.read() as session:
        assert session.query(DigestRecipient).count() == 0


def test_the_first_start_mails_nothing(house, moment):
    moment.is_at(MONDAY)
    subscribed(house)
    moment.moves(minutes=1)
    givens.baseline(house)
    moment.is_at(at(23, 17))
    assert planned(house) == 0


def test_d08_planning_twice_is_planning_once(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.moves(minutes=10)
    published(house, "one")
    moment.is_at(at(23, 17))
    assert planned(house) == 1
    before = ledger(house)
    givens.jobs.forget(house)
    assert planned(house) == 0
    assert ledger(house) == before
    assert len(mails(house)) == 1


def test_d10_after_an_outage_of_forty_days_one_digest_has_everything_in_order(house, moment):
    opened(house, moment)
    subscribed(house)
    for day, slug in ((23, "one"), (25, "two"), (30, "three")):
        moment.is_at(at(day, 12))
        published(house, slug)
    moment.is_at(datetime(2027, 1, 4, 20, tzinfo=UTC))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("daily", "2027-01-04", [ONE, TWO, THREE])]}


def test_d11_a_clock_that_goes_back_sends_nothing_again(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(24, 8))
    published(house, "one")
    moment.is_at(at(24, 17))
    assert planned(house) == 1
    moment.is_at(at(23, 17))
    assert planned(house) == 0
    moment.is_at(at(24, 18))
    assert planned(house) == 0


def test_d12_a_late_publication_is_in_the_next_digest_once(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one", head="public_from: 2026-11-20 09:00\n")
    moment.is_at(at(23, 15, 45))  # the issue of 17:00 closed at 16:30
    published(house, "two")
    moment.is_at(at(23, 16, 1))
    planned(house)
    moment.is_at(at(24, 17))
    planned(house)
    assert ledger(house) == {READER: [("daily", "2026-11-23", [ONE]), ("daily", "2026-11-24", [TWO])]}


def test_d12_a_publication_noted_after_its_slot_was_planned_is_in_the_next_one(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    moment.is_at(at(23, 14))  # as if its transaction had begun before the plan and ended after it
    published(house, "two")
    moment.is_at(at(23, 16, 10))
    assert planned(house) == 0
    moment.is_at(at(24, 17))
    assert planned(house) == 1
    assert ledger(house)[READER][-1] == ("daily", "2026-11-24", [TWO])


def test_immediately_waits_five_minutes_and_collects_a_tick(house, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="immediately"))
    moment.is_at(at(23, 12, 1))
    published(house, "one")
    moment.is_at(at(23, 12, 2))
    published(house, "two")
    moment.is_at(at(23, 12, 5) + timedelta(seconds=2))
    assert planned(house) == 0
    moment.is_at(at(23, 12, 10) + timedelta(seconds=2))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("immediately", "2026-11-23T1210Z", [ONE, TWO])]}
