"""Who gets what, once: the ledger under late news, outages, changes of mind and withdrawals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from outreach.digests.models import DigestRecipient
from outreach.language import Variant
from outreach.mail import suppressions
from tests.digests import givens
from tests.digests.givens import (
    MONDAY,
    READER,
    changed,
    code_of,
    ledger,
    mails,
    planned,
    published,
    stopped,
    subscribed,
    wish,
)

ONE, TWO, THREE = code_of("one"), code_of("two"), code_of("three")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026, UTC; Belgrade is one hour ahead in winter."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def opened(house, moment) -> None:
    moment.is_at(MONDAY)
    givens.baseline(house)


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
    givens.jobs._finished.clear()
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


def test_d13_what_is_withdrawn_before_planning_is_not_sent(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    published(house, "two")
    moment.is_at(at(23, 13))
    published(house, "two", state="withdrawn")
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("daily", "2026-11-23", [ONE])]}


def test_d13_nothing_is_sent_when_all_of_it_was_withdrawn(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 13))
    published(house, "one", state="withdrawn")
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 0
    assert mails(house) == []


def test_d13_withdrawn_between_plan_and_claim_the_mail_is_made_anew_without_it(house, moment, mailbox):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    published(house, "two")
    moment.is_at(at(23, 16, 1))
    planned(house)
    published(house, "two", state="withdrawn")
    assert planned(house) == 1
    assert [(mail.state, mail.reason) for mail in mails(house)] == [("cancelled", "withdrawn"), ("pending", None)]
    [mail] = [mail for mail in mailbox.to(READER) if "Update" in mail.subject]
    assert "Update one" in mail.text
    assert "Update two" not in mail.text


def test_d13_withdrawn_between_plan_and_claim_the_only_item_leaves_no_mail(house, moment, mailbox):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    published(house, "one", state="withdrawn")
    assert planned(house) == 0
    assert [mail.state for mail in mails(house)] == ["cancelled"]
    assert ledger(house) == {}
    assert not [mail for mail in mailbox.to(READER) if "Update" in mail.subject]


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


def test_a_suppressed_address_is_skipped_and_said_so(house, moment):
    opened(house, moment)
    subscribed(house)
    with house.db.transaction() as session:
        suppressions.suppress(session, house, READER, "digests", "complaint", moment.now())
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    with house.db.read() as session:
        [copy] = session.query(DigestRecipient).all()
    assert (copy.state, copy.reason, copy.outbox_id) == ("skipped", "suppressed", None)
    assert mails(house) == []


def test_a_mail_that_expired_unsent_gives_its_items_to_the_next_digest(house, moment, mailbox):
    opened(house, moment)
    subscribed(house)
    mailbox.deliver()
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    moment.is_at(at(26, 9))
    mailbox.deliver()
    assert [mail.state for mail in mails(house)] == ["failed"]
    moment.is_at(at(26, 17))
    assert planned(house) == 1
    assert ledger(house)[READER] == [("daily", "2026-11-23", []), ("daily", "2026-11-26", [ONE])]


def test_held_publications_wait_until_they_are_released(house, moment):
    from outreach.newsroom import publications

    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    with house.db.transaction() as session:
        for row in publications.eligible(session):
            row.state = "held"
    moment.is_at(at(23, 17))
    assert planned(house) == 0
    with house.db.transaction() as session:
        publications.decide_held(session, moment.now(), True, None)
    moment.is_at(at(24, 17))
    assert planned(house) == 1
