"""Files that go with a mail, and copies of it: as they arrive over SMTP, and as the outbox keeps them."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from outreach.house import House
from outreach.language import Variant
from outreach.mail import forms, headers, jobs, message, outbox, suppressions, transports
from outreach.mail.cupboard import Cupboard
from outreach.mail.message import Enclosed, base64_lines, stitch
from outreach.mail.models import MailBlock, OutboxEmail
from outreach.mail.moulds import Mould
from outreach.mail.outbox import Attachment
from outreach.mail.relay import SmtpTransport
from outreach.mail.verify import Mismatch, verify
from tests.mail.letters import AT, letter, words
from tests.mail.test_message import assert_wire, read, shown
from tests.support.smtp_server import MailServer, Received

READER = "reader@example.org"
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
LONG = "Одговор канцеларије за односе с јавношћу, са прилозима и табелом трошкова по годинама.pdf"
FILES = (
    Attachment(LONG, "application/pdf", random.Random(5).randbytes(40_000)),
    Attachment("рок 25-48271-3.ics", "text/calendar; charset=utf-8; method=PUBLISH", CALENDAR),
)
NAMES = [
    "answer.pdf", "two words.txt", LONG, "a", "šđčćž.docx", "x" * 200, "ж" * 200, '"quoted".txt', "it's 100%.txt", "a;b=c*0*.txt",
    ".hidden", "semi; filename=evil.exe", "🙂.png", "utf-8''x", "a\tb".replace("\t", "_"), "naïve café.jpg",
]  # fmt: skip


def files_of(mail: EmailMessage) -> list[tuple[str | None, str, bytes]]:
    return [
        (one.get_filename(), one.get_content_type(), one.get_payload(decode=True)) for one in mail.iter_attachments()
    ]  # type: ignore[misc]


def delivered(house: House, server: MailServer, *ids: int) -> list[Received]:
    """Each mail, sent over a real SMTP conversation."""
    transport = SmtpTransport(server.url, "example.org", reply_within=60, dot_within=60)
    try:
        for mail_id in ids:
            assert jobs.deliver(house, transport, AT, only=mail_id) == 1
    finally:
        transport.close()
    return server.received


def rows(house: House) -> list[OutboxEmail]:
    with house.db.read() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def mould_of(house: House, mail_id: int) -> tuple[Mould, OutboxEmail]:
    with house.db.read() as session:
        row = session.get_one(OutboxEmail, mail_id)
        mould = Cupboard().moulds(session, {row.form})[row.form]
        assert isinstance(mould, Mould)
        return mould, row


@pytest.mark.parametrize("variant", Variant)
def test_two_files_with_cyrillic_names_arrive_and_read_back_equal(
    open_house: House, enqueued: Callable[..., int], smtp_server: MailServer, variant: Variant
) -> None:
    mail_id = enqueued(variant=variant, words=words(variant), attachments=FILES)
    (received,) = delivered(open_house, smtp_server, mail_id)
    assert_wire(received.data)
    mail = received.message
    assert files_of(mail) == [(one.name, one.media_type.partition(";")[0], one.content) for one in FILES]
    assert [part.get_content_type() for part in mail.iter_parts()][0] == "multipart/alternative"
    assert list(mail.iter_attachments())[1].get_param("method") == "PUBLISH"
    for kind in ("plain", "html"):
        assert "25-48271-3" in "\n".join(shown(mail, kind))
    assert not [part for part in mail.walk() if part.defects]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_file_stays_one_name(name: str) -> None:
    made = letter(files=(Enclosed(name, "text/plain", base64_lines(b"x")), Enclosed("b.txt", "text/plain", b"")))
    raw = stitch(made)
    assert_wire(raw)
    verify(raw, made)
    assert [found for found, _, _ in files_of(read(raw))] == [name, "b.txt"]


@given(name=st.text(min_size=1, max_size=120), content=st.binary(max_size=300))
def test_m05_a_name_is_refused_or_arrives(name: str, content: bytes) -> None:
    made = letter(files=(Enclosed(name, "application/octet-stream", base64_lines(content)),))
    try:
        raw = stitch(made)
    except ValueError:
        return
    assert_wire(raw)
    verify(raw, made)


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a\r\nBcc: x@example.org", "a\0", "../../etc/passwd", "a\\b", "=?utf-8?b?eA==?=", "x" * 201, "\ud83d"])  # fmt: skip
def test_m05_names_that_could_do_harm_are_refused(name: str) -> None:
    with pytest.raises(headers.BadHeader):
        headers.attachment(name)


@pytest.mark.parametrize(
    "kind",
    ["", "text", "multipart/mixed", "message/rfc822", "text/plain\r\nX: y", 'text/plain; name="a"', "text/плаин"],
)
def test_m05_only_a_plain_media_type_is_taken(kind: str) -> None:
    with pytest.raises(headers.BadHeader):
        headers.media_type(kind)


def test_m07_a_file_that_does_not_read_back_stops_the_mail() -> None:
    made = letter(files=(Enclosed("a.txt", "text/plain", base64_lines(b"right")),))
    raw = stitch(made)
    for wrong in (
        raw.replace(b"a.txt", b"b.txt"), raw.replace(b"text/plain\r\nContent-D", b"text/other\r\nContent-D"),
        raw.replace(base64_lines(b"right"), base64_lines(b"wrong")), raw.replace(b"attachment", b"inline"),
        raw.replace(b"multipart/mixed", b"multipart/digest"),
    ):  # fmt: skip
        assert wrong != raw
        with pytest.raises(Mismatch):
            verify(wrong, made)


def test_d04_a_mail_with_files_read_again_has_the_same_bytes_and_shares_their_blocks(
    open_house: House, enqueued: Callable[..., int]
) -> None:
    first = enqueued(attachments=FILES)
    made = []
    for _ in range(2):
        mould, row = mould_of(open_house, first)
        made += [mould.cast(row), mould.cast(row)]
    assert len(set(made)) == 1
    with open_house.db.read() as session:
        before = session.scalar(select(func.count()).select_from(MailBlock))
    enqueued("other@example.org", attachments=[FILES[0]._replace(name="renamed.pdf")])
    with open_house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(MailBlock)) == before


def test_a_mail_without_files_keeps_the_form_it_always_had(open_house: House, enqueued: Callable[..., int]) -> None:
    mould, row = mould_of(open_house, enqueued())
    with open_house.db.read() as session:
        stored = forms.load(session, {row.form})[row.form]
        content = session.get_one(forms.MailForm, row.form).content
    assert set(content) == {
        "variant",
        "encoding",
        "sender",
        "sender_name",
        "reply_to",
        "subject",
        "headers",
        "text",
        "html",
    }
    assert (stored.files, stored.to) == ((), None)
    assert b"multipart/mixed" not in mould.cast(row).raw


def test_the_name_of_a_file_stands_with_the_mail_and_not_in_what_mails_share(
    open_house: House, enqueued: Callable[..., int], row_of: Callable[[int], OutboxEmail]
) -> None:
    row = row_of(enqueued(attachments=FILES))
    assert LONG in row.own
    with open_house.db.read() as session:
        assert LONG not in repr(session.get_one(forms.MailForm, row.form).content)


def test_more_than_a_mail_can_carry_is_refused_when_it_is_written(enqueued: Callable[..., int]) -> None:
    half = b"x" * (outbox.MOST_ATTACHED // 2)
    enqueued(attachments=[Attachment("a.txt", "text/plain", half), Attachment("b.txt", "text/plain", half)])
    with pytest.raises(ValueError, match="bytes"):
        enqueued(attachments=[Attachment("a.txt", "text/plain", half), Attachment("b.txt", "text/plain", half + b"x")])
    with pytest.raises(ValueError, match="name of a file"):
        enqueued(attachments=[Attachment("a/b", "text/plain", b"")])


def test_everybody_in_cc_gets_the_same_words_to_the_same_receiver_and_threads_with_them(
    open_house: House, enqueued: Callable[..., int], smtp_server: MailServer
) -> None:
    copies = ["editor@example.org", "Desk@example.org", "desk@example.org", "READER@example.org"]
    enqueued(READER, to_name="Reporter, daily", copies_to=copies, in_reply_to="first@example.org", attachments=FILES)
    waiting = rows(open_house)
    assert [(row.to_address, row.copy_of) for row in waiting] == [
        (READER, None), ("editor@example.org", waiting[0].id), ("desk@example.org", waiting[0].id),
    ]  # fmt: skip
    received = delivered(open_house, smtp_server, *[row.id for row in waiting])
    assert [mail.recipients for mail in received] == [(row.to_address,) for row in waiting]
    mails = [mail.message for mail in received]
    for mail in mails:
        assert getaddresses([str(mail["To"])]) == [("Reporter, daily", READER)]
        assert [address for _, address in getaddresses([str(mail["Cc"])])] == ["editor@example.org", "desk@example.org"]
        assert mail["In-Reply-To"] == "<first@example.org>"
        assert shown(mail, "plain") == shown(mails[0], "plain")
        assert files_of(mail) == files_of(mails[0])
    own = str(mails[0]["Message-ID"])
    assert [re.sub(r"\s+", " ", str(mail["References"])) for mail in mails] == ["<first@example.org>"] + [
        f"<first@example.org> {own}"
    ] * 2
    assert len({str(mail["Message-ID"]) for mail in mails}) == 3


def test_a_copy_outside_of_a_thread_refers_to_the_mail_it_is_a_copy_of(
    open_house: House, enqueued: Callable[..., int]
) -> None:
    enqueued(READER, copies_to=["editor@example.org"])
    first, copy = rows(open_house)
    mould, row = mould_of(open_house, copy.id)
    mail = read(mould.cast(row).raw)
    assert (mail["References"], mail["In-Reply-To"]) == (f"<{first.message_id}>", None)


def test_a_suppressed_copy_is_left_out_and_a_bad_one_refused_before_anything_is_written(
    open_house: House, enqueued: Callable[..., int]
) -> None:
    with open_house.db.transaction() as session:
        suppressions.suppress(session, open_house, "gone@example.org", suppressions.ALL, "hard bounce", AT)
    enqueued(READER, copies_to=["gone@example.org", "editor@example.org"])
    assert [row.to_address for row in rows(open_house)] == [READER, "editor@example.org"]
    with pytest.raises(ValueError, match="not an e-mail address"):
        enqueued(READER, copies_to=["a@example.org, b@example.org"])
    assert len(rows(open_house)) == 2


def test_taking_a_mail_back_takes_its_copies_back_or_none(open_house: House, enqueued: Callable[..., int]) -> None:
    given: dict[str, Any] = {"copies_to": ["editor@example.org"], "leaves_at": AT + timedelta(seconds=20)}
    first, second = enqueued(READER, **given), enqueued(READER, **given)
    with open_house.db.transaction() as session:
        assert outbox.take_back(session, first, "undone")
        assert not outbox.take_back(session, first, "undone")
        copy = session.scalars(select(OutboxEmail).where(OutboxEmail.copy_of == second)).one()
        copy.state = "sending"
        assert not outbox.take_back(session, second, "undone")
    assert [row.state for row in rows(open_house)] == ["cancelled", "cancelled", "pending", "sending"]


def test_the_fingerprint_of_a_row_is_that_of_what_left(
    open_house: House, enqueued: Callable[..., int], tmp_path: Any, row_of: Callable[[int], OutboxEmail]
) -> None:
    mail_id = enqueued(attachments=FILES, variant=Variant.CIR, words=words(Variant.CIR))
    transport = transports.open_transport(open_house.settings)
    jobs.deliver(open_house, transport, AT, only=mail_id)
    mould, row = mould_of(open_house, mail_id)
    raw = mould.cast(row).raw
    assert row_of(mail_id).bytes_hash == hashlib.blake2b(raw, digest_size=16).hexdigest()
    assert message.boundary(row.message_id).encode() in raw
