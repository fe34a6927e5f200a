"""Our mail through a real Postfix and back, and mailboxes of a real Dovecot."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from config import ROOT
from outreach import clock
from outreach.house import House
from outreach.language import Variant
from outreach.mail import transports, verp
from outreach.mail.inbound import jobs as inbound
from outreach.mail.inbound import sources
from outreach.mail.jobs import deliver
from outreach.mail.models import MailboxRead, MailInbound, OutboxEmail, Suppression
from outreach.mail.smtp import Server
from tests.mail import bounces, perl_reader, strangers
from tests.mail.real_servers import Dovecot, dovecot, postfix
from tests.mail.servers import CERTIFICATES, trusting_the_test_authority
from tests.support import quick
from tests.support.processes import environment, wait_until

BOUNCES = "bounces@press.example.org"


@pytest.fixture
def mailbox_server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def reading(house: House, url: str) -> House:
    return replace(house, settings=replace(house.settings, bounce_address=BOUNCES, inbound_url=url))


def rows(house: House) -> list[MailInbound]:
    with house.db.read() as session:
        return list(session.scalars(select(MailInbound).order_by(MailInbound.id)))


def last(house: House) -> MailboxRead:
    with house.db.read() as session:
        return session.get_one(MailboxRead, 1)


def read_once(house: House) -> None:
    inbound.read_mailbox(house, trusting_the_test_authority())


@pytest.mark.parametrize("scheme", ["imaps", "pops"])
def test_a_mailbox_is_read_over_tls_and_emptied_and_nothing_comes_twice(
    house: House, mailbox_server: Dovecot, scheme: str
) -> None:
    office = reading(house, mailbox_server.url(scheme))
    for n, (_, raw) in enumerate(sorted(strangers.MAILS.values())):
        mailbox_server.put(raw.replace(b"\n", b"\r\n"), f"{n:03}.mail")
    long_line = strangers.mail("x" * 70_000, subject="a long line")
    mailbox_server.put(long_line, "900.mail")
    mailbox_server.put(strangers.mail("too long\n" * 3_000_000, subject="a long mail"), "901.mail")
    read_once(office)
    taken = rows(office)
    assert len(taken) == len({raw for _, raw in strangers.MAILS.values()}) + 2
    assert {row.kind for row in taken} == {kind for kind, _ in strangers.MAILS.values()}
    assert max(len(row.raw or b"") for row in taken) <= 5 * 2**20
    assert mailbox_server.left() == 0
    assert (last(office).read_at is not None, last(office).fault) == (True, None)
    mailbox_server.put(long_line, "902.mail")  # once more
    read_once(office)
    assert (len(rows(office)), mailbox_server.left()) == (len(taken), 0)


def test_a_folder_of_its_own_can_be_read(house: House, mailbox_server: Dovecot) -> None:
    office = reading(house, mailbox_server.url("imaps", "/Came%20%22back%22"))
    read_once(office)  # it is not there yet
    assert (last(office).read_at, "error" in (last(office).fault or "").lower()) == (None, True)
    url = mailbox_server.url("imaps")
    with sources.opened(url, trusting_the_test_authority()) as source:
        assert isinstance(source, sources.Imap)
        source.client.create('"Came \\"back\\""')
        source.client.append('"Came \\"back\\""', "", "", strangers.mail("In a folder"))
    read_once(office)
    assert [row.kind for row in rows(office)] == ["other"]


@pytest.mark.parametrize("scheme", ["imaps", "pops"])
def test_a_mail_is_deleted_only_after_its_row_is_committed(house: House, mailbox_server: Dovecot, scheme: str) -> None:
    """The database goes away in the middle: what was taken in is gone from the mailbox, the rest lies there."""
    office = reading(house, mailbox_server.url(scheme))
    for n in range(4):
        mailbox_server.put(strangers.mail(f"number {n}"), f"{n}.mail")
    with sources.opened(office.settings.inbound_url, trusting_the_test_authority()) as source:
        first, second, *_ = source.waiting()
        raw = source.fetch(first)
        assert raw is not None
        inbound.receive(office, raw)
        source.drop(first)
        assert source.fetch(second) is not None  # fetched, and then this process has no more time
    assert (len(rows(office)), mailbox_server.left()) == (1, 3)
    read_once(office)
    assert (len(rows(office)), mailbox_server.left()) == (4, 0)


@pytest.mark.parametrize("scheme", ["imaps", "pops"])
def test_m12_no_word_is_said_to_a_server_whose_certificate_is_not_trusted(
    house: House, mailbox_server: Dovecot, scheme: str
) -> None:
    office = reading(house, mailbox_server.url(scheme))
    mailbox_server.put(strangers.mail("Hello"), "1.mail")
    inbound.read_mailbox(office)  # with the system's trust
    assert (rows(office), mailbox_server.left()) == ([], 1)
    assert "CERTIFICATE_VERIFY_FAILED" in (last(office).fault or "")
    wrong = reading(house, mailbox_server.url(scheme, password="wrong"))
    read_once(wrong)
    fault = last(wrong).fault or ""
    assert fault
    assert "wrong" not in fault
    assert "@" not in fault
    assert mailbox_server.left() == 1


def test_the_timetable_reads_the_mailbox_in_a_process_of_its_own(house: House, mailbox_server: Dovecot) -> None:
    mailbox_server.put(strangers.mail("Hello"), "1.mail")
    env = environment(
        house.settings,
        BOUNCE_ADDRESS=BOUNCES,
        INBOUND_URL=mailbox_server.url("imaps"),
        SSL_CERT_FILE=str(CERTIFICATES / "authority.pem"),
    )
    code = "import config; from outreach.house import House; from outreach.schedule import TIMETABLE; [e.job(House.open(config.load())) for e in TIMETABLE if 'mailbox' in e.words]"
    subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=True, timeout=60)
    assert [row.kind for row in rows(house)] == ["other"]


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def received(env: dict[str, str]) -> Callable[[str, bytes], int]:
    """What a pipe's script does: the command with the mail on its standard input; its exit code."""

    def take(recipient: str, raw: bytes) -> int:
        words = quick.line("outreach", "mail", "receive", "--recipient", recipient)
        return subprocess.run(words, input=raw, env=env, cwd=ROOT, timeout=60, check=False).returncode

    return take


