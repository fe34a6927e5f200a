"""Reading what comes back: reports of many mail servers, mails that are none, and what follows for an address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as often
from hypothesis import strategies as st
from sqlalchemy import select

from config import Settings
from outreach.house import House
from outreach.mail import suppressions, verp
from outreach.mail.inbound import reading, returns, taking
from outreach.mail.inbound.reading import Reading
from outreach.mail.models import ACCEPTED, MailInbound, OutboxEmail, Suppression
from tests.mail import bounces, strangers
from tests.mail.bounces import HARD, READER, SOFT, Cause, Sample
from tests.mail.letters import AT

SETTINGS = Settings(bounce_address="bounces@press.example.org")
BACK_TO = "bounces+1ff@press.example.org"
GONE = Cause("gone", "5.1.1", "550 5.1.1 no such mailbox", HARD)
FULL = Cause("full", "4.2.2", "452 4.2.2 the mailbox is full", SOFT)
Sent = Callable[..., OutboxEmail]
Came = Callable[..., MailInbound | None]


def judged(raw: bytes) -> str:
    """What a reader of ours makes of it: hard, soft or nothing."""
    report = reading.read(SETTINGS, raw).report
    fate = report.fate_at(READER) if report is not None else None
    return (fate.weight if fate is not None else None) or bounces.NOTHING


def samples() -> Iterator[Sample]:
    for sample in bounces.corpus(BACK_TO):
        yield from bounces.varied(sample)


def test_m15_hundreds_of_bounces_false_hard_at_most_one_in_a_hundred_and_nine_in_ten_reports_right() -> None:
    read = [(sample, judged(sample.raw)) for sample in samples()]
    assert len(read) > 500
    false_hard = [sample.name for sample, said in read if said == HARD and sample.answer != HARD]
    assert len(false_hard) <= len(read) / 100, false_hard
    reported = [(sample, said) for sample, said in read if sample.has_report and sample.answer == HARD]
    missed = [sample.name for sample, said in reported if said != HARD]
    assert len(missed) <= len(reported) / 10, missed
    assert [sample.name for sample, said in read if said == bounces.NOTHING] == []


@pytest.mark.parametrize("name", sorted(strangers.MAILS))
def test_m15_m16_a_mail_that_is_no_bounce_is_no_action(name: str) -> None:
    kind, raw = strangers.MAILS[name]
    for ends in (b"\n", b"\r\n", b"\r"):
        read = reading.read(SETTINGS, raw.replace(b"\n", ends))
        assert (read.kind, judged(raw.replace(b"\n", ends))) == (kind, bounces.NOTHING)


@often(max_examples=150)
@given(cut=st.integers(0, 3000), noise=st.binary(max_size=60), which=st.integers(0, 10_000))
def test_m15_broken_mails_are_read_without_an_error(cut: int, noise: bytes, which: int) -> None:
    every = list(bounces.corpus(BACK_TO))
    raw = every[which % len(every)].raw
    read = reading.read(SETTINGS, raw[:cut] + noise + raw[cut:])
    assert read.fingerprint
    assert reading.read(SETTINGS, raw[:cut] + noise).raw == raw[:cut] + noise


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 400, b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 900, b"\xff\xfe:" * 99]
)
def test_m15_nonsense_is_somebody_elses_business(raw: bytes) -> None:
    assert judged(raw) == bounces.NOTHING


def test_m15_parts_within_parts_without_end_cost_that_mail_alone() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    assert reading.read(SETTINGS, deep).report is None


def test_m15_a_mail_of_any_size_is_looked_at_up_to_a_bound() -> None:
    raw = bounces.postfix(GONE, READER, BACK_TO) + b"x" * 27_000_000
    assert len(reading.read(SETTINGS, raw).raw) == reading.LARGEST
    assert judged(raw) == HARD


@pytest.fixture
def returning(open_house: House) -> House:
    return replace(open_house, settings=replace(open_house.settings, bounce_address="bounces@press.example.org"))


@pytest.fixture
def sent(returning: House, enqueued: Callable[..., int]) -> Sent:
    """A mail that was accepted by a server; scope and address as given."""

    def put(to: str = READER, *, now: datetime = AT, **given: object) -> OutboxEmail:
        mail_id = enqueued(to, now=now, **given)
        with returning.db.transaction() as session:
            row = session.get_one(OutboxEmail, mail_id)
            row.settle(ACCEPTED)
            row.attempts, row.accepted_at = 1, now
            return row

    return put


@pytest.fixture
def came(returning: House) -> Came:
    """Take a mail in as the pipe does."""

    def take(
        raw: bytes, *, now: datetime = AT + timedelta(hours=1), recipient: str | None = None
    ) -> MailInbound | None:
        read: Reading = reading.read(returning.settings, raw, recipient)
        with returning.db.transaction() as session:
            return taking.take(session, returning, now, read)

    return take


def back_to(house: House, mail: OutboxEmail) -> str:
    own_sender = verp.senders(house)
    assert own_sender is not None
    return own_sender(mail.id)


def stops(house: House) -> list[tuple[str, str]]:
    with house.db.read() as session:
        return [(row.scope, row.reason) for row in session.scalars(select(Suppression).order_by(Suppression.id))]


@pytest.mark.parametrize("name", sorted(bounces.REPORTERS))
def test_m14_a_hard_bounce_suppresses_at_once_and_keeps_no_mail(
    returning: House, sent: Sent, came: Came, name: str
) -> None:
    mail = sent()
    row = came(bounces.REPORTERS[name](GONE, READER, back_to(returning, mail)))
    assert row is not None
    assert (row.kind, row.state, row.reason, row.outbox_id) == ("bounce", "settled", "suppressed", mail.id)
    assert (row.weight, row.raw) == (HARD, None)
    assert READER not in f"{row.diagnostic} {row.reason}"
    assert stops(returning) == [("all", "hard bounce")]
    with returning.db.read() as session:
        assert suppressions.is_suppressed(session, returning, READER, "all")
        assert not suppressions.is_suppressed(session, returning, READER, "always")  # an answer still goes


def test_m14_five_soft_bounces_on_three_days_within_two_weeks_end_digests_and_no_less(
    returning: House, sent: Sent, came: Came
) -> None:
    days = (0, 0, 0, 0, 0, 1, 1)  # six mails on two days are not enough
    for n, day in enumerate(days):
        at = AT + timedelta(days=day, minutes=n)
        row = came(bounces.postfix(FULL, READER, back_to(returning, sent(now=at))), now=at)
        assert row is not None
        assert (row.state, row.reason, row.weight) == ("settled", "counted", SOFT)
    assert stops(returning) == []
    at = AT + timedelta(days=2)
    came(bounces.postfix(FULL, READER, back_to(returning, sent(now=at))), now=at)
    assert stops(returning) == [("digests", "soft bounces")]


def test_m14_soft_bounces_of_long_ago_and_of_others_do_not_count(returning: House, sent: Sent, came: Came) -> None:
    for day in (0, 1, 2, 3, 15, 16, 17, 18):
        at = AT + timedelta(days=day)
        came(bounces.postfix(FULL, READER, back_to(returning, sent(now=at))), now=at)
        came(bounces.postfix(FULL, "other@example.org", back_to(returning, sent("other@example.org", now=at))), now=at)
    assert stops(returning) == []


@pytest.mark.parametrize(("scope", "stopped"), [("digests", "digests"), ("all", "all")])
def test_m14_one_complaint_suppresses(returning: House, sent: Sent, came: Came, scope: str, stopped: str) -> None:
    mail = sent(scope=scope)
    row = came(strangers.complaint(sender=back_to(returning, mail)))
    assert row is not None
    assert (row.kind, row.state, row.reason) == ("complaint", "settled", "suppressed")
    assert stops(returning) == [(stopped, "complaint")]


def test_m14_a_complaint_of_another_type_or_without_our_token_changes_nothing(
    returning: House, sent: Sent, came: Came
) -> None:
    mail = sent(scope="digests")
    came(strangers.complaint(sender=back_to(returning, mail), kind="not-spam"))
    came(strangers.complaint(sender="press@example.org"))
    assert stops(returning) == []


def test_m13_a_forged_token_changes_nothing_and_waits(returning: House, sent: Sent, came: Came) -> None:
    mail = sent()
    good = back_to(returning, mail)
    local, _, domain = good.partition("@")
    last = "0" if local[-1] != "0" else "1"
    for forged in (f"{local[:-1]}{last}@{domain}", f"{local[:-32]}@{domain}", f"{local}@example.org", "bounces@press.example.org",
                   f"bounces+{mail.id + 1:x}{local[-32:]}@{domain}", f"bounces+unsubscrib@{domain}"):  # fmt: skip
        row = came(bounces.postfix(GONE, READER, forged), now=AT)
        assert row is not None
        assert (row.state, row.reason, row.outbox_id) == ("unmatched", "not ours", None), forged
        assert row.raw is not None
    assert stops(returning) == []


def test_m13_a_replayed_report_is_one_row_and_a_changed_one_changes_nothing(
    returning: House, sent: Sent, came: Came
) -> None:
    mail = sent()
    raw = bounces.postfix(FULL, READER, back_to(returning, mail))
    assert came(raw) is not None
    assert came(raw) is None
    assert came(b"Received: from elsewhere\nDelivered-To: x@example.org\n" + raw.replace(b"\n", b"\r\n")) is None
    for n in range(9):
        row = came(raw.replace(b"Queue-ID: 4Abc", b"Queue-ID: %d" % n), now=AT + timedelta(days=n))
        assert row is not None
        assert (row.state, row.reason) == ("settled", "said before")
    assert stops(returning) == []


def test_m13_a_replay_after_somebody_let_the_address_in_again_changes_nothing(
    returning: House, sent: Sent, came: Came
) -> None:
    raw = bounces.postfix(GONE, READER, back_to(returning, sent()))
    came(raw)
    with returning.db.transaction() as session:
        session.delete(session.scalars(select(Suppression)).one())
    came(raw.replace(b"4Abc", b"5Abc"))
    assert stops(returning) == []


def test_m13_a_report_of_a_mail_of_long_ago_changes_nothing(returning: House, sent: Sent, came: Came) -> None:
    row = came(bounces.postfix(GONE, READER, back_to(returning, sent())), now=AT + timedelta(days=31))
    assert row is not None
    assert (row.reason, stops(returning)) == ("too late", [])


def test_m13_a_mail_that_has_not_left_cannot_have_come_back(
    returning: House, enqueued: Callable[..., int], came: Came
) -> None:
    own_sender = verp.senders(returning)
    assert own_sender is not None
    row = came(bounces.postfix(GONE, READER, own_sender(enqueued(READER))))
    assert row is not None
    assert (row.state, row.reason, stops(returning)) == ("unmatched", "never sent", [])


def test_m13_without_a_token_the_returned_message_id_counts_together_with_its_recipient(
    returning: House, sent: Sent, came: Came
) -> None:
    mail = sent()
    raw = bounces.postfix(GONE, READER, "press@example.org").replace(bounces.OURS.encode(), mail.message_id.encode())
    elsewhere = came(raw.replace(READER.encode(), b"other@example.org"))
    assert elsewhere is not None
    assert elsewhere.state == "unmatched"
    assert stops(returning) == []
    row = came(raw)
    assert row is not None
    assert (row.outbox_id, row.reason) == (mail.id, "suppressed")


def test_a_late_report_may_follow_a_delay_and_a_delay_is_no_failure(returning: House, sent: Sent, came: Came) -> None:
    mail = sent()
    raw = bounces.postfix(FULL, READER, back_to(returning, mail))
    for said, reason in ((b"delayed", "nothing failed"), (b"delivered", "nothing failed"), (b"failed", "counted")):
        row = came(raw.replace(b"Action: failed", b"Action: " + said))
        assert row is not None
        assert (row.state, row.reason) == ("settled", reason)
    came(bounces.postfix(GONE, READER, back_to(returning, mail)))
    assert stops(returning) == [("all", "hard bounce")]


def test_a_failure_at_another_address_was_sent_on_from_ours_and_is_soft(
    returning: House, sent: Sent, came: Came
) -> None:
    row = came(bounces.postfix(GONE, "member@elsewhere.example.org", back_to(returning, sent())))
    assert row is not None
    assert (row.weight, row.reason, stops(returning)) == (SOFT, "counted", [])


def test_p06_a_report_about_somebody_who_was_deleted_brings_no_address_back(
    returning: House, sent: Sent, came: Came
) -> None:
    mail = sent()
    with returning.db.transaction() as session:
        session.get_one(OutboxEmail, mail.id).to_address = ""
    row = came(bounces.postfix(GONE, READER, back_to(returning, mail)))
    assert row is not None
    assert (row.reason, row.address_hash, stops(returning)) == (returns.FORGOTTEN, None, [])
