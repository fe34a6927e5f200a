"""Mail that comes in: the pipe's command, mails that stop a subscription, what waits on the desk, what is forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from config import ROOT
from outreach import clock
from outreach.house import House
from outreach.mail import verp
from outreach.mail.inbound import jobs as inbound
from outreach.mail.inbound import queries, taking
from outreach.mail.models import MailInbound, OutboxEmail
from outreach.subscriptions import erasure, links
from outreach.subscriptions import jobs as subscriptions
from outreach.subscriptions.models import Subscriber
from tests.digests import givens
from tests.mail import bounces, strangers
from tests.support.client import PageClient
from tests.support.moment import Moment
from tests.support.processes import environment

BOUNCES = "bounces@press.example.org"
STOPS_AT = "bounces+unsubscribe@press.example.org"


@pytest.fixture
def office(house: House, moment: Moment) -> House:
    """An office to whose bounce address mail comes back, on a Monday morning."""
    opened = replace(house, settings=replace(house.settings, bounce_address=BOUNCES))
    givens.opened(opened, moment)
    return opened


def rows(house: House) -> list[MailInbound]:
    with house.db.read() as session:
        return list(session.scalars(select(MailInbound).order_by(MailInbound.id)))


def states(house: House) -> list[tuple[str, str, str | None]]:
    return [(row.kind, row.state, row.reason) for row in rows(house)]


def subscriber(house: House, subscriber_id: int) -> Subscriber:
    with house.db.read() as session:
        return session.get_one(Subscriber, subscriber_id)


def received(house: House, raw: bytes, *words: str, **env: str) -> int:
    """The command as a mail server's pipe calls it; its exit code."""
    run = subprocess.run(
        [sys.executable, "-m", "outreach", "mail", "receive", *words], input=raw, cwd=ROOT, capture_output=True,
        env=environment(house.settings, BOUNCE_ADDRESS=BOUNCES) | env, timeout=60, check=False,
    )  # fmt: skip
    assert b"Traceback" not in run.stderr
    assert b"@" not in run.stderr + run.stdout
    return run.returncode


