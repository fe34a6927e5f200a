"""References: random, dictatable, and safe against single slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inquiries import references

SEVEN = st.integers(0, 9_999_999).map(lambda n: f"{n:07d}")


def whole(digits: str) -> str:
    return digits + references.check_digit(digits)


def test_damm_matches_the_published_example() -> None:
    assert references.check_digit("572") == "4"


@given(SEVEN)
def test_every_single_wrong_digit_is_caught(digits: str) -> None:
    right = whole(digits)
    for place, digit in enumerate(right):
        for wrong in "0123456789":
            if wrong != digit:
                assert references.read(right[:place] + wrong + right[place + 1 :]) is None


@given(SEVEN)
def test_every_swap_of_neighbours_is_caught(digits: str) -> None:
    right = whole(digits)
    for place in range(len(right) - 1):
        if right[place] != right[place + 1]:
            assert references.read(right[:place] + right[place + 1] + right[place] + right[place + 2 :]) is None


@given(st.integers(2025, 2099), st.integers(0, 99_999))
def test_a_made_reference_reads_as_itself(year: int, number: int) -> None:
    made = references.make(year, number)
    assert references.read(made) == made


def test_references_are_not_sequential() -> None:
    made = {references.make(2025) for _ in range(50)}
    assert len(made) > 45


@pytest.mark.parametrize(
    "typed",
    [
        "25-48271-3", "25482713", " 25 48271 3 ", "25–48271–3", "25/48271/3", "[25-48271-3]", "#25-48271-3", "25-4827l-З",
        "25-48271-З", "2５-48271-3", "25-48271-3.", "25\u00a048271\u00a03", "2S-Ч827I-3",
    ],
)  # fmt: skip
def test_a_reference_is_read_however_it_was_written_down(typed: str) -> None:
    assert references.read(typed) == "25-48271-3"


def test_cyrillic_and_latin_o_are_zero() -> None:
    made = references.make(2025, 400)
    assert "00" in made
    for letter in "OoОо":
        assert references.read(made.replace("0", letter)) == made


@pytest.mark.parametrize("typed", ["", "25-48271-4", "25-48271", "25-48271-33", "hello", "25-4827x-3", "²5-48271-4"])
def test_what_is_no_reference_is_refused(typed: str) -> None:
    assert references.read(typed) is None


@given(st.text())
def test_any_text_is_read_or_refused_quietly(text: str) -> None:
    references.read(text)
