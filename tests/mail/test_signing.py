"""The bytes that leave survive being signed by a relay, and mail doctor sees what a signature covers (M-10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dkim
import pytest

from outreach.house import House
from outreach.language import Variant
from outreach.mail.jobs import deliver
from outreach.mail.message import stitch
from tests.digests import givens
from tests.digests.givens import MONDAY, planned, published, subscribed, wish
from tests.mail.letters import letter
from tests.mail.zone import DOMAIN, PRIVATE_KEY, PUBLIC_KEY, findings, zone

AFTER = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)
COVERED = ["From", "From", "To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"]
KEYS = {f"s1._domainkey.{DOMAIN}.": f"v=DKIM1; k=rsa; p={PUBLIC_KEY}".encode()}


def signed(raw: bytes, headers: list[str], canonical: bytes = b"relaxed", domain: str = DOMAIN) -> bytes:
    """What a relay makes of a mail: it signs, and puts its own headers on top."""
    names = [name.lower().encode() for name in headers]
    signature = dkim.sign(
        raw, b"s1", domain.encode(), PRIVATE_KEY, canonicalize=(canonical, canonical), include_headers=names
    )
    return b"Return-Path: <press@%b>\r\nReceived: by mail.example.org; now\r\n" % DOMAIN.encode() + signature + raw


def verifies(raw: bytes) -> bool:
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout: KEYS.get(name.decode())))


@pytest.fixture
def digests_in_the_sink(content_dir: Path, house: House, moment: Any, talking_to: Callable[..., Any]) -> list[bytes]:
    """A digest of each variant, planned, delivered, and kept by a server as it came over the wire."""
    settings = replace(house.settings, mail_allow=("*@example.org",), mail_from=f"press@{DOMAIN}")
    office = replace(house, settings=settings)
    moment.is_at(MONDAY)
    givens.baseline(office)
    for variant in Variant:
        subscribed(office, f"{variant.segment}@example.org", wish(variant=variant))
    moment.moves(minutes=2)
    published(office, "news", "A day of open doors")
    moment.is_at(AFTER)
    assert planned(office) == 3
    sink, transport = talking_to("ok")
    while deliver(office, transport, moment.now()):
        pass
    return [kept.raw for kept in sink.kept if b"List-Unsubscribe-Post" in kept.raw]


@pytest.mark.parametrize("canonical", [b"simple", b"relaxed"])
def test_m10_a_signature_over_what_was_delivered_verifies_and_guards_every_header(
    digests_in_the_sink: list[bytes], canonical: bytes
) -> None:
    assert len(digests_in_the_sink) == len(Variant)
    for raw in digests_in_the_sink:
        mail = signed(raw, COVERED, canonical)
        assert verifies(mail)
        for name in set(COVERED):
            changed = re.sub(rb"(?m)^(%b: \W*)\w" % name.encode(), rb"\1Q", mail, count=1)
            assert changed != mail
            assert not verifies(changed), name
        assert not verifies(mail.replace(b"\r\nFrom: ", b"\r\nFrom: other@example.net\r\nFrom: ", 1))


def test_m10_the_doctor_sees_a_signature_that_covers_what_it_must(digests_in_the_sink: list[bytes]) -> None:
    found = findings(zone(), signed(digests_in_the_sink[0], COVERED), mail_dkim="")
    assert {f.state for f in found} == {"ok"}
    assert f"ok       DKIM signature of {DOMAIN}: covers what it must" in map(str, found)
    assert f"ok       DKIM key s1._domainkey.{DOMAIN}: 2048 bits" in map(str, found)


@pytest.mark.parametrize("lacking", ["To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"])
def test_m10_the_doctor_names_a_header_that_is_not_covered(digests_in_the_sink: list[bytes], lacking: str) -> None:
    mail = signed(digests_in_the_sink[0], [name for name in COVERED if name != lacking])
    (found,) = [f for f in findings(zone(), mail) if f.state != "ok"]
    assert (found.state, found.found) == ("wrong", f"does not cover {lacking.lower()}")


def test_m10_a_mail_that_is_no_digest_need_not_cover_what_it_has_not() -> None:
    receipt = signed(stitch(letter(sender=f"press@{DOMAIN}")), COVERED[:5])
    assert verifies(receipt)
    assert {f.state for f in findings(zone(), receipt)} == {"ok"}


def test_m10_from_that_is_covered_once_can_be_doubled(digests_in_the_sink: list[bytes]) -> None:
    mail = signed(digests_in_the_sink[0], COVERED[1:])
    (found,) = [f for f in findings(zone(), mail) if f.state != "ok"]
    assert (found.state, found.found) == ("wrong", "does not cover from once more")


def test_m10_a_mail_that_arrived_unsigned_is_named(digests_in_the_sink: list[bytes]) -> None:
    (found,) = [f for f in findings(zone(), digests_in_the_sink[0], mail_dkim="") if f.state != "ok"]
    assert str(found) == "missing  DKIM signature: the mail arrived without one. Let the mail server sign with DKIM"


def test_m11_a_relay_that_signs_for_itself_is_not_aligned(digests_in_the_sink: list[bytes]) -> None:
    key = {"s1._domainkey.relay.example.net": {"TXT": [f"p={PUBLIC_KEY}"]}}
    mail = signed(digests_in_the_sink[0], COVERED, domain="relay.example.net")
    (found,) = [f for f in findings(zone(**key), mail, mail_dkim="") if f.state != "ok"]
    assert found.found == f"relay.example.net is not aligned with {DOMAIN}"
