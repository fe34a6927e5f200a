"""Mails that are no bounces, in our own words, each with the kind it is; and complaints."""

from __future__ import annotations

import zlib

from tests.mail import bounces

PERSON = "Reader <reader@example.org>"
TO = "bounces+1ff@press.example.org"


def mail(
    words: str, *, sender: str = PERSON, to: str = TO, subject: str = "Hello", more: str = "", kind: str = "text/plain"
) -> bytes:
    return (
        f"{more}From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{zlib.crc32((more + words).encode())}@example.org>\nDate: Tue, 25 Nov 2025 11:00:00 +0000\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{words}\n"
    ).encode()


def complaint(sender: str = "press@example.org", kind: str = "abuse", to: str = "abuse@press.example.org") -> bytes:
    """A feedback report whose recipient is blacked out, as most are."""
    return bounces.report(
        "A reader marked this mail as unwanted.",
        f"Feedback-Type: {kind}\nUser-Agent: reports\nVersion: 1\nOriginal-Mail-From: <{sender}>\nArrival-Date: Tue, 25 Nov 2025 10:59:58 +0000",
        back_to=to, sender="feedback@isp.example.org", subject="complaint", returned=bounces.original(to="someone"),
        kind="message/feedback-report", whole="multipart/report; report-type=feedback-report",
    )  # fmt: skip


def forwarded() -> bytes:
    """A person sends us a bounce that they got, as an attachment."""
    inner = bounces.postfix(bounces.CAUSES[0], bounces.READER, "someone@example.org").decode()
    return (
        f"From: {PERSON}\nTo: {TO}\nSubject: what is this?\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n"
        f"--outer\nContent-Type: text/plain\n\nWhy did I get this?\n\n--outer\nContent-Type: message/rfc822\n\n{inner}\n--outer--\n"
    ).encode()


def receipt() -> bytes:
    """A reader's program says that the mail was shown (RFC 8098)."""
    return bounces.report(
        "The mail was shown.", "Final-Recipient: rfc822;reader@example.org\nDisposition: manual-action/MDN-sent-manually; displayed",
        back_to=TO, sender=PERSON, subject="Read: News of the day", returned=bounces.original(),
        kind="message/disposition-notification", whole="multipart/report; report-type=disposition-notification",
    )  # fmt: skip


AWAY = "I am away until Monday. For urgent matters write to desk@example.org. User unknown? No: only away. 550 5.1.1"

MAILS: dict[str, tuple[str, bytes]] = {
    "a person": ("other", mail("Could you send me the figures of last year?")),
    "a person on bounces": ("other", mail("My mail to you came back: 550 5.1.1 user unknown. Is your address right?")),
    "a person, in Cyrillic": ("other", mail("Молим вас за податке.", subject="=?utf-8?b?0KPQv9C40YI=?=")),
    "a person who says no": ("other", mail("x", more="Auto-Submitted: no\n")),
    "a forwarded bounce": ("other", forwarded()),
    "away, RFC 3834": ("auto-reply", mail(AWAY, more="Auto-Submitted: auto-replied\n", subject="Auto: News")),
    "away, with a comment": ("auto-reply", mail(AWAY, more="Auto-Submitted: auto-replied (vacation)\n")),
    "away, with a parameter": (
        "auto-reply",
        mail(AWAY, more='Auto-Submitted: auto-replied; owner-email="reader@example.org"\n'),
    ),
    "away, no sender": ("auto-reply", mail(AWAY, more="Return-Path: <>\n")),
    "away, precedence": ("auto-reply", mail(AWAY, more="Precedence: bulk\n")),
    "away, auto_reply": ("auto-reply", mail(AWAY, more="Precedence: auto_reply\n")),
    "away, junk": ("auto-reply", mail(AWAY, more="Precedence: junk\n")),
    "away, suppress": ("auto-reply", mail(AWAY, more="X-Auto-Response-Suppress: All\n")),
    "away, an older way": ("auto-reply", mail(AWAY, more="X-Autoreply: yes\n")),
    "away, an even older way": ("auto-reply", mail(AWAY, more="X-Autorespond: News of the day\n")),
    "made by a program": ("auto-reply", mail("Your case is open.", more="Auto-Submitted: auto-generated\n")),
    "notified": ("auto-reply", mail("Seen.", more="Auto-Submitted: auto-notified\n")),
    "a list": ("auto-reply", mail("News.", more="List-Id: <news.example.org>\nPrecedence: list\n")),
    "a receipt": ("auto-reply", receipt()),
    "the postmaster asks": ("bounce", mail("We are moving the servers on Monday.", sender="postmaster@example.org")),
    "HTML alone": ("other", mail("<p>User unknown</p>", kind="text/html")),
    "nothing at all": ("other", b"\n"),
}
