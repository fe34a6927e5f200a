"""A pause ends in one mail with everything missed, whatever the rhythm, and however it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.digests.givens import (
    ONE,
    READER,
    THREE,
    TWO,
    at,
    changed,
    documents,
    ledger,
    opened,
    passes,
    planned,
    published,
    subscribed,
    wish,
)

URGENT = "urgent: true\n"
AWAY, WAKES = "away@example.org", at(25, 23)


@pytest.fixture
def away(house, moment):
    """A reader who allows urgent updates and pauses until midnight of the 26th, in Belgrade; two of the three updates
    that came meanwhile were urgent, the last one four minutes before the pause ends."""
    opened(house, moment)
    reader = subscribed(house, AWAY, wish(takes_urgent=True))
    changed(house, reader, wish(takes_urgent=True), paused_until=WAKES)
    for when, slug, head in ((at(24, 12), "one", URGENT), (at(25, 12), "two", ""), (at(25, 22, 56), "three", URGENT)):
        passes(house, moment, when)
        published(house, slug, head=head)
    return reader


@pytest.mark.parametrize("cadence", ["immediately", "daily", "weekly", "monthly"])
def test_a_pause_ends_in_one_mail_of_the_readers_own_rhythm_with_what_was_urgent_in_it(house, moment, away, cadence):
    changed(house, away, wish(cadence=cadence, takes_urgent=True), paused_until=WAKES)
    ticks = [WAKES + timedelta(minutes=minutes) for minutes in range(0, 30, 5)]
    passes(house, moment, *ticks, at(26, 16, 1), at(27, 16, 1), at(27, 16, 1) + timedelta(days=4))
    [(rhythm, _, missed)] = ledger(house)[AWAY]
    assert (rhythm, missed) == (cadence, [ONE, TWO, THREE])


def test_what_is_urgent_after_a_pause_comes_at_once_and_alone(house, moment, away):
    passes(house, moment, at(26, 10))
    published(house, "four", head=URGENT)
    passes(house, moment, at(26, 10, 5), at(26, 16, 1))
    first, second = ledger(house)[AWAY]
    assert (first[0], len(first[2]), second[0], second[2]) == ("urgent", 1, "daily", [ONE, TWO, THREE])


def test_a_pause_that_is_ended_early_ends_in_one_mail_too(house, moment, away):
    moment.is_at(at(25, 22, 58))
    changed(house, away, wish(takes_urgent=True))
    moment.moves(minutes=1)
    changed(house, away, wish(takes_urgent=True))
    passes(house, moment, at(25, 23, 5), at(25, 23, 10), at(26, 16, 1))
    assert documents(house, AWAY) == [[ONE, TWO, THREE]]


def test_a_pause_that_begins_before_it_left_keeps_it_for_the_mail_after_the_pause(house, moment):
    opened(house, moment)
    reader = subscribed(house, AWAY, wish(takes_urgent=True))
    moment.is_at(at(23, 12, 2))
    published(house, "one", head=URGENT)
    moment.is_at(at(23, 12, 4))
    changed(house, reader, wish(takes_urgent=True), paused_until=WAKES)
    passes(house, moment, at(23, 12, 10), WAKES + timedelta(minutes=6))
    assert documents(house, AWAY) == []
    passes(house, moment, at(26, 16, 1))
    assert documents(house, AWAY) == [[ONE]]


def test_who_ends_a_pause_after_the_issue_closed_has_everything_in_the_next_one(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    changed(house, reader, wish(), paused_until=at(26, 0))
    for when, slug in ((at(23, 12), "one"), (at(23, 15, 40), "two")):
        moment.is_at(when)
        published(house, slug)
    moment.is_at(at(23, 15, 45))
    changed(house, reader, wish())
    for day in (23, 24, 25):
        moment.is_at(at(day, 16, 1))
        planned(house)
    assert ledger(house) == {READER: [("daily", "2026-11-24", [ONE, TWO])]}


def test_a_pause_ends_in_one_mail_with_everything_missed(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    changed(house, reader, wish(), paused_until=at(26, 0))
    for day, slug in ((23, "one"), (24, "two")):
        moment.is_at(at(day, 12))
        published(house, slug)
        moment.is_at(at(day, 17))
        assert planned(house) == 0
    moment.is_at(at(26, 17))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("daily", "2026-11-26", [ONE, TWO])]}
