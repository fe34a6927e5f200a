"""A reader chooses, changes, pauses, stops and comes back: nothing twice, nothing lost."""

from __future__ import annotations

from outreach.language import Variant
from tests.digests import givens
from tests.digests.givens import (
    MONDAY,
    ONE,
    READER,
    THREE,
    TWO,
    at,
    changed,
    ledger,
    mails,
    opened,
    planned,
    published,
    stopped,
    subscribed,
    wish,
)


def test_d16_stopped_before_the_claim_nothing_leaves(house, moment, mailbox):
    opened(house, moment)
    reader = subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    stopped(house, reader)
    assert mailbox.deliver() == 0
    assert [(mail.state, mail.reason) for mail in mails(house)] == [("cancelled", "stopped")]


def test_d15_stop_undone_what_was_cancelled_comes_with_the_next_digest(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    stopped(house, reader)
    with house.db.transaction() as session:
        assert givens.stopping.undo(session, moment.now(), reader)
    assert planned(house) == 0, "one mail a day, also after a stop that was undone"
    moment.is_at(at(24, 17))
    assert planned(house) == 1
    assert ledger(house)[READER] == [("daily", "2026-11-23", []), ("daily", "2026-11-24", [ONE])]


def test_d15_stopped_and_subscribed_again_nothing_comes_twice_and_nothing_from_between(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    stopped(house, reader)
    moment.is_at(at(24, 10))
    published(house, "two")
    moment.is_at(at(24, 12))
    assert subscribed(house) == reader
    moment.is_at(at(24, 13))
    published(house, "three")
    moment.is_at(at(24, 17))
    planned(house)
    assert ledger(house)[READER][-1] == ("daily", "2026-11-24", [THREE])


def test_d15_a_changed_cadence_hour_or_variant_repeats_and_skips_nothing(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    changed(house, reader, wish(cadence="immediately", variant=Variant.CIR))
    moment.moves(minutes=20)
    assert planned(house) == 0
    published(house, "two")
    moment.moves(minutes=12)
    assert planned(house) == 1
    changed(house, reader, wish(hour="08:00", variant=Variant.LAT))
    moment.is_at(at(24, 7, 1))
    assert planned(house) == 0
    published(house, "three")
    moment.is_at(at(25, 7, 1))
    assert planned(house) == 1
    assert [copy[2] for copy in ledger(house)[READER]] == [[ONE], [TWO], [THREE]]


def test_d15_from_all_topics_to_one_keeps_what_came_while_all_were_wanted(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one", topics=["security"])
    published(house, "two", topics=["science"])
    moment.is_at(at(23, 13))
    changed(house, reader, wish("security"))
    moment.is_at(at(23, 16, 1))
    planned(house)
    assert ledger(house) == {READER: [("daily", "2026-11-23", [ONE])]}


def test_d15_from_one_topic_to_all_keeps_that_topic_and_takes_no_older_rest(house, moment):
    opened(house, moment)
    reader = subscribed(house, choice=wish("security"))
    moment.is_at(at(23, 12))
    published(house, "one", topics=["security"])
    published(house, "two", topics=["science"])
    moment.is_at(at(23, 13))
    changed(house, reader, wish())
    moment.is_at(at(23, 14))
    published(house, "three", topics=["reform"])
    moment.is_at(at(23, 16, 1))
    planned(house)
    assert ledger(house) == {READER: [("daily", "2026-11-23", [ONE, THREE])]}


def test_only_wanted_topics_come_and_an_item_with_two_of_them_once(house, moment):
    opened(house, moment)
    subscribed(house, choice=wish("security", "science"))
    moment.is_at(at(23, 12))
    published(house, "one", topics=["security", "science"])
    published(house, "two", topics=["reform"])
    moment.is_at(at(23, 16, 1))
    planned(house)
    assert ledger(house) == {READER: [("daily", "2026-11-23", [ONE])]}


def test_the_earliest_cadence_wins_and_the_item_comes_once(house, moment):
    opened(house, moment)
    reader = subscribed(house, choice=wish("security"))
    with house.db.transaction() as session:
        row = givens.queries.live(session, reader)["security"]
        session.add(
            type(row)(subscriber_id=reader, topic="*", cadence="immediately", requested_at=MONDAY, confirmed_at=MONDAY)
        )
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 17))
    planned(house)
    assert ledger(house) == {READER: [("immediately", "2026-11-23T1700Z", [ONE])]}
