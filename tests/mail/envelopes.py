"""Envelopes for a transport, and what became of them."""

from __future__ import annotations

import time
from typing import Any

from outreach.mail.message import stitch
from outreach.mail.transports import Answer, Envelope, Transport
from tests.mail.letters import letter


def unstuffed(raw: bytes) -> bytes:
    return raw.replace(b"\r\n.", b"\r\n") if not raw.startswith(b".") else raw[1:].replace(b"\r\n.", b"\r\n")


def envelope(n: int = 0, raw: bytes | None = None, **given: Any) -> Envelope:
    message_id = f"mail-{n}@example.org"
    made = raw or stitch(letter(message_id=message_id))
    return Envelope("press@example.org", "reader@example.org", message_id, (made,), id=n, **given)


def sent(transport: Transport, *envelopes: Envelope, seconds: float = 120, already: int = 0) -> dict[int, Answer]:
    """What became of each, by its id, and of as many that were taken `already`; every one comes back exactly once."""
    transport.take(envelopes)
    awaited = already + len(envelopes)
    found: dict[int, Answer] = {}
    until = time.monotonic() + seconds
    while len(found) < awaited:
        assert time.monotonic() < until, f"{len(found)} of {awaited} came back"
        for one, answer in transport.results(0.2):
            assert one.id not in found
            found[one.id] = answer
    assert transport.waiting() == 0
    return found


def outcome(transport: Transport, one: Envelope) -> str:
    return sent(transport, one)[one.id].outcome