def test_the_pipe_takes_a_mail_in_once_and_says_what_a_mail_server_wants_to_hear(office: House, tmp_path: Path) -> None:
    raw = strangers.mail("Hello", to="someone@example.org")
    assert received(office, raw, DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/none.db") == 75
    assert received(office, raw, DATABASE_URL=f"sqlite:///{tmp_path}/empty.db") == 75
    assert received(office, raw, PORT="not a port") == 75
    assert rows(office) == []
    assert [received(office, raw), received(office, raw)] == [0, 0]
    assert states(office) == [("other", "new", None)]
    assert received(office, strangers.mail("stop", subject="x.x.0.x", to="x@example.org"), "--recipient", STOPS_AT) == 0
    assert states(office)[1:] == [("unsubscribe", "new", None)]


def test_a_large_mail_is_read_to_its_end_so_that_the_pipe_does_not_break(office: House) -> None:
    words = [sys.executable, "-m", "outreach", "mail", "receive"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, env=environment(office.settings), cwd=ROOT) as process:
        assert process.stdin is not None
        process.stdin.write(strangers.mail("a long line of words\n" * 300_000))
        process.stdin.close()
    assert process.returncode == 0
    assert [len(row.raw or b"") for row in rows(office)] == [2**20]


def written(house: House, subscriber_id: int, subject: str = "{token}", **given: Any) -> None:
    """A mail program writes to the address that the header names."""
    token = links.token(house, subscriber(house, subscriber_id), "unsubscribe")
    inbound.receive(house, strangers.mail("", subject=subject.format(token=token), to=STOPS_AT, **given))
    subscriptions.stop_by_mail(house)


@pytest.mark.parametrize("subject", ["{token}", "unsubscribe {token}", "Re: {token}", "=?utf-8?q?{token}?="])
def test_m09_a_mail_to_the_address_of_the_header_stops_the_subscriber(office: House, subject: str) -> None:
    mine, other = givens.subscribed(office), givens.subscribed(office, "other@example.org")
    written(office, mine, subject)
    assert (subscriber(office, mine).ended_reason, subscriber(office, other).ended_at) == ("by mail", None)
    assert states(office) == [("unsubscribe", "settled", "stopped")]
    assert [(row.raw, row.token) for row in rows(office)] == [(None, None)]


def test_m09_the_same_mail_and_another_one_change_nothing_more(office: House, moment: Moment) -> None:
    mine = givens.subscribed(office)
    written(office, mine)
    ended_at = subscriber(office, mine).ended_at
    moment.moves(hours=1)
    written(office, mine)
    written(
        office, mine, more="Auto-Submitted: auto-generated\nReturn-Path: <>\nPrecedence: bulk\n", subject="stop {token}"
    )
    assert subscriber(office, mine).ended_at == ended_at
    assert [state for _, state, _ in states(office)] == ["settled", "settled"]


def test_m09_a_wrong_token_changes_nothing_and_waits(office: House) -> None:
    mine = givens.subscribed(office)
    row = subscriber(office, mine)
    good, other = links.token(office, row, "unsubscribe"), links.token(office, row, "preferences")
    for subject in (good[:-1] + ("A" if good[-1] != "A" else "B"), other, good.swapcase(), "unsubscribe"):
        inbound.receive(office, strangers.mail(subject, subject=subject, to=STOPS_AT))
        subscriptions.stop_by_mail(office)
    assert subscriber(office, mine).is_live
    assert [state for _, state, _ in states(office)] == ["unmatched"] * 4
    assert {reason for _, _, reason in states(office)} == {"wrong token", "no token"}


def test_m09_the_header_names_that_address_and_the_token_of_the_copy(
    office: House, moment: Moment, mailbox: Any
) -> None:
    mine = givens.subscribed(office)
    moment.moves(minutes=1)
    givens.published(office, "first")
    moment.is_at(givens.at(23, 16, 1))
    givens.planned(office)
    (mail,) = mailbox.to(givens.READER)[-1:]
    way = re.fullmatch(
        rf"<http://localhost/en/unsubscribe/([\w.-]+)>,\s+<mailto:{re.escape(STOPS_AT)}\?subject=([\w.-]+)>",
        str(mail.message["List-Unsubscribe"]),
    )
    assert way, mail.message["List-Unsubscribe"]
    assert way[1] == way[2] == links.token(office, subscriber(office, mine), "unsubscribe")
    inbound.receive(office, strangers.mail("", subject=way[2], to=STOPS_AT))
    subscriptions.stop_by_mail(office)
    assert subscriber(office, mine).ended_reason == "by mail"


def test_m14_a_hard_bounce_stops_the_digest_that_waits_and_those_to_come(
    office: House, moment: Moment, mailbox: Any
) -> None:
    givens.subscribed(office)
    moment.moves(minutes=1)
    givens.published(office, "first")
    moment.is_at(givens.at(23, 16, 1))
    givens.planned(office)
    bounced(office)
    mailbox.deliver()
    (copy,) = givens.mails(office)
    assert (copy.state, copy.reason) == ("cancelled", "suppressed")
    givens.published(office, "second")
    moment.is_at(givens.at(24, 16, 1))
    givens.planned(office)
    assert len(givens.mails(office)) == 1


def test_m14_a_bounced_address_is_sent_no_confirmation_and_the_form_does_not_tell(
    office: House, moment: Moment
) -> None:
    mine = givens.subscribed(office)
    givens.stopped(office, mine)
    bounced(office)
    before = len(givens.mails(office, "subscription_confirm"))
    moment.moves(hours=1)
    assert asked_again(office) == "suppressed"
    assert len(givens.mails(office, "subscription_confirm")) == before


def asked_again(house: House) -> str:
    from outreach.language import Variant
    from outreach.subscriptions import optin

    with house.db.transaction() as session:
        asked = optin.request(
            session,
            house,
            clock.now(),
            address=givens.READER,
            choice=givens.wish(),
            shown=Variant.EN,
            source="/en/subscribe",
        )
    return asked


def test_m14_a_bounced_address_is_not_taken_in_from_a_list(office: House, tmp_path: Path) -> None:
    mine = givens.subscribed(office)
    givens.stopped(office, mine)
    bounced(office)
    file = tmp_path / "list.csv"
    file.write_text(f"address,consent_date\n{givens.READER},2026-11-23\nnew@example.org,2026-11-20\n")
    words = [sys.executable, "-m", "outreach", "subscribers", "import", str(file), "--proof", "They asked", "--apply"]
    run = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, env=environment(office.settings), timeout=60, check=False
    )
    assert "suppressed" in run.stdout, run.stdout + run.stderr
    assert not subscriber(office, mine).is_live


