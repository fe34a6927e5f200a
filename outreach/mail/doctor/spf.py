"""What an SPF record says (RFC 7208): which address may send for a domain, and whether it can be used at all."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network

from outreach.mail.doctor.nameserver import Address, Ask, addresses_of

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4
MOST_VOIDS = 2  # questions to which there was nothing

PASS, FAIL, SOFTFAIL, NEUTRAL = "+", "-", "~", "?"

_MECHANISM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?::(?P<of>[^/]+))?(?P<bits>(?:/.*)?)",
    re.IGNORECASE,
).fullmatch
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][\w.-]*)=(?P<of>.*)").fullmatch
_BITS = re.compile(r"(?:/(?P<four>\d{1,2}))?(?://(?P<six>\d{1,3}))?").fullmatch
_COUNTED = ("include", "a", "mx", "ptr", "exists")
_NETWORKS: dict[str, type[IPv4Network] | type[IPv6Network]] = {"ip4": IPv4Network, "ip6": IPv6Network}
_NEEDS_A_VALUE = ("include", "exists", *_NETWORKS)


class Unusable(Exception):
    """Every receiver gives up on the record; says why."""


class Walk:
    """One reading of a domain's record and all that it refers to.

    With `address` it stops where a receiver would. Without one nothing matches but `all`, so that it reads everything:
    the most lookups that any mail can cost.
    """

    def __init__(self, ask: Ask, address: Address | None = None) -> None:
        self.ask, self.address = ask, address
        self.lookups = self.voids = 0
        self.has_macros = False

    def verdict(self, domain: str) -> str:
        """PASS, FAIL, SOFTFAIL or NEUTRAL; raises Unusable or Silent."""
        found = records(domain, self.ask)
        if len(found) != 1:
            raise Unusable(f"{domain} has {len(found)} SPF records, where there must be one")
        terms = found[0].split()[1:]
        elsewhere = [_redirect(term) for term in terms if not _MECHANISM(term)]  # a fault anywhere breaks all of it
        for mechanism in filter(None, map(_MECHANISM, terms)):
            if self._matches(mechanism["name"].lower(), mechanism["of"] or "", mechanism["bits"], domain, mechanism[0]):
                return mechanism["sign"] or PASS
        return self._led_on(next(filter(None, elsewhere), ""))

    def _led_on(self, elsewhere: str) -> str:
        """What holds when nothing matched: the record that a redirect names."""
        if not elsewhere:
            return NEUTRAL
        self._count()
        return NEUTRAL if self._is_macro(elsewhere) else self.verdict(elsewhere)

    def _matches(self, name: str, of: str, bits: str, domain: str, term: str) -> bool:
        if name in _NEEDS_A_VALUE and not of:
            raise Unusable(f'"{term}" says nothing after its name')
        if name in _COUNTED:
            self._count()
        if name == "all":
            return True
        if name in _NETWORKS:
            return self._is_within(name, of + bits, term)
        if name == "ptr" or self._is_macro(of):
            return False
        if name == "include":
            return self.verdict(of) == PASS
        if name == "exists":
            return bool(self._asked(of, "A")) and self.address is not None
        return self._is_at([of or domain] if name == "a" else self._exchangers(of or domain), bits, term)

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise Unusable(f"it takes more than {MOST_LOOKUPS} DNS lookups")

    def _asked(self, name: str, kind: str) -> list[str]:
        found = self.ask(name, kind)
        self.voids += not found
        if self.voids > MOST_VOIDS:
            raise Unusable(f"it refers to more than {MOST_VOIDS} names that have no record, {name} among them")
        return found

    def _exchangers(self, domain: str) -> list[str]:
        names = [record.split()[-1] for record in self._asked(domain, "MX")]
        if len(names) > MOST_LOOKUPS:
            raise Unusable(f"{domain} has more than {MOST_LOOKUPS} MX records")
        return names

    def _is_at(self, names: list[str], bits: str, term: str) -> bool:
        """Whether the address is one of these names', or in the same network of so many bits."""
        length = _BITS(bits)
        if length is None:
            raise Unusable(f'"{term}" is not understood')
        if self.address is None:
            for name in names:
                if not addresses_of(name, self.ask):
                    self._asked(name, "A")
            return False
        kind, size = ("ip4", length["four"] or "32") if self.address.version == 4 else ("ip6", length["six"] or "128")
        found = [f"{at}/{size}" for name in names for at in addresses_of(name, self.ask) if f"ip{at.version}" == kind]
        return any(self._is_within(kind, network, term) for network in found)

    def _is_within(self, kind: str, network: str, term: str) -> bool:
        try:
            within = _NETWORKS[kind](network, strict=False)
        except ValueError:
            raise Unusable(f'"{term}" holds no network') from None
        return self.address is not None and self.address in within

    def _is_macro(self, of: str) -> bool:
        """Names that are made from each mail's own values are not followed."""
        self.has_macros |= "%" in of
        return "%" in of


def records(domain: str, ask: Ask) -> list[str]:
    """The SPF records of a domain; there ought to be one."""
    return [text for text in ask(domain, "TXT") if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]


def _redirect(term: str) -> str:
    """Where a redirect leads; other modifiers change nothing, and anything else breaks the record."""
    modifier = _MODIFIER(term)
    if modifier is None:
        raise Unusable(f'"{term}" is not understood')
    return modifier["of"] if modifier["name"].lower() == "redirect" else ""
