"""Everything that can be found out, in the order in which it is best put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from outreach.mail.doctor import identity, route
from outreach.mail.doctor.nameserver import Silent
from outreach.mail.doctor.patient import UNKNOWN, Finding, Patient

CHECKS: dict[str, Callable[[Patient], Iterator[Finding]]] = {
    "MAIL FROM and From": identity.envelope_alignment,
    "SPF": identity.sender_policy,
    "DKIM": identity.keys,
    "DKIM signature": identity.coverage,
    "DMARC": identity.policy,
    "MX": route.way_back,
    "PTR": route.way_there,
    "TLS": route.encryption,
}


def examine(who: Patient) -> Iterator[Finding]:
    """One finding for each thing that was looked at, as soon as it is known."""
    for what, check in CHECKS.items():
        try:
            yield from check(who)
        except Silent as silent:
            yield Finding(UNKNOWN, what, f"DNS did not answer for {silent}", "Ask again later")
