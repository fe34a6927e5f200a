"""What was withdrawn, held, suppressed or never arrived."""

from __future__ import annotations

import pytest

from outreach.digests import jobs, rounds
from outreach.digests.ledger import Outdated
from outreach.digests.models import DigestRecipient
from outreach.digests.rounds import Round
from outreach.mail import suppressions
from outreach.newsroom import publications
from tests.digests.givens import (
    ONE,
    READER,
    at,
    ledger,
    mails,
    one_planned,
    opened,
    planned,
    published,
    subscribed,
)


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


def test_d13_nothing_is_claimed_between_a_withdrawal_and_the_planner_that_takes_it_back(house, moment, mailbox):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    published(house, "two")
    moment.is_at(at(23, 16, 1))
    planned(house)
    published(house, "two", state="withdrawn")
    assert [mail for mail in mailbox.to(READER) if "Update" in mail.subject] == []
    planned(house)
    [mail] = [mail for mail in mailbox.to(READER) if "Update" in mail.subject]
    assert "Update two" not in mail.text


def test_d13_a_plan_that_was_under_way_when_an_item_was_withdrawn_begins_anew(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    published(house, "two")
    now = moment.is_at(at(23, 16, 1))
    turn = Round(rounds.slot_of(house.office, "daily", "17:00", now, False), "17:00")
    issue_id = jobs.freeze(house, turn, now)
    assert issue_id is not None
    plan = jobs.opened(house, turn, issue_id, now)
    assert plan is not None
    with house.db.transaction() as session:
        missing = plan.enter(session, now, 0, 10).missing
    jobs.make(house, plan, missing)
    published(house, "two", state="withdrawn")
    with pytest.raises(Outdated), house.db.transaction() as session:
        plan.enter(session, now, 0, 10)
    assert planned(house) == 1
    assert ledger(house) == {READER: [("daily", "2026-11-23", [ONE])]}


def test_d10_what_expired_because_no_worker_came_for_weeks_is_in_the_next_digest(house, moment, mailbox):
    one_planned(house, moment)
    for days in (3, 7, 7, 7):  # the planner is there all the time
        moment.moves(days=days)
        planned(house)
    assert [mail for mail in mailbox.to(READER) if "Update" in mail.subject] == []
    moment.moves(minutes=2)
    planned(house)
    moment.moves(days=1)
    planned(house)
    [mail] = [mail for mail in mailbox.to(READER) if "Update" in mail.subject]
    assert "Update one" in mail.text
