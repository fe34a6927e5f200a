"""tokens.py: links that prove themselves (F-07)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.tokens import Tokens

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PURPOSES = ("confirm", "manage", "stop", "inquiry", "sent", "form")


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("a" * 32)


@given(st.text(max_size=40))
def test_a_token_gives_back_its_subject(subject: str) -> None:
    tokens = Tokens("a" * 32)
    assert tokens.read("stop", tokens.make("stop", subject), NOW) == subject


def test_f07_a_token_of_one_purpose_is_worth_nothing_for_another(tokens: Tokens) -> None:
    for made, asked in permutations(PURPOSES, 2):
        assert tokens.read(asked, tokens.make(made, "12"), NOW) is None


def test_f07_a_token_expires(tokens: Tokens) -> None:
    token = tokens.make("confirm", "12", expires=NOW)
    assert tokens.read("confirm", token, NOW - timedelta(seconds=1)) == "12"
    assert tokens.read("confirm", token, NOW + timedelta(seconds=1)) is None


def test_f07_any_changed_character_voids_the_token(tokens: Tokens) -> None:
    token = tokens.make("stop", "12")
    for place, old in enumerate(token):
        changed = token[:place] + ("A" if old != "A" else "B") + token[place + 1 :]
        assert tokens.read("stop", changed, NOW) is None


@pytest.mark.parametrize("token", ["", ".", "...", "a.b.c.d", "š.š.š.š", "x" * 5000, "a.b.c.d.e"])
def test_nonsense_is_no_token(tokens: Tokens, token: str) -> None:
    assert tokens.read("stop", token, NOW) is None


def test_a_repeat_has_the_same_bytes(tokens: Tokens) -> None:
    assert tokens.make("stop", "12", NOW) == tokens.make("stop", "12", NOW)


def test_f07_old_links_live_on_after_the_key_has_changed(tokens: Tokens) -> None:
    old = tokens.make("stop", "12")
    changed = Tokens("b" * 32, fallbacks=("a" * 32,))
    assert changed.read("stop", old, NOW) == "12"
    assert changed.make("stop", "12", key_id=tokens.key_id) == old
    assert changed.make("stop", "12") != old
    assert Tokens("b" * 32).read("stop", old, NOW) is None