@pytest.mark.parametrize("variant", Variant)
def test_m01_two_parsers_read_what_a_real_postfix_received_and_kept(
    open_house: House, digests: Callable[..., list[int]], variant: Variant
) -> None:
    house = reading(open_house, "")
    with postfix(lambda _recipient, _raw: 0) as server:
        (mail_id,) = digests("reader@example.org", now=clock.now(), variant=variant, house=house)
        sent = sent_through(house, server.url)
        wait_until(lambda: server.kept(), server.said)
        (kept,) = server.kept()
    with house.db.read() as session:
        row = session.get_one(OutboxEmail, mail_id)
        assert (row.state, f"<{row.message_id}>".encode() in kept) == ("accepted", True)
    own_sender = verp.senders(house)
    assert own_sender is not None
    assert f"Return-Path: <{own_sender(mail_id)}>".encode() in kept
    assert kept.replace(b"\r\n", b"\n").endswith(sent[0].replace(b"\r\n", b"\n").partition(b"\nDate: ")[2])
    python, perl = parsed(kept), perl_reader.read(kept)
    assert str(python["Subject"]) == perl.subject == "News of the day"
    assert str(python["List-Unsubscribe"]).replace(" ", "") == perl.unsubscribe.replace(" ", "")
    assert str(python["Message-ID"]) == perl.message_id
    sender = " ".join(str(message_from_bytes(kept)["From"]).split())  # the newer parser loses spaces in names (M-06)
    assert str(make_header(decode_header(sender))) == perl.sender
    assert part(python, "plain").strip() == perl.text.strip()
    assert part(python, "html").strip() == perl.html.strip()
    assert "for reader@example.org alone" in perl.text


