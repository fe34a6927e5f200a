"""Two lines that show what changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outreach.inquiries.difference import between

LONG = "one two three four five six seven eight nine ten"
WORDS = st.lists(st.sampled_from("abc"), max_size=8).map(" ".join)


def test_the_change_stands_between_a_little_of_what_surrounds_it() -> None:
    found = between(f"{LONG} 2,000 tonnes {LONG}", f"{LONG} 2,100 tonnes {LONG}")
    assert found == ("… five six seven eight nine ten", "2,000", "2,100", "tonnes one two three four five …")


def test_the_same_words_differ_in_nothing() -> None:
    assert between("The  same\nwords", "The same words") is None


@given(was=WORDS, now=WORDS)
def test_put_together_the_pieces_are_the_texts(was: str, now: str) -> None:
    found = between(was, now)
    if found is None:
        assert was == now
        return
    if "…" not in found.before + found.after:
        assert " ".join(filter(None, (found.before, found.was, found.after))) == was
        assert " ".join(filter(None, (found.before, found.now, found.after))) == now
