"""Urgent updates: they reach those who allow it at once and everybody else at their rhythm, each reader once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.digests import flight_check, issues, rounds
from outreach.language import Variant
from outreach.newsroom.models import CHANGE_NOTE, Publication
from tests.digests.givens import (
    ONE,
    READER,
    THREE,
    TWO,
    at,
    changed,
    documents,
    jobs,
    ledger,
    mails,
    opened,
    passes,
    planned,
    published,
    subscribed,
    wish,
)

URGENT = "urgent: true\n"
LEFT = ("urgent", "2026-11-23T1210Z")
CHANGE = "changes:\n  - at: 2026-11-24 10:00\n    kind: {}\n    note: The road is open again.\n"


@pytest.fixture
def office(house, moment):
    """A Monday on which one reader of the daily digest allows urgent updates; at 12:01 something is about to happen."""
    opened(house, moment)
    subscribed(house, choice=wish(takes_urgent=True))
    moment.is_at(at(23, 12, 1))
    return house


def test_it_reaches_exactly_those_who_allow_it_and_wait_for_its_topic(office, moment):
    subscribed(office, "plain@example.org")
    subscribed(office, "weekly@example.org", wish("security", cadence="weekly", takes_urgent=True))
    subscribed(office, "other@example.org", wish("science", takes_urgent=True))
    subscribed(office, "eager@example.org", wish(cadence="immediately"))
    moment.is_at(at(23, 12, 2))
    published(office, "one", head=URGENT)
    published(office, "two")
    moment.is_at(at(23, 12, 5) + timedelta(seconds=30))
    assert planned(office) == 0
    moment.is_at(at(23, 12, 10))
    assert planned(office) == 3
    assert ledger(office) == {
        READER: [(*LEFT, [ONE])],
        "weekly@example.org": [(*LEFT, [ONE])],
        "eager@example.org": [("immediately", LEFT[1], [ONE, TWO])],
    }


def test_it_is_not_again_in_the_readers_own_digest_and_others_get_it_there(office, moment):
    subscribed(office, "plain@example.org")
    subscribed(office, "weekly@example.org", wish(cadence="weekly", takes_urgent=True))
    moment.is_at(at(23, 12, 2))
    published(office, "one", head=URGENT)
    published(office, "two")
    passes(office, moment, at(23, 12, 10), at(23, 12, 15), at(23, 16, 1), at(24, 16, 1), at(27, 16, 1), at(30, 16, 1))
    daily = ("daily", "2026-11-23")
    assert ledger(office) == {
        READER: [(*LEFT, [ONE]), (*daily, [TWO])],
        "weekly@example.org": [(*LEFT, [ONE]), ("weekly", "2026-W48", [TWO])],
        "plain@example.org": [(*daily, [ONE, TWO])],
    }


def test_who_gets_everything_at_once_anyway_gets_it_once(office, moment):
    subscribed(office, "eager@example.org", wish(cadence="immediately", takes_urgent=True))
    moment.is_at(at(23, 12, 2))
    published(office, "one", head=URGENT)
    passes(
        office,
        moment,
        at(
            23,
            12,
            5,
        )
        + timedelta(seconds=30),
        at(23, 12, 10),
        at(23, 12, 15),
        at(23, 16, 1),
    )
    assert documents(office, "eager@example.org") == [[ONE]]


@pytest.mark.parametrize("how", ["withdrawn", "no longer urgent"])
def test_within_five_minutes_it_can_be_taken_back(office, moment, how):
    published(office, "one", head=URGENT)
    moment.is_at(at(23, 12, 5) + timedelta(seconds=30))
    assert planned(office) == 0
    published(office, "one", state="withdrawn" if how == "withdrawn" else "published")
    passes(office, moment, at(23, 12, 10), at(23, 12, 15), at(23, 13))
    assert mails(office) == []
    passes(office, moment, at(23, 16, 1))
    assert documents(office) == ([] if how == "withdrawn" else [[ONE]])


def test_what_is_urgent_no_more_stays_behind_when_another_one_leaves(office, moment):
    published(office, "one", head=URGENT)
    published(office, "two", head=URGENT)
    passes(office, moment, at(23, 12, 6))
    published(office, "one")
    passes(office, moment, at(23, 12, 10))
    assert documents(office) == [[TWO]]
    passes(office, moment, at(23, 16, 1))
    assert documents(office) == [[TWO], [ONE]]


def test_an_officer_holds_and_drops_it_and_a_withdrawal_recalls_it_as_with_any_digest(office, moment):
    published(office, "one", head=URGENT)
    published(office, "two", head=URGENT)
    published(office, "three", head=URGENT)
    moment.is_at(at(23, 12, 6))
    turn = flight_check.turn(office, *LEFT, None, moment.now())
    with office.db.transaction() as session:
        [two] = session.query(Publication).filter_by(document_id=TWO)
        issues.hold(session, moment.now(), turn.slot, None)
        issues.drop(session, moment.now(), turn.slot, two.id, None)
    passes(office, moment, at(23, 12, 10), at(23, 12, 15))
    assert ledger(office) == {}, "held"
    with office.db.transaction() as session:
        issues.let_go(session, moment.now(), turn.slot, None)
    assert planned(office) == 1
    assert documents(office) == [[ONE, THREE]]
    published(office, "three", state="withdrawn")
    planned(office)
    assert documents(office) == [[ONE]]
    passes(office, moment, at(23, 16, 1))
    assert documents(office) == [[ONE], [TWO]], "dropped from what leaves at once, so the daily digest has it"


def test_who_allows_it_later_has_it_earlier_and_once(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    subscribed(house, "late@example.org", wish())
    moment.is_at(at(23, 9, 30))
    published(house, "one", head=URGENT)
    passes(house, moment, at(23, 16, 1))
    moment.is_at(at(23, 17))
    published(house, "two", head=URGENT)
    moment.is_at(at(23, 18))
    changed(house, reader, wish(takes_urgent=True))
    passes(house, moment, at(23, 18, 10), at(23, 18, 20), at(24, 16, 1))
    assert documents(house) == [[ONE], [TWO]]
    assert ledger(house)[READER][1][0] == "urgent"
    assert ledger(house)["late@example.org"] == [("daily", "2026-11-23", [ONE]), ("daily", "2026-11-24", [TWO])]


def test_who_subscribes_after_it_was_public_does_not_get_it(office, moment):
    published(office, "one", head=URGENT)
    moment.is_at(at(23, 12, 3))
    subscribed(office, "new@example.org", wish(takes_urgent=True))
    passes(office, moment, at(23, 12, 10), at(23, 16, 1))
    assert documents(office, "new@example.org") == []
    assert documents(office) == [[ONE]]


def test_who_ceases_to_allow_it_waits_for_their_rhythm(office, moment):
    reader = subscribed(office, "calm@example.org", wish(takes_urgent=True))
    moment.is_at(at(23, 12, 2))
    published(office, "one", head=URGENT)
    changed(office, reader, wish())
    passes(office, moment, at(23, 12, 10))
    assert documents(office, "calm@example.org") == []
    passes(office, moment, at(23, 16, 1))
    assert ledger(office)["calm@example.org"] == [("daily", "2026-11-23", [ONE])]


@pytest.mark.parametrize(("kind", "cadence"), [("correction", "urgent"), (CHANGE_NOTE, "daily")])
def test_a_correction_of_an_urgent_update_is_urgent_and_any_other_change_is_not(office, moment, kind, cadence):
    published(office, "one", head=URGENT)
    passes(office, moment, at(23, 12, 10))
    moment.is_at(at(24, 12, 1))
    published(office, "one", head=URGENT + CHANGE.format(kind))
    passes(office, moment, at(24, 12, 10), at(24, 16, 1))
    assert [copy[0] for copy in ledger(office)[READER]] == ["urgent", cadence]


def test_a_flag_that_comes_after_it_was_sent_sends_nothing_again(office, moment):
    published(office, "one")
    passes(office, moment, at(23, 16, 1))
    published(office, "one", head=URGENT)
    passes(office, moment, at(23, 16, 10), at(23, 16, 20), at(24, 16, 1))
    assert ledger(office)[READER] == [("daily", "2026-11-23", [ONE])]


def test_nothing_is_looked_for_while_nobody_allows_it(house, moment):
    opened(house, moment)
    reader = subscribed(house)
    with house.db.read() as session:
        assert rounds.rhythms(session) == {("daily", "17:00")}
    changed(house, reader, wish(takes_urgent=True))
    with house.db.read() as session:
        assert rounds.rhythms(session) == {("daily", "17:00"), ("urgent", None)}


def test_two_planners_that_both_begin_anew_send_it_once(office, moment):
    published(office, "one", head=URGENT)
    for minute in (10, 11, 15):
        moment.is_at(at(23, 12, minute))
        jobs.forget(office)
        planned(office)
    assert documents(office) == [[ONE]]


WHY = {
    Variant.EN: "You allowed urgent updates to come at once. Your topics: Security",
    Variant.LAT: "Dozvolili ste da hitne novosti stižu odmah. Vaše teme: Bezbednost",
    Variant.CIR: "Дозволили сте да хитне новости стижу одмах. Ваше теме: Безбедност",
}
LABEL = {Variant.EN: "Urgent update", Variant.LAT: "Hitna novost", Variant.CIR: "Хитна новост"}
RHYTHM = {Variant.EN: "Urgent", Variant.LAT: "Hitno", Variant.CIR: "Хитно"}


@pytest.mark.parametrize("variant", list(Variant))
def test_the_mail_says_why_and_site_and_desk_have_words_for_it(office, moment, mailbox, client, officer, variant):
    subscribed(office, "own@example.org", wish("security", variant=variant, takes_urgent=True))
    moment.is_at(at(23, 12, 2))
    published(office, "one", "A bridge is closed", head=URGENT)
    moment.is_at(at(23, 12, 6))
    planned(office)
    desk = officer.get("/desk/digests/")
    assert "Urgent, " in desk.soup.find("h3").get_text()
    flight = officer.get(desk.soup.main.select_one("section section p a[href*='/urgent/']")["href"])
    assert flight.h1.startswith("Urgent, ")
    moment.is_at(at(23, 12, 10))
    planned(office)
    mail = mailbox.to("own@example.org")[-1]
    words = " ".join(mail.text.split())
    assert WHY[variant] in words
    assert LABEL[variant] in words
    archive = client.get(f"/{variant.segment}/digests/")
    assert RHYTHM[variant] in archive.soup.find("p", class_="kicker").get_text()
    assert LABEL[variant] in client.get(f"/{variant.segment}/digests/urgent/{LEFT[1]}").words
    assert LABEL[variant] in client.get(f"/{variant.segment}/updates/2026/one").words
    assert "Urgent" in officer.get("/desk/digests/").soup.find(id="sent").parent.get_text()
    assert "Urgent update" in client.get("/en/updates/").words
