"""Addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.mail import addresses

REFUSED = [
    "", "reader", "@example.org", "reader@", "reader@@example.org", "a b@example.org", "reader@exam ple.org",
    "x@example.org\r\nRCPT TO:<v@example.org>", "x@example.org\0", "x@exa\nmple.org", "<reader@example.org>",
    "Reader <reader@example.org>", "alice@example.org)bob@example.com", "a@example.org,b@example.org",
    '"quoted name"@example.org', "reader@[127.0.0.1]", "reader@localhost", "reader@example..org", ".reader@example.org",
    "reader@-example.org", "a" * 65 + "@example.org", "reader@" + "e" * 250 + ".org", "a\u2028b@example.org",
    "a\ud800@example.org", "a\xa0b@example.org", "x@example.org;y@example.org",
]  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED)
def test_m08_what_is_no_single_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        addresses.check(typed)


def test_m08_spaces_around_and_capitals_in_the_domain_do_not_matter() -> None:
    assert addresses.check("  Reader@EXAMPLE.org \n") == "Reader@example.org"


def test_m08_an_international_domain_is_welcome_and_goes_out_in_ascii() -> None:
    kept = addresses.check("redakcija@ПРИМЕР.срб")
    assert kept == "redakcija@пример.срб"
    assert addresses.wire(kept) == "redakcija@xn--e1afmkfd.xn--90a3ac"
    assert addresses.check(addresses.wire(kept)) == kept


def test_m08_a_local_part_in_other_letters_gets_a_clear_word() -> None:
    with pytest.raises(ValueError, match="Latin letters"):
        addresses.check("ž@example.org")


@given(st.text(max_size=80) | st.from_regex(r"[!-~]{1,20}@[a-z.]{1,20}"))
def test_m08_nothing_typed_crashes_and_nothing_accepted_holds_a_control_character(typed: str) -> None:
    try:
        kept = addresses.check(typed)
    except ValueError:
        return
    wire = addresses.wire(kept)
    assert wire.isascii()
    assert wire.isprintable()
    assert " " not in wire
    assert wire.count("@") == 1
    assert addresses.check(kept) == kept


def test_d25_patterns_know_no_capitals_and_no_prefixes() -> None:
    allowed = ("*@example.org", "desk@example.com")
    assert addresses.matches("Anyone@Example.org", allowed)
    assert addresses.matches("desk@example.com", allowed)
    assert not addresses.matches("other@example.com", allowed)
    assert not addresses.matches("reader@example.org.example.net", allowed)
    assert not addresses.matches("reader@example.org", ())


def test_a_masked_address_shows_its_first_letter_and_its_domain() -> None:
    assert addresses.masked("newsdesk@example.org") == "n•••@example.org"


@settings(max_examples=500)
@given(st.from_regex(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~ -]{1,20}@[A-Za-z0-9.-]{1,30}", fullmatch=True))
def test_m08_what_is_plain_at_one_glance_is_what_the_parser_says(address: str) -> None:
    """The short way never takes an address that the parser refuses or writes otherwise."""
    if addresses.is_plain(address):
        parsed = addresses._parse(address)
        assert (parsed.normalized, parsed.ascii_email) == (address, address)


@pytest.mark.parametrize("name", ["test", "local", "localhost", "invalid", "onion", "arpa"])
def test_m08_reserved_names_are_left_to_the_parser(name: str) -> None:
    assert not addresses.is_plain(f"a@mail.{name}")


def test_d25_patterns_cover_addresses_capitals_aside() -> None:
    assert addresses.matches("Desk@Example.org", ("other@example.org", "*@example.org"))
    assert not addresses.matches("desk@example.com", ("*@example.org",))
    assert not addresses.matches("desk@example.org", ())
    assert not addresses.matches("desk@example.org.example.com", ("*@example.org",))
