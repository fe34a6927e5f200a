"""Ready-made letters and words for the mail tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from outreach.language import Variant
from outreach.mail.compose import Words
from outreach.mail.message import Letter, Segment, encode_block, encoding_of

AT = datetime(2025, 11, 25, 10, 0, tzinfo=UTC)

TEXTS = {
    Variant.EN: "Your inquiry is with us.\nThe reference is 25-48271-3.\n",
    Variant.LAT: "Vaš upit je kod nas.\nBroj je 25-48271-3.\n",
    Variant.CIR: "Ваш упит је код нас.\nБрој је 25-48271-3.\n",
}


def letter(variant: Variant = Variant.EN, text: str | None = None, html: str | None = None, **changed: Any) -> Letter:
    """A letter that may be sent as it is."""
    encoding = encoding_of(variant)
    body = TEXTS[variant] if text is None else text
    values: dict[str, Any] = {
        "sender_name": "Liaison Office Belgrade – Public Affairs",
        "sender": "press@example.org",
        "to_name": "Reporter, daily",
        "to_address": "reporter@example.org",
        "subject": "Ваш упит је код нас" if variant is Variant.CIR else "Your inquiry is with us",
        "dated_at": AT,
        "message_id": "0123456789abcdef@example.org",
        "lang": variant.lang,
        "encoding": encoding,
        "text": encode_block(body, encoding),
        "html": encode_block(f"<p>{body}</p>\n" if html is None else html, encoding),
        "extra": (("Auto-Submitted", "auto-generated"),),
    }
    return Letter(**{**values, **changed})


def words(
    variant: Variant = Variant.EN, own: str = "Reference 25-48271-3\n", subject: str = "Your inquiry is with us"
) -> Words:
    """A mail with a shared beginning and end and one person's own lines between."""
    shared = TEXTS[variant]
    return Words(
        subject,
        [Segment(f"Office\n{shared}", True), Segment(own, False), Segment("Goodbye\n", True)],
        [
            Segment(f"<h1>Office</h1>\n<p>{shared}</p>\n", True),
            Segment(f"<p>{own}</p>\n", False),
            Segment("<p>Goodbye</p>\n", True),
        ],
    )
