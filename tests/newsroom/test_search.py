"""The search is blind to script, diacritics and case."""

from __future__ import annotations

import pytest

from outreach.newsroom import search
from outreach.newsroom.search import Entry, Words

ENTRIES = [
    Entry(0, Words.of("Контакт"), Words.of("Канцеларија се налази у Бирчаниновој 5. Адреса: Бирчанинова 5, Београд.")),
    Entry(1, Words.of("Односи са Србијом"), Words.of("Ђорђе је новинар. КФОР и Центар у Крушевцу. Његош.")),
    Entry(2, Words.of("Privacy"), Words.of("What this site keeps: Bircaninova is an address.")),
]


def places(query: str) -> list[int]:
    return [found.place for found in search.find(ENTRIES, query)]


@pytest.mark.parametrize(
    "query", ["Бирчанинова", "Birčaninova", "Bircaninova", "BIRČANINOVA", "бирчан", "bircaninovoj 5"]
)
def test_every_spelling_finds_the_same(query: str) -> None:
    assert set(places(query)) >= {0}


@pytest.mark.parametrize("query", ["Ђорђе", "Đorđe", "Djordje", "dorde"])
def test_dj_is_typed_in_four_ways(query: str) -> None:
    assert places(query) == [1]


@pytest.mark.parametrize(
    ("query", "found"), [("Kfor", [1]), ("Krusevac kfor", [1]), ("kfor Краљево", []), ("kfor privacy", [])]
)
def test_every_word_must_be_there_whatever_its_ending(query: str, found: list[int]) -> None:
    assert places(query) == found


@pytest.mark.parametrize("query", ["", "  ", "?!", "…", "'", '"', "\\", "%", "_", "NOT", "*" * 5000, "(" * 100])
def test_a_query_without_words_finds_nothing_and_breaks_nothing(query: str) -> None:
    assert places(query) == []


def test_a_word_in_the_title_comes_first_and_the_word_itself_before_its_beginning() -> None:
    entries = [
        Entry(0, Words.of("Else"), Words.of("contact")),
        Entry(1, Words.of("Contact"), Words.of("else")),
        Entry(2, Words.of("Contacts"), Words.of("else")),
    ]
    assert [f.place for f in search.find(entries, "contact")] == [1, 2, 0]


def test_matches_are_marked_and_the_snippet_stands_around_the_first() -> None:
    long = Words.of(
        " ".join(f"word{n}" for n in range(100)) + " Бирчанинова " + " ".join(f"tail{n}" for n in range(100))
    )
    found = search.find([Entry(0, Words.of("Title"), long)], "birčaninova")[0]
    assert [piece for piece, is_match in found.snippet if is_match] == ["Бирчанинова"]
    assert found.snippet[0] == ("… ", False)
    assert found.snippet[-1] == (" …", False)
    assert len(found.snippet) < 80
    assert not any(is_match for _, is_match in found.title)
