"""Mail that comes in: the pipe's command, mails that stop a subscription, what waits on the desk, what is forgotten."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from config import ROOT
from outreach import clock
from outreach.house import House
from outreach.mail.inbound import jobs as inbound
from outreach.mail.inbound import queries, taking
from outreach.mail.models import MailInbound, OutboxEmail
from outreach.subscriptions import erasure
from tests.digests import givens
from tests.mail import bounces, strangers
from tests.mail.came_in import BOUNCES, STOPS_AT, bounced, rows, states, subscriber
from tests.support import quick
from tests.support.client import PageClient
from tests.support.moment import Moment
from tests.support.processes import environment


def received(house: House, raw: bytes, *words: str, **env: str) -> int:
    """The command as a mail server's pipe calls it; its exit code."""
    run = subprocess.run(
        quick.line("outreach", "mail", "receive", *words), input=raw, cwd=ROOT, capture_output=True,
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
    words = quick.line("outreach", "mail", "receive")
    with subprocess.Popen(words, stdin=subprocess.PIPE, env=environment(office.settings), cwd=ROOT) as process:
        assert process.stdin is not None
        process.stdin.write(strangers.mail("a long line of words\n" * 300_000))
        process.stdin.close()
    assert process.returncode == 0
    assert [len(row.raw or b"") for row in rows(office)] == [5 * 2**20]


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
    words = quick.line("outreach", "mail", "receive")
    env = environment(office.settings, BOUNCE_ADDRESS=BOUNCES)
    both = [subprocess.Popen(words, stdin=subprocess.PIPE, env=env, cwd=ROOT) for _ in range(2)]
    for process in both:
        process.communicate(raw, timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert states(office) == [("other", "new", None)]