def bounced(house: House) -> None:
    """A mail server says that a mail to the reader came to an address that is not there."""
    own_sender = verp.senders(house)
    assert own_sender is not None
    with house.db.transaction() as session:
        mail_id = session.scalars(select(OutboxEmail.id).where(OutboxEmail.to_address == givens.READER)).first()
        assert mail_id is not None
        session.execute(update(OutboxEmail).where(OutboxEmail.id == mail_id).values(attempts=1))
    inbound.receive(house, bounces.postfix(bounces.CAUSES[0], givens.READER, own_sender(mail_id)))
    assert states(house)[-1] == ("bounce", "settled", "suppressed")


@pytest.fixture
def waiting(house: House) -> list[MailInbound]:
    """One mail of each kind that a person must look at."""
    house = replace(house, settings=replace(house.settings, bounce_address=BOUNCES))
    inbound.receive(house, bounces.postfix(bounces.CAUSES[0], givens.READER, "x@example.org"))
    inbound.receive(
        house, strangers.mail("<script>alert(1)</script> Here are \x1b[31mmy words.", subject="=?utf-8?b?PGI+?= & more")
    )
    inbound.receive(house, strangers.mail("no token", to=STOPS_AT))
    inbound.receive(house, strangers.MAILS["HTML alone"][1])
    inbound.receive(house, strangers.MAILS["away, RFC 3834"][1])
    return rows(house)


@pytest.mark.usefixtures("waiting")
def test_what_waits_is_shown_in_words_and_never_as_html(officer: PageClient) -> None:
    page = officer.get("/desk/inbound")
    assert page.h1 == "Mail that came in"
    for words in ("4 wait", "A mail server says that a mail did not arrive", "It does not say which of our mails it is about.",
                  "Somebody has written", "Somebody wants no more digests", "<script>alert(1)</script>", "<b> & more"):  # fmt: skip
        assert words in page.words, words
    assert "\x1b" not in page.words
    assert page.soup.main is not None
    assert page.soup.main.find(["script", "b", "i"]) is None
    assert "4 mails that came in wait for somebody" in officer.get("/desk/").words


def test_settling_and_discarding_are_safe_to_repeat_and_keep_no_mail(
    officer: PageClient, house: House, waiting: list[MailInbound]
) -> None:
    page = officer.get("/desk/inbound")
    first, second = waiting[0].id, waiting[1].id
    for _ in range(2):
        officer.submit(page, action=f"/desk/inbound/{first}/settle")
        officer.submit(page, action=f"/desk/inbound/{second}/discard")
    found = {row.id: row for row in rows(house)}
    assert [(found[n].state, found[n].reason, found[n].raw) for n in (first, second)] == [
        ("settled", "by hand", None), ("settled", "discarded", None),
    ]  # fmt: skip
    assert "2 wait" in officer.get("/desk/inbound").words
    assert officer.post("/desk/inbound/4711/settle", data={}).status_code in (400, 404)


