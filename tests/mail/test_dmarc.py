"""DMARC records on the way up the tree (RFC 9989)."""

from __future__ import annotations

import pytest

from outreach.mail.doctor import dmarc
from outreach.mail.doctor.nameserver import Names
from tests.mail.zone import findings, zone
from tests.support.dns_server import DnsServer

NINE = "a.b.c.d.e.f.g.h.example.org"


def tree(**records: str) -> dict[str, dict[str, list[str]]]:
    """tree(example_org="p=none"): the records, a dot written as an underscore."""
    return {f"_dmarc.{at.replace('_', '.')}": {"TXT": [f"v=DMARC1; {rest}"]} for at, rest in records.items()}


@pytest.mark.parametrize(
    ("records", "domain", "expected"),
    [
        (tree(), "press.example.org", "press.example.org"),
        (tree(press_example_org="p=none"), "press.example.org", "press.example.org"),
        (tree(press_example_org="p=none", example_org="p=none"), "press.example.org", "example.org"),
        (tree(example_org="p=none", org="p=none; psd=y"), "press.example.org", "example.org"),
        (tree(org="p=none; psd=y"), "a.press.example.org", "example.org"),
        (tree(press_example_org="psd=n; p=none", example_org="p=none"), "a.press.example.org", "press.example.org"),
        (tree(example_org="p=none; psd=y"), "example.org", "example.org"),
    ],
)
def test_the_domain_that_stands_for_the_organisation(
    records: dict[str, dict[str, list[str]]], domain: str, expected: str
) -> None:
    with DnsServer(records) as server:
        assert dmarc.organisation(domain, Names(server.address).ask) == expected


def test_a_long_name_takes_eight_questions_and_skips_its_middle() -> None:
    with DnsServer(tree(example_org="p=none")) as server:
        assert [at for at, _ in dmarc.walk(NINE, Names(server.address).ask)] == ["example.org"]
        asked = [name.removeprefix("_dmarc.") for name, _ in server.asked]
    assert asked[:3] == [NINE, "d.e.f.g.h.example.org", "e.f.g.h.example.org"]
    assert len(asked) == dmarc.MOST_STEPS
    assert asked[-1] == "org"


@pytest.mark.parametrize(
    ("above", "policy"),
    [("p=reject", "policy reject"), ("p=reject; sp=quarantine", "policy quarantine"), ("p=Reject", "policy reject")],
)
def test_a_policy_of_the_organisation_holds_for_its_subdomains(above: str, policy: str) -> None:
    records = zone(DMARC={"TXT": []}, **tree(example_org=above))
    found = next(f for f in findings(records) if f.what == "DMARC of press.example.org")
    assert (found.state, found.found) == ("ok", f"{policy}, from _dmarc.example.org")


def test_a_domain_is_not_aligned_with_another_of_the_same_suffix() -> None:
    with DnsServer(tree(a_example="p=none", b_example="p=none", example="psd=y; p=none")) as server:
        ask = Names(server.address).ask
        assert not dmarc.is_aligned("a.example", "b.example", False, ask)
        assert dmarc.is_aligned("a.example", "mail.a.example", False, ask)
        assert not dmarc.is_aligned("a.example", "mail.a.example", True, ask)
