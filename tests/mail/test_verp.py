"""Each mail's own envelope sender: what it proves, what it costs, and that it changes no byte of the mail (M-13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from config import SettingError, Settings
from outreach.house import House
from outreach.mail import verp
from outreach.mail.jobs import deliver
from outreach.mail.models import OutboxEmail
from outreach.mail.relay import SmtpTransport
from outreach.mail.transports import Envelope, Results
from outreach.tokens import Tokens
from tests.mail.letters import AT
from tests.mail.sink import Sink

BOUNCES = "bounces@press.example.org"


class Noted(SmtpTransport):
    """A real transport that keeps what it was given."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "example.org", reply_within=60, dot_within=60)
        self.given: list[Envelope] = []

    def results(self, seconds: float) -> Results:
        done = super().results(seconds)
        self.given += [envelope for envelope, _ in done]
        return done


def with_bounces(house: House, address: str = BOUNCES) -> House:
    return replace(house, settings=replace(house.settings, bounce_address=address))


def delivered(house: House) -> tuple[list[str], list[Envelope]]:
    """The MAIL commands that a server heard, and the envelopes."""
    with Sink("ok", offers=("PIPELINING",)) as sink:
        transport = Noted(sink.url)
        while deliver(house, transport, AT, window=8):
            pass
        transport.close()
        return [line for line in sink.commands if line.startswith("MAIL")], transport.given


def test_each_mail_leaves_with_a_sender_of_its_own_that_names_it(
    open_house: House, digests: Callable[..., list[int]], enqueued: Callable[..., int]
) -> None:
    house = with_bounces(open_house)
    ids = {*digests(12, house=house), enqueued()}
    commands, envelopes = delivered(house)
    senders = [envelope.sender for envelope in envelopes]
    assert {verp.number_of(house, sender) for sender in senders} == ids
    assert sorted(re.sub(r"MAIL FROM:<(.*)>.*", r"\1", line) for line in commands) == sorted(senders)
    assert all(re.fullmatch(r"bounces\+[0-9a-f]{33,48}@press\.example\.org", sender) for sender in senders)


def test_without_the_setting_mails_leave_as_before(open_house: House, digests: Callable[..., list[int]]) -> None:
    digests(2)
    assert {envelope.sender for envelope in delivered(open_house)[1]} == {open_house.settings.mail_from}


def test_the_bytes_and_the_fingerprint_of_a_mail_are_the_same_with_it_and_without(
    open_house: House, digests: Callable[..., list[int]], row_of: Callable[[int], OutboxEmail]
) -> None:
    ids = digests(3)
    _, without = delivered(open_house)
    prints = [row_of(mail_id).bytes_hash for mail_id in ids]
    with open_house.db.transaction() as session:
        for mail_id in ids:
            session.get_one(OutboxEmail, mail_id).wait(AT)
    _, with_it = delivered(with_bounces(open_house))
    assert {envelope.id: envelope.raw for envelope in with_it} == {envelope.id: envelope.raw for envelope in without}
    assert [row_of(mail_id).bytes_hash for mail_id in ids] == prints
    assert {row_of(mail_id).state for mail_id in ids} == {"accepted"}


def test_m13_only_the_exact_stamp_of_this_purpose_and_key_is_believed(open_house: House) -> None:
    house = with_bounces(open_house)
    own_sender = verp.senders(house)
    assert own_sender is not None
    for number in (1, 255, 10**9, 2**63 - 1):
        sender = own_sender(number)
        assert len(sender.partition("@")[0]) <= 64
        assert verp.number_of(house, sender) == number
        assert verp.number_of(house, sender.upper()) == number  # case folded on the way
        mac = sender.partition("@")[0][-32:]
        others = [
            sender.replace(mac, mac[:-1]), sender.replace(mac, mac[::-1]), sender.replace("bounces+", "bounces-"),
            sender.replace("+", "+1"), sender.replace("press.", ""), sender.replace(mac, "0" * 32), "", "@", "+@",
        ]  # fmt: skip
        assert [one for one in others if verp.number_of(house, one) is not None] == []
    stranger = replace(house, tokens=Tokens("another key for tests, 32 characters or more"))
    assert verp.number_of(stranger, own_sender(7)) is None
    assert not house.tokens.is_stamp("another purpose", 7, house.tokens.stamper(verp.PURPOSE)(7))


def test_f07_a_stamp_outlives_a_change_of_key(open_house: House) -> None:
    old = with_bounces(open_house)
    own_sender = verp.senders(old)
    assert own_sender is not None
    new = replace(old, tokens=Tokens("a new key for tests, 32 characters or more", (old.settings.secret_key,)))
    assert verp.number_of(new, own_sender(42)) == 42


def test_m13_an_answer_is_known_by_its_address_and_none_can_be_made_up(open_house: House) -> None:
    house = replace(open_house, settings=replace(open_house.settings, reply_address="press@press.example.org"))
    address = verp.reply_address(house, 5482713)
    assert address is not None
    assert address.startswith("press+05482713")
    assert len(address.partition("@")[0]) <= 64
    assert verp.replied_to(house, address) == verp.replied_to(house, address.upper()) == 5482713
    others = [
        address.replace("05482713", "05482714"),
        address.replace("press+", "bounces+"),
        address[:-1],
        "press@press.example.org",
    ]
    bounces = replace(house, settings=replace(house.settings, bounce_address="press@press.example.org"))
    own_sender = verp.senders(bounces)
    assert own_sender is not None
    assert [one for one in [*others, own_sender(0x25482713)] if verp.replied_to(bounces, one) is not None] == []
    assert verp.number_of(bounces, address) is None
    assert verp.reply_address(open_house, 1) is None
    new = replace(house, tokens=Tokens("a new key for tests, 32 characters or more", (house.settings.secret_key,)))
    assert verp.replied_to(new, address) == 5482713


@pytest.mark.parametrize(
    "address",
    [
        "bounces",
        "Bounces@press.example.org",
        "b+c@press.example.org",
        "a-very-long-name@example.org",
        "b@x",
        "b@@x.org",
    ],
)
def test_a_bounce_address_that_leaves_no_room_for_a_stamp_stops_the_start(address: str) -> None:
    with pytest.raises(SettingError, match="^BOUNCE_ADDRESS: "):
        Settings(bounce_address=address)


@pytest.mark.parametrize(
    "url",
    [
        "imap://user:secret@mail.example.org",
        "imap+plain://user:secret@mail.example.org",
        "pop+plain://u:secret@x.example.org",
        "imaps:",
        "mailbox",
    ],
)
def test_m12_a_mailbox_elsewhere_is_read_over_tls_only_and_no_password_is_told(url: str) -> None:
    with pytest.raises(SettingError, match="^INBOUND_URL: ") as told:
        Settings(inbound_url=url)
    assert "secret" not in str(told.value)
