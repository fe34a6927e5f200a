"""Lists from elsewhere: every line is judged, nobody comes back against their will, and twice is once."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from outreach.contacts import intake, records
from outreach.errors import IllegalMove
from outreach.language import Variant
from outreach.mail import outbox, suppressions
from outreach.subscriptions import erasure, jobs, lists, optin, queries, takeover, uploads
from outreach.subscriptions.lists import ListFault, Terms
from outreach.subscriptions.models import Consent, ListImport, Subscriber, Subscription
from tests.digests.givens import MONDAY, READER, mails, opened, planned, published, stopped, subscribed, wish
from tests.subscriptions.visits import everything, rows_of

TERMS = Terms("Yes, send me your news.", "list.csv", Variant.LAT, date(2026, 11, 23))
HEAD = "address,consent_date\n"


def read(house, text, terms=TERMS):
    return list(lists.read(io.StringIO(text, newline=""), house.office, terms))


def judged(house, text):
    with house.db.read() as session:
        return [outcome for _, outcome in takeover.judge(session, house, read(house, text), takeover.Seen())]


def taken_in(house, moment, text):
    with house.db.transaction() as session:
        found = takeover.take_in(session, house, moment.now(), read(house, text), takeover.Seen())
    return [outcome for _, outcome in found]


def uploaded(house, moment, text, name="list.csv"):
    with house.db.transaction() as session:
        return uploads.keep(
            session, moment.now(), file_name=name, content=text, proof=TERMS.proof, variant=Variant.LAT, actor_id=None
        ).id


def approved(house, moment, upload_id):
    with house.db.transaction() as session:
        uploads.approve(session, moment.now(), upload_id, None)


def test_columns_come_in_any_order_with_any_of_three_delimiters(house):
    for text in (
        "consent_date,Address\n2025-05-03,a@example.org\n",
        "E-mail;Consent Date;hour\na@example.org;3. 5. 2025.;8\n",
        "\ufeffaddress\tdate\r\na@example.org\t3.5.2025\r\n",
    ):
        [line] = read(house, text)
        assert (line.address, line.agreed_on, line.fault) == ("a@example.org", date(2025, 5, 3), None)


def test_a_line_may_say_everything_itself(house):
    head = "address,consent_date,consent_text,consent_source,language,topics,cadence,hour\n"
    [line] = read(
        house,
        head
        + 'a@example.org,2025-05-03,"I agree, weekly","Folder 12, page 3",ćirilica,"science; Безбедност и обука",weekly,8:00\n',
    )
    assert line.choice is not None
    assert (line.choice.variant, line.choice.cadence, line.choice.hour) == (Variant.CIR, "weekly", "08:00")
    assert line.choice.topics == ("security", "science")
    assert (line.wording, line.source) == ("I agree, weekly", "Folder 12, page 3")


def test_what_a_line_does_not_say_the_list_says(house):
    [line] = read(house, HEAD + "a@example.org,2025-05-03\n")
    assert line.choice is not None
    assert (line.choice.topics, line.choice.cadence, line.choice.hour) == (("*",), "daily", "17:00")
    assert (line.choice.variant, line.wording, line.source) == (Variant.LAT, TERMS.proof, TERMS.source)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ("reader,2025-05-03,,,", "address"),
        ("=1+1,2025-05-03,,,", "address"),
        ("a@example.org,,,,", "no proof"),
        ("a@example.org,3/5/2025,,,", "date"),
        ("a@example.org,2025-13-03,,,", "date"),
        ("a@example.org,2026-11-24,,,", "date"),
        ("a@example.org,2025-05-03,klingon,,", "language"),
        ("a@example.org,2025-05-03,,gossip,", "topic"),
        ("a@example.org,2025-05-03,,,hourly", "cadence"),
    ],
)
def test_each_fault_of_a_line_has_its_own_name(house, cells, fault):
    [line] = read(house, "address,consent_date,language,topics,cadence\n" + cells + "\n")
    assert line.fault == fault
    assert fault in takeover.OUTCOMES
    assert [one.fault for one in read(house, "address,consent_date,hour\na@example.org,2025-05-03,3\n")] == ["hour"]


def test_empty_lines_are_none_and_numbers_are_those_of_a_spreadsheet(house):
    assert [line.number for line in read(house, HEAD + "\n,\na@example.org,2025-05-03\n,,\nb@example.org,\n")] == [4, 6]


@pytest.mark.parametrize(
    "text", ["", "\n", "name,phone\nx,y\n", "address\na@example.org\n", HEAD + '"' + "x" * 200_000]
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(house, text):
    with pytest.raises(ListFault):
        read(house, text)


def test_p01_who_is_taken_in_has_the_proof_of_the_line_as_consent(house, moment):
    moment.is_at(MONDAY)
    head = "address,consent_date,consent_text,consent_source\n"
    assert taken_in(
        house, moment, head + 'a@example.org,2025-05-03,"Da, šaljite mi novosti.","Knjiga utisaka, str. 3"\n'
    ) == ["new"]
    [consent] = rows_of(house, Consent)
    assert (consent.wording, consent.source, consent.method) == (
        "Da, šaljite mi novosti.",
        "Knjiga utisaka, str. 3",
        "list taken over",
    )
    assert consent.confirmed_at is not None
    assert consent.confirmed_at.astimezone(house.office.zone).date() == date(2025, 5, 3)
    [subscriber] = rows_of(house, Subscriber)
    assert subscriber.is_live
    with house.db.read() as session:
        assert queries.sign_up(session, subscriber.id) is not None


def test_twice_is_once(house, moment):
    moment.is_at(MONDAY)
    text = HEAD + "a@example.org,2025-05-03\nA@Example.org,2025-05-03\nb@example.org,2025-05-03\n"
    assert taken_in(house, moment, text) == ["new", "twice", "new"]
    before = everything(house)
    assert taken_in(house, moment, text) == ["already", "twice", "already"]
    assert everything(house).count("a@example.org") == before.count("a@example.org")
    assert len(rows_of(house, Subscription)) == len(rows_of(house, Consent)) == 2


def test_nobody_is_mailed_what_was_public_before_they_were_taken_in(house, moment):
    opened(house, moment)
    published(house, "one")
    moment.moves(hours=1)
    taken_in(house, moment, HEAD + "a@example.org,2025-05-03\n")
    moment.moves(hours=1)
    published(house, "two")
    moment.moves(hours=6)
    planned(house)
    [mail] = mails(house)
    assert mail.to_address == "a@example.org"
    with house.db.read() as session:
        assert "one" not in outbox.subjects(session, [mail])[mail.id]


def test_a_list_allows_no_urgent_updates_even_for_one_who_once_did(house, moment):
    moment.is_at(MONDAY - timedelta(days=7))
    stopped(house, subscribed(house, choice=wish(takes_urgent=True)))
    moment.is_at(MONDAY)
    assert taken_in(house, moment, HEAD + "reader@example.org,2026-11-20\n") == ["new"]
    [subscriber] = rows_of(house, Subscriber)
    assert (subscriber.is_live, subscriber.takes_urgent) == (True, False)
    assert rows_of(house, Consent)[-1].takes_urgent is False


def test_p07_an_address_that_was_deleted_at_its_request_is_refused(house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    with house.db.transaction() as session:
        erasure.erase(session, house, moment.now(), reader)
        suppressions.suppress(session, house, "bounced@example.org", "all", "hard bounce", moment.now())
    text = HEAD + "Reader@example.org,2026-11-20\nbounced@example.org,2026-11-20\n"
    assert judged(house, text) == taken_in(house, moment, text) == ["suppressed", "suppressed"]
    assert [row.address for row in rows_of(house, Subscriber)] == [None]


def test_who_stopped_comes_back_only_with_a_newer_consent(house, moment):
    moment.is_at(MONDAY)
    stopped(house, subscribed(house))
    assert taken_in(house, moment, HEAD + "reader@example.org,2026-11-23\n") == ["stopped"]
    moment.moves(days=2)
    later = Terms(TERMS.proof, TERMS.source, TERMS.variant, date(2026, 11, 25))
    with house.db.transaction() as session:
        lines = read(house, HEAD + "reader@example.org,2026-11-24\n", later)
        assert [outcome for _, outcome in takeover.take_in(session, house, moment.now(), lines, takeover.Seen())] == [
            "new"
        ]
    assert [row.is_live for row in rows_of(house, Subscriber)] == [True]


def test_who_asked_and_never_confirmed_is_confirmed_by_the_list(house, moment):
    moment.is_at(MONDAY)
    with house.db.transaction() as session:
        optin.request(
            session, house, moment.now(), address=READER, choice=wish(), shown=Variant.EN, source="/en/subscribe"
        )
    assert taken_in(house, moment, HEAD + "reader@example.org,2025-05-03\n") == ["new"]
    assert [row.is_live for row in rows_of(house, Subscriber)] == [True]
    assert sorted(row.state for row in rows_of(house, Subscription)) == ["confirmed", "ended"]


def test_p09_a_contact_who_wants_no_mailings_is_refused(house, moment):
    moment.is_at(MONDAY)
    about = {
        "name": "A reporter",
        "outlet": "",
        "email": "Quiet@example.org",
        "phone": None,
        "channels": [],
        "language": "en",
    }
    with house.db.transaction() as session:
        person = intake.from_inquiry(session, house, moment.now(), **about, actor_id=None)
        records.stop(session, moment.now(), person.id, "asked by telephone")
    assert taken_in(house, moment, HEAD + "quiet@example.org,2025-05-03\n") == ["do not contact"]


def test_an_upload_is_looked_at_and_changes_nothing_before_the_second_word(house, moment):
    moment.is_at(MONDAY)
    upload = uploaded(house, moment, HEAD + "a@example.org,2025-05-03\nnobody,2025-05-03\n")
    jobs.take_in_lists(house)
    with house.db.read() as session:
        kept = uploads.get(session, upload)
        assert [outcome for _, outcome in uploads.looked_at(session, house, kept)] == ["new", "address"]
    assert rows_of(house, Subscriber) == []
    approved(house, moment, upload)
    jobs.take_in_lists(house)
    [kept] = rows_of(house, ListImport)
    assert (kept.state, kept.content) == ("done", None)
    assert kept.report == [[2, "new"], [3, "address"]]
    assert [row.address for row in rows_of(house, Subscriber)] == ["a@example.org"]
    with house.db.transaction() as session:
        uploads.approve(session, moment.now(), upload, None)
        uploads.discard(session, moment.now(), upload)
    assert rows_of(house, ListImport)[0].state == "done"


def test_a_list_goes_on_where_it_was_after_a_crash(house, moment):
    """The first batch is in and the process is gone: the next one takes in the rest, and knows the lines before."""
    moment.is_at(MONDAY)
    lines = [f"reader{n}@example.org,2025-05-03" for n in range(takeover.BATCH + 20)]
    upload = uploaded(house, moment, HEAD + "\n".join([*lines, lines[0]]) + "\n")
    approved(house, moment, upload)
    with house.db.transaction() as session:
        kept = uploads.held(session, upload, 0)
        assert kept is not None
        first = list(uploads.lines(house, kept))[: takeover.BATCH]
        uploads.note(kept, takeover.take_in(session, house, moment.now(), first, takeover.Seen()))
    jobs.take_in_lists(house)
    [kept] = rows_of(house, ListImport)
    assert [number for number, _ in kept.report] == list(range(2, takeover.BATCH + 23))
    assert kept.report[-1] == [takeover.BATCH + 22, "twice"]
    assert len(rows_of(house, Subscriber)) == takeover.BATCH + 20


def test_another_process_that_has_the_list_in_hand_is_left_alone(house, moment):
    moment.is_at(MONDAY)
    upload = uploaded(house, moment, HEAD + "a@example.org,2025-05-03\n")
    approved(house, moment, upload)
    with house.db.transaction() as session:
        assert uploads.held(session, upload, 0) is not None
        assert uploads.held(session, upload, 7) is None
        assert uploads.finish(session, moment.now(), upload, 7) is False


def test_a_discarded_list_cannot_be_taken_in(house, moment):
    moment.is_at(MONDAY)
    upload = uploaded(house, moment, HEAD + "a@example.org,2025-05-03\n")
    with house.db.transaction() as session:
        uploads.discard(session, moment.now(), upload)
    with house.db.transaction() as session, pytest.raises(IllegalMove):
        uploads.approve(session, moment.now(), upload, None)
