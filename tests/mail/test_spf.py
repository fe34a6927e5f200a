"""SPF records as receivers read them (RFC 7208)."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.mail.doctor import spf
from outreach.mail.doctor.nameserver import Names
from tests.support.dns_server import DnsServer

ZONE = {
    "a.example.org": {"A": ["192.0.2.10"], "AAAA": ["2001:db8::10"]},
    "mx.example.org": {"MX": ["10 a.example.org."]},
    "net.example.org": {"TXT": ["v=spf1 ip4:198.51.100.0/24 ~all"]},
    "soft.example.org": {"TXT": ["v=spf1 ?include:net.example.org ~all"]},
}


def verdict(record: str, address: str | None = None, **more: object) -> tuple[str, spf.Walk]:
    zone = {**ZONE, "example.org": {"TXT": [record], "A": ["192.0.2.1"], "MX": ["10 a.example.org."]}, **more}
    with DnsServer(zone) as server:  # type: ignore[arg-type]
        walk = spf.Walk(Names(server.address).ask, ip_address(address) if address else None)
        return walk.verdict("example.org"), walk


@pytest.mark.parametrize(
    ("record", "address", "expected"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.9", "+"),
        ("v=spf1 ip4:192.0.2.9 -all", "192.0.2.8", "-"),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8:1::1", "+"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "192.0.2.9", "~"),
        ("v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 -all", "192.0.2.9", "-"),
        ("v=spf1 a -all", "192.0.2.1", "+"),
        ("v=spf1 a:a.example.org -all", "2001:db8::10", "+"),
        ("v=spf1 a/28 -all", "192.0.2.14", "+"),
        ("v=spf1 a:a.example.org//64 -all", "2001:db8::ffff", "+"),
        ("v=spf1 a:a.example.org/24//64 -all", "192.0.2.99", "+"),
        ("v=spf1 mx -all", "192.0.2.10", "+"),
        ("v=spf1 mx:mx.example.org -all", "192.0.2.10", "+"),
        ("v=spf1 include:net.example.org -all", "198.51.100.7", "+"),
        ("v=spf1 include:net.example.org -all", "203.0.113.7", "-"),
        ("v=spf1 include:soft.example.org -all", "198.51.100.7", "-"),
        ("v=spf1 redirect=net.example.org", "203.0.113.7", "~"),
        ("v=spf1 redirect=net.example.org -all", "198.51.100.7", "-"),
        ("v=spf1 exists:a.example.org -all", "203.0.113.7", "+"),
        ("v=spf1 exp=why.example.org ptr -all", "203.0.113.7", "-"),
        ("V=SPF1 IP4:192.0.2.9 -ALL", "192.0.2.9", "+"),
        ("v=spf1", "192.0.2.9", "?"),
    ],
)
def test_an_address_may_send_or_not(record: str, address: str, expected: str) -> None:
    assert verdict(record, address)[0] == expected


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("v=spf1 ip4:192.0.2.300 -all", "holds no network"),
        ("v=spf1 ip4:2001:db8::1 -all", "holds no network"),
        ("v=spf1 ip4 -all", "says nothing after its name"),
        ("v=spf1 include: -all", "is not understood"),
        ("v=spf1 a/x -all", "is not understood"),
        ("v=spf1 a -all broken:further-on", "is not understood"),
        ("v=spf1 192.0.2.9 -all", "is not understood"),
        ("v=spf1 a:n1.example.org a:n2.example.org a:n3.example.org -all", "more than 2 names"),
        ("v=spf1 redirect=nothing.example.org", "has 0 SPF records"),
        ("v=spf1 redirect=example.org", "more than 10 DNS lookups"),
        ("v=spf1 " + "exists:a.example.org " * 11 + "-all", "more than 10 DNS lookups"),
    ],
)
def test_a_record_that_receivers_give_up_on(record: str, told: str) -> None:
    with pytest.raises(spf.Unusable, match=told):
        verdict(record)


def test_everything_a_record_refers_to_is_counted() -> None:
    end, walk = verdict("v=spf1 a mx include:soft.example.org exists:a.example.org ip4:192.0.2.9 -all")
    assert (end, walk.lookups, walk.voids) == ("-", 5, 0)
    assert verdict("v=spf1 " + "exists:a.example.org " * 10 + "-all")[1].lookups == 10
    assert verdict("v=spf1 a:n1.example.org a:n2.example.org -all")[1].voids == 2


def test_what_is_made_from_each_mail_is_not_followed() -> None:
    end, walk = verdict("v=spf1 exists:%{i}._spf.example.org -all")
    assert (end, walk.has_macros, walk.lookups) == ("-", True, 1)


def test_too_many_mail_servers() -> None:
    many = {"MX": [f"10 m{n}.example.org." for n in range(11)]}
    with pytest.raises(spf.Unusable, match="more than 10 MX"):
        verdict("v=spf1 mx:many.example.org -all", **{"many.example.org": many})


@given(st.text(alphabet="v=spf1 +-~?:/%{}.aeilmnptx0246", max_size=60))
def test_no_record_is_too_odd_to_be_read(rest: str) -> None:
    def ask(name: str, kind: str) -> list[str]:
        return [f"v=spf1 {rest}"] if kind == "TXT" else []

    for address in (None, ip_address("192.0.2.9")):
        with suppress(spf.Unusable):
            assert spf.Walk(ask, address).verdict("example.org") in "+-~?"
