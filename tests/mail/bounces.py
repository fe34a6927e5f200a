"""Bounces in the manner of several mail servers, in our own words; each with what it is (M-15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

HARD, SOFT, NOTHING = "hard", "soft", "nothing"
READER = "reader@example.org"
OURS = "0123456789abcdef0123456789abcdef@example.org"


@dataclass(frozen=True)
class Sample:
    """`raw` with LF; `answer` is what a careful person would read in it."""

    name: str
    raw: bytes
    answer: str
    has_report: bool = True


@dataclass(frozen=True)
class Cause:
    """Why a mail did not arrive: the reply of the server that refused it, and the status that a report gives it."""

    name: str
    status: str
    reply: str
    answer: str


CAUSES = (
    Cause("user unknown", "5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in local table", HARD),
    Cause("no such mailbox", "5.1.1", "550-5.1.1 The account you wrote to is not here. 550 5.1.1 Check it", HARD),
    Cause("relay table", "5.1.1", "550 5.1.1 <{to}>: user unknown in relay recipient table", HARD),
    Cause("no domain", "5.1.2", "550 5.1.2 bad destination system: no such domain", HARD),
    Cause("bad syntax", "5.1.3", "501 5.1.3 the address cannot be used", HARD),
    Cause("moved", "5.1.6", "551 5.1.6 the mailbox has moved, no forwarding address", HARD),
    Cause("null MX", "5.1.10", "556 5.1.10 the domain takes no mail", HARD),
    Cause("disabled", "5.2.1", "550 5.2.1 the mailbox is disabled", HARD),
    Cause("no route", "5.4.4", "host or domain name not found: name service error for host", HARD),
    Cause("vague, unknown", "5.0.0", "550 No such user here", HARD),
    Cause("vague, its code in the reply", "5.0.0", "550 5.1.1 mailbox not there", HARD),
    Cause("rejected recipient", "5.4.1", "550 5.4.1 Recipient address rejected: user does not exist", HARD),
    Cause("unavailable", "5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", HARD),
    Cause("full", "5.2.2", "552 5.2.2 the mailbox is full", SOFT),
    Cause("full for now", "4.2.2", "452 4.2.2 over quota, user unknown to have space", SOFT),
    Cause("too large", "5.3.4", "552 5.3.4 message size exceeds the limit", SOFT),
    Cause("policy", "5.7.1", "554 5.7.1 refused by local policy, no such user may write", SOFT),
    Cause("spam", "5.7.1", "550 5.7.1 looks like spam", SOFT),
    Cause("vague, spam", "5.0.0", "550 rejected as spam: user unknown to us as sender", SOFT),
    Cause("our own address", "5.1.8", "553 5.1.8 <press@example.org>: Sender address rejected: domain not found", SOFT),
    Cause("sender", "5.1.7", "550 5.1.7 bad sender address", SOFT),
    Cause("given up", "4.4.1", "connect to mx.example.org[192.0.2.1]:25: Connection timed out", SOFT),
    Cause("greylisted for ever", "4.7.1", "450 4.7.1 <{to}>: Recipient address rejected: greylisted", SOFT),
    Cause("system", "5.3.0", "554 5.3.0 unknown mailer error", SOFT),
    Cause("content", "5.6.0", "554 5.6.0 content not understood, address not found in it", SOFT),
    Cause("loop", "5.4.6", "554 5.4.6 too many hops, mail loop", SOFT),
)


def original(to: str = READER, message_id: str = OURS) -> str:
    return (
        f"Return-Path: <press@example.org>\nFrom: Office <press@example.org>\nTo: {to}\nSubject: News of the day\n"
        f"Message-ID: <{message_id}>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    )


def report(
    told: str, fields: str, *, back_to: str, sender: str, subject: str, returned: str, before: str = "",
    kind: str = "message/delivery-status", whole: str = "multipart/report; report-type=delivery-status",
    returned_kind: str = "message/rfc822",
) -> bytes:  # fmt: skip
    """A mail of three parts: words, fields, what was returned."""
    edge = "=_edge_of_parts"
    return (
        f"Return-Path: <>\n{before}From: {sender}\nTo: {back_to}\nSubject: {subject}\nDate: Tue, 25 Nov 2025 11:00:00 +0000\n"
        f'Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: {whole}; boundary="{edge}"\n\n'
        f"This is a mail in parts.\n\n--{edge}\nContent-Type: text/plain; charset=us-ascii\n\n{told}\n\n"
        f"--{edge}\nContent-Type: {kind}\n\n{fields}\n\n"
        f"--{edge}\nContent-Type: {returned_kind}\n\n{returned}\n--{edge}--\n"
    ).encode()


def postfix(cause: Cause, to: str, back_to: str) -> bytes:
    reply = cause.reply.format(to=to)
    return report(
        f"This is the mail system at host mx.example.org.\n\nYour message could not be delivered.\n\n<{to}>: {reply}",
        f"Reporting-MTA: dns; mx.example.org\nX-Postfix-Queue-ID: 4Abc\nArrival-Date: Tue, 25 Nov 2025 10:59:58 +0000\n\n"
        f"Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\nAction: failed\nStatus: {cause.status}\n"
        f"Remote-MTA: dns; in.example.org\nDiagnostic-Code: smtp; {reply}",
        back_to=back_to, sender="MAILER-DAEMON@mx.example.org (Mail Delivery System)",
        subject="Undelivered Mail Returned to Sender", returned=original(to) + "\nWords.\n",
    )  # fmt: skip


def exim(cause: Cause, to: str, back_to: str) -> bytes:
    reply = cause.reply.format(to=to)
    return report(
        f"This message was created automatically by mail delivery software.\n\nIt could not be delivered to:\n\n  {to}\n    {reply}",
        f"Reporting-MTA: dns; mx.example.org\n\nAction: failed\nFinal-Recipient: rfc822;{to}\n"
        f"Status: {cause.status[0]}.0.0\nDiagnostic-Code: smtp; {reply}",
        back_to=back_to, sender="Mail Delivery System <Mailer-Daemon@mx.example.org>",
        subject="Mail delivery failed: returning message to sender", before=f"X-Failed-Recipients: {to}\n",
        returned=original(to), returned_kind="text/rfc822-headers",
    )  # fmt: skip


def exchange(cause: Cause, to: str, back_to: str) -> bytes:
    reply = cause.reply.format(to=to)
    return report(
        f"Delivery has failed to these recipients:\n\n{to}\nDiagnostic information for administrators:\n{reply}",
        f"Reporting-MTA: dns;srv.example.org\nReceived-From-MTA: dns;mx.example.org\nArrival-Date: Tue, 25 Nov 2025 10:59:58 +0000\n\n"
        f"Original-Recipient: rfc822;{to}\nFinal-Recipient: rfc822;{to.title()}\nAction: failed\nStatus: {cause.status}\n"
        f"Diagnostic-Code: smtp;{reply}\nX-Display-Name: Reader",
        back_to=f"<{back_to}>", sender="Microsoft Outlook <postmaster@example.org>", subject="Undeliverable: News of the day",
        whole='multipart/report; report-type="delivery-status"', returned=original(to),
    )  # fmt: skip


def google(cause: Cause, to: str, back_to: str) -> bytes:
    reply = cause.reply.format(to=to)
    return report(
        f"** Address not found or not reached **\n\nYour message was not delivered to {to}.\n\nThe response was:\n\n{reply}",
        f"Reporting-MTA: dns; mail.example.org\nArrival-Date: Tue, 25 Nov 2025 02:59:58 -0800 (PST)\nX-Original-Message-ID: <{OURS}>\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: {cause.status}\nDiagnostic-Code: smtp; {reply}\n"
        f"Last-Attempt-Date: Tue, 25 Nov 2025 02:59:59 -0800 (PST)",
        back_to=back_to, sender='"Mail Delivery Subsystem" <mailer-daemon@mail.example.org>',
        subject="Delivery Status Notification (Failure)", returned=original(to),
    )  # fmt: skip


def bare(cause: Cause, to: str, back_to: str) -> bytes:
    """As little as a report can hold: no Diagnostic-Code, nothing returned, no empty line between the groups."""
    edge = "x"
    return (
        f"Return-Path: <>\nFrom: postmaster@mx.example.org\nTo: {back_to}\nSubject: failure\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/report; boundary={edge}\n\n--{edge}\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example.org\nFinal-Recipient: RFC822; <{to}>\nAction: Failed\nStatus: {cause.status} ({cause.name})\n"
        f"--{edge}--\n"
    ).encode()


def qmail(cause: Cause, to: str, back_to: str) -> bytes:
    """No report in parts: words, a line, and the mail."""
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: {back_to}\nSubject: failure notice\n"
        f"Date: 25 Nov 2025 11:00:00 -0000\n\nHi. This is the qmail-send program at mx.example.org.\n"
        f"I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        f"This is a permanent error; I've given up. Sorry it didn't work out.\n\n<{to}>:\n{cause.reply.format(to=to)}\n\n"
        f"--- Below this line is a copy of the message.\n\n{original(to)}\nWords.\n"
    ).encode()


REPORTERS = {"postfix": postfix, "exim": exim, "exchange": exchange, "google": google, "bare": bare}
# Exim gives only 4.0.0 or 5.0.0, so what its reply does not say is not known; a bare report has no words at all.
UNSAID = {
    "exim": ("no route", "moved", "bad syntax", "null MX"),
    "bare": ("vague, unknown", "vague, its code in the reply", "rejected recipient", "unavailable"),
}


def corpus(back_to: str, to: str = READER) -> Iterator[Sample]:
    """Every cause by every reporter, and by one that writes no report."""
    for cause in CAUSES:
        for name, reporter in REPORTERS.items():
            yield Sample(f"{name}: {cause.name}", reporter(cause, to, back_to), cause.answer)
        yield Sample(f"qmail: {cause.name}", qmail(cause, to, back_to), cause.answer, has_report=False)


def varied(sample: Sample) -> Iterator[Sample]:
    """The same with other line ends, from a mailbox file, with odd capitals, with dates before it."""
    ways = {
        "LF": sample.raw,
        "CRLF": sample.raw.replace(b"\n", b"\r\n"),
        "CR": sample.raw.replace(b"\n", b"\r"),
        "mbox": b"From MAILER-DAEMON Tue Nov 25 11:00:00 2025\n" + sample.raw,
        "capitals": sample.raw.replace(b"Content-Type:", b"CONTENT-TYPE:").replace(b"Status:", b"STATUS:"),
        "received": b"Received: from mx.example.org\n\tby in.example.org; Tue, 25 Nov 2025 11:00:00 +0000\n"
        + sample.raw,
    }
    for way, raw in ways.items():
        yield replace(sample, name=f"{sample.name}, {way}", raw=raw)