def test_the_desk_says_when_the_mailbox_was_last_read(officer: PageClient, house: House) -> None:
    assert "No mailbox is set" in officer.get("/desk/inbound").words
    with house.db.transaction() as session:
        taking.note_read(session, clock.now())
    assert "The mailbox was last read" in officer.get("/desk/inbound").words
    with house.db.transaction() as session:
        taking.note_read(session, clock.now(), "error no such folder")
    words = officer.get("/desk/inbound").words
    assert "The mailbox could not be read" in words
    assert "no such folder" in words


def test_every_reason_and_kind_has_words() -> None:
    from outreach.mail.models import KINDS

    assert set(queries.KIND_WORDS) == set(KINDS)


def test_p04_what_nobody_looks_at_is_forgotten_and_rows_after_a_year(office: House, moment: Moment) -> None:
    inbound.receive(office, strangers.mail("Hello"))
    bounced_id = givens.subscribed(office)
    bounced(office)
    moment.moves(days=15)
    inbound.forget(office)
    assert [(row.raw is None, row.address_hash) for row in rows(office)] == [(False, None), (True, None)]
    moment.moves(days=16)
    inbound.forget(office)
    assert [(row.state, row.raw) for row in rows(office)] == [("settled", None)] * 2
    moment.moves(days=340)
    inbound.forget(office)
    assert rows(office) == []
    assert subscriber(office, bounced_id).is_live


def test_p06_who_is_deleted_is_deleted_from_mail_that_waits(office: House) -> None:
    mine = givens.subscribed(office)
    inbound.receive(office, strangers.mail("Please", sender="Reader <READER@example.org>"))
    inbound.receive(office, strangers.mail("Please", sender="Other <other@example.org>"))
    bounced(office)
    with office.db.transaction() as session:
        erasure.erase(session, office, clock.now(), mine)
    assert [(row.raw is None, row.address_hash) for row in rows(office)] == [(True, None), (False, None), (True, None)]


def test_m16_auto_replies_leave_nothing_but_a_line(office: House) -> None:
    autos = {name: raw for name, (kind, raw) in strangers.MAILS.items() if kind == "auto-reply"}
    for raw in autos.values():
        inbound.receive(office, raw)
    with office.db.read() as session:
        assert list(session.scalars(select(OutboxEmail.id))) == []
    assert states(office) == [("auto-reply", "settled", "automatic")] * len(autos)
    assert {row.raw for row in rows(office)} == {None}


def test_two_processes_with_the_same_mail_make_one_row(office: House) -> None:
    raw = strangers.mail("Hello")
    words = [sys.executable, "-m", "outreach", "mail", "receive"]
    env = environment(office.settings, BOUNCE_ADDRESS=BOUNCES)
    both = [subprocess.Popen(words, stdin=subprocess.PIPE, env=env, cwd=ROOT) for _ in range(2)]
    for process in both:
        process.communicate(raw, timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert states(office) == [("other", "new", None)]


Put = Callable[..., int]


def test_m14_a_refusal_at_the_door_suppresses_and_one_of_the_content_does_not(house: House, enqueued: Put) -> None:
    from contextlib import closing

    from outreach.mail.jobs import deliver
    from outreach.mail.relay import SmtpTransport
    from outreach.mail.suppressions import is_suppressed
    from tests.mail.letters import AT
    from tests.mail.sink import Sink

    office = replace(house, settings=replace(house.settings, mail_allow=("*@example.org",)))
    for fault, to, is_stopped in (("550_rcpt", "gone@example.org", True), ("554_dot", "there@example.org", False)):
        enqueued(to)
        with (
            Sink(fault) as sink,
            closing(SmtpTransport(sink.url, "example.org", reply_within=5, dot_within=5)) as transport,
        ):
            assert deliver(office, transport, AT)
        with house.db.read() as session:
            assert is_suppressed(session, house, to, "all") is is_stopped