def test_a_real_postfix_takes_mails_one_behind_the_other_and_keeps_each_apart(
    open_house: House, digests: Callable[..., list[int]]
) -> None:
    house = reading(open_house, "")
    with postfix(lambda _recipient, _raw: 0) as server:
        link = Server(server.url, "example.org").connect()
        link.sock.close()
        assert link.takes_chunks
        ids = digests(*[f"reader+{n}@example.org" for n in range(40)], now=clock.now(), house=house)
        sent_through(house, server.url, window=64)
        wait_until(lambda: len(server.kept()) == 40, server.said)
        kept = server.kept()
    with house.db.read() as session:
        assert {session.get_one(OutboxEmail, mail_id).attempts for mail_id in ids} == {1}
    words = [part(parsed(raw), "plain") for raw in kept]
    assert sorted(n for text in words for n in map(int, re.findall(r"for reader\+(\d+)@", text))) == list(range(40))
    own_sender = verp.senders(house)
    assert own_sender is not None
    paths = {re.search(rb"Return-Path: <(.+?)>", raw)[1].decode() for raw in kept}
    assert paths == {own_sender(mail_id) for mail_id in ids}


def sent_through(house: House, url: str, window: int = 1) -> list[bytes]:
    """Deliver what is due by SMTP; the bytes of each mail."""
    settings = replace(house.settings, mail_url=url)
    with closing(transports.open_transport(settings)) as transport:
        given: list[bytes] = []
        take = transport.take
        transport.take = lambda envelopes: (given.extend(e.raw for e in envelopes), take(envelopes))[1]  # type: ignore[method-assign]
        while deliver(replace(house, settings=settings), transport, clock.now(), window=window):
            pass
        return given


def test_m14_a_real_postfix_bounces_an_unknown_user_back_through_the_pipe_and_waits_while_there_is_no_database(
    open_house: House, digests: Callable[..., list[int]], tmp_path: Path
) -> None:
    house = reading(open_house, "")
    env = environment(house.settings, BOUNCE_ADDRESS=BOUNCES)
    without = env | {"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/none.db"}
    codes: list[int] = []

    def take(recipient: str, raw: bytes) -> int:
        codes.append(received(env if codes else without)(recipient, raw))
        return codes[-1]

    with postfix(take) as server:
        gone, good = digests("nobody@example.org", "reader@example.org", now=clock.now(), house=house)
        sent_through(house, server.url)
        wait_until(lambda: server.kept() and codes, server.said)
        wait_until(lambda: server.flush() or 0 in codes, server.said)
    assert (codes[0], codes[-1]) == (75, 0)
    (row,) = rows(house)
    assert (row.kind, row.state, row.reason, row.outbox_id, row.weight) == (
        "bounce",
        "settled",
        "suppressed",
        gone,
        "hard",
    )
    assert row.status == "5.1.1"
    assert "nobody" not in (row.diagnostic or "")
    with house.db.read() as session:
        assert [one.reason for one in session.scalars(select(Suppression))] == ["hard bounce"]
        assert session.get_one(OutboxEmail, good).state == "accepted"


def test_a_report_in_the_mailbox_is_settled_like_one_through_the_pipe(house: House, mailbox_server: Dovecot) -> None:
    office = reading(house, mailbox_server.url("pops"))
    mailbox_server.put(
        bounces.exchange(bounces.CAUSES[0], bounces.READER, "bounces+1f" + "0" * 32 + "@press.example.org"), "1.mail"
    )
    read_once(office)
    assert [(row.kind, row.state, row.reason) for row in rows(office)] == [("bounce", "unmatched", "not ours")]
