"""Questions to DNS, in bounded time. An answer that never came is not the answer "there is none"."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

EACH = 3.0  # seconds for one question
WITHIN = 12.0  # seconds for all of them

#: ask("press.example.org", "MX") gives the records as text, none when there are none; raises Silent.
Ask = Callable[[str, str], list[str]]
Address = IPv4Address | IPv6Address


class Silent(Exception):
    """DNS gave no answer for a name: nothing is known of it."""


class Names:
    """One DNS server, or those of this machine, asked for at most `within` seconds in all."""

    def __init__(self, server: str = "", within: float = WITHIN) -> None:
        """`server`: an address, with a port or without; ValueError when it is none."""
        self._resolver = dns.resolver.Resolver(configure=False)
        if server:
            parts = urlsplit(f"//{server}")
            self._resolver.nameservers = [str(ip_address(parts.hostname or ""))]
            self._resolver.port = parts.port or 53
        else:
            self._take_over_the_machines()
        self._until = time.monotonic() + within
        self._known: dict[tuple[str, str], list[str]] = {}

    def ask(self, name: str, kind: str) -> list[str]:
        """The records of one kind at a name; a question is asked once. Raises Silent."""
        key = (name.rstrip(".").lower(), kind)
        if key not in self._known:
            self._known[key] = self._asked(*key)
        return self._known[key]

    def _take_over_the_machines(self) -> None:
        try:
            self._resolver = dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            self._resolver.nameservers = []  # every question is then one without an answer

    def _asked(self, name: str, kind: str) -> list[str]:
        left = min(EACH, self._until - time.monotonic())
        if left <= 0 or not self._resolver.nameservers:
            raise Silent(name)
        try:
            answer = self._resolver.resolve(f"{name}.", kind, lifetime=left, search=False)
        except (dns.exception.Timeout, dns.resolver.NoNameservers):
            raise Silent(name) from None
        except (
            dns.exception.DNSException,
            ValueError,
        ):  # no such name or record, or no name at all
            return []
        return sorted(_said(record) for record in answer)


def addresses_of(name: str, ask: Ask) -> list[Address]:
    """Every address of a name, of both families. Raises Silent."""
    return [ip_address(text) for kind in ("A", "AAAA") for text in ask(name, kind)]


def reverse_name(address: Address) -> str:
    """Where the PTR record of an address stands."""
    return address.reverse_pointer


def _said(record: object) -> str:
    """A record as text: a TXT record's strings joined, and nothing in it that could move a terminal's cursor."""
    strings = getattr(record, "strings", None)
    text = b"".join(strings).decode("utf-8", "replace") if strings is not None else str(record)
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
