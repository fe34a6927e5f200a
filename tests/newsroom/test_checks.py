"""What `content check` notes between files: figures, numbers, the other language, reviews. No note keeps a text out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outreach.newsroom import intake
from tests.newsroom.conftest import MONDAY, Newsroom
from tests.newsroom.test_facts import GOOD, with_figures


@pytest.fixture
def engine() -> str:
    """A check reads files and no database, so one kind is enough to open a house."""
    return "sqlite"


MONEY = GOOD + GOOD[GOOD.index("[figure.arms]") :].replace("arms", "grant").replace(
    "value = 28_000", 'value = 400_000\ncurrency = "EUR"'
)
MORE = MONEY + GOOD[GOOD.index("[figure.arms]") :].replace("arms", "waste").replace(
    "value = 28_000", 'value = 2_000\nunit = "tonnes"'
)


def checked(newsroom: Newsroom, now: datetime = MONDAY) -> list[str]:
    count, faults = intake.check(newsroom.house, now)
    assert count == len(list(newsroom.folder.rglob("*.md")))
    return [f"{fault}" if fault.is_blocking else f"{fault} (note)" for fault in faults]


def writes_both(newsroom: Newsroom, stem: str, document_id: str, english: str = "Words.", **head: str) -> None:
    newsroom.writes(f"{stem}.en.md", english, id=document_id, **head)
    newsroom.writes(f"{stem}.sr.md", "Речи.", id=document_id, **{"title": "Наслов", "summary": "Увод."} | head)


def test_an_unknown_name_is_a_fault_with_a_hint(newsroom: Newsroom) -> None:
    with_figures(newsroom)
    writes_both(newsroom, "arms", "bbbbb", "All {{arms}}, {{amrs}} and {{amrs}}.")
    writes_both(newsroom, "programmes/kfor", "ccccc", kind="programme")
    project = {"kind": "project", "amount": "armz", "place": "belgrad", "programme": "kfro", "source": "txt"}
    newsroom.writes_raw("map.toml", b'[place.belgrade]\nen="B"\nsr="\xd0\x91"\nat=[20.4, 44.8]\nprecision="town"\n')
    newsroom.writes("projects/one.en.md", id="ddddd", **project)
    faults = [line for line in checked(newsroom) if not line.endswith("(note)")]
    assert faults == [
        "arms.en.md:10: There is no figure named “amrs” in facts.toml (arms?).",
        "projects/one.en.md:9: There is no figure named “armz” in facts.toml (arms?).",
        "projects/one.en.md:10: There is no place named “belgrad” in map.toml (belgrade?).",
        "projects/one.en.md:11: There is no programme named “kfro” (kfor?).",
        "projects/one.en.md:12: There is no source named “txt” in facts.toml (text?).",
    ]


def test_a_broken_file_of_figures_is_named_once_and_not_at_every_quote(newsroom: Newsroom) -> None:
    with_figures(newsroom, GOOD + "value = 5\n")
    writes_both(newsroom, "arms", "bbbbb", "All {{arms}}.")
    (fault,) = checked(newsroom)
    assert fault.startswith("facts.toml:10: The file cannot be used:")


def test_a_figure_that_nothing_quotes_is_noted(newsroom: Newsroom) -> None:
    with_figures(newsroom, MORE)
    writes_both(newsroom, "arms", "bbbbb", "Words.", summary="Of {{ arms }}.")
    note = "No text quotes the figure “{}”, and no project has it as its amount. (note)"
    assert checked(newsroom) == [f"facts.toml:10: {note}".format("grant"), f"facts.toml:17: {note}".format("waste")]
    writes_both(newsroom, "projects/one", "ccccc", kind="project", amount="grant")
    newsroom.writes_raw("broken.en.md", b"---\nid: no\n---\n{{waste}}\n")
    assert [line for line in checked(newsroom) if "quotes" in line] == []


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "28,000 arms", "arms"),
        ("en", "28000 arms", "arms"),
        ("en", "**28,000** arms", "arms"),
        ("en", "[some 28,000](/contact)", "arms"),
        ("en", "| n |\n|---|\n| 28,000 |", "arms"),
        ("en", "€400,000", "grant"),
        ("en", "400 thousand euros", "grant"),
        ("en", "2,000 tonnes", "waste"),
        ("en", "2000 tonnes", "waste"),
        ("sr", "28.000 комада", "arms"),
        ("sr", "400.000 евра", "grant"),
        ("sr", "0,4 милиона", "grant"),
        ("sr", "2.000 тона", "waste"),
    ],
)
def test_a_number_of_a_figure_that_is_typed_again_is_noted(
    newsroom: Newsroom, language: str, text: str, name: str
) -> None:
    with_figures(newsroom, MORE)
    writes_both(newsroom, "arms", "bbbbb", "{{arms}} {{grant}} {{waste}}")
    writes_both(newsroom, "contact", "ccccc")
    newsroom.writes(f"contact.{language}.md", f"Words.\n\n{text}", id="ccccc")
    (note,) = checked(newsroom)
    assert note.endswith(f"” is the figure “{name}”: quote it as {{{{{name}}}}}. (note)")
    assert note.startswith((f"contact.{language}.md:12: ", f"contact.{language}.md:14: "))


def test_years_codes_addresses_and_other_units_are_no_figures(newsroom: Newsroom) -> None:
    with_figures(newsroom, MORE)
    writes_both(
        newsroom,
        "arms",
        "bbbbb",
        "{{arms}} {{grant}} {{waste}} in 2000, `28,000`, [arms](https://example.org/28,000/400,000) €28,000,\n"
        "28,000 tonnes, 28,001, 128,000, 28,000.5\n\n    28,000\n",
    )
    assert checked(newsroom) == []


def test_titles_summaries_and_notes_are_read_for_numbers_too(newsroom: Newsroom) -> None:
    with_figures(newsroom)
    changes = "\n  - {at: 2026-11-20 10:00, kind: correction, note: 'Not 28,000.'}"
    head = {"title": "All 28,000", "summary": ">-\n  About\n  28,000", "changes": changes}
    writes_both(newsroom, "arms", "bbbbb", "{{arms}}")
    newsroom.writes("arms.en.md", "{{arms}}", id="bbbbb", **head)
    assert [line.partition(": ")[0] for line in checked(newsroom)] == ["arms.en.md:4", "arms.en.md:7", "arms.en.md:12"]


def test_a_document_in_one_language_is_noted(newsroom: Newsroom) -> None:
    newsroom.writes("a.en.md", id="bbbbb")
    newsroom.writes("b.sr.md", "Речи.", id="ccccc", title="Наслов", summary="Увод.")
    newsroom.writes("c.en.md", id="ddddd")
    newsroom.writes_raw("c.sr.md", b"---\nid: no\n---\n")
    newsroom.writes("d.en.md", id="eeeee", state="withdrawn", withdrawn_reason="Reason.")
    assert [line for line in checked(newsroom) if "(note)" in line] == [
        "a.en.md:1: This document has no Serbian text. (note)",
        "b.sr.md:1: This document has no English text. (note)",
    ]


def test_a_translation_that_is_older_by_its_day_is_noted(newsroom: Newsroom) -> None:
    writes_both(newsroom, "a", "bbbbb")
    writes_both(newsroom, "b", "ccccc", as_of="unknown", as_of_reason="Reason.")
    newsroom.writes("a.sr.md", "Речи.", id="bbbbb", as_of="2026-11-01", title="Наслов", summary="Увод.")
    assert checked(newsroom) == [
        "a.sr.md:8: This text is as of 2026-11-01, that of the other language as of 2026-11-23: "
        "has it fallen behind? (note)"
    ]


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-11-22", "past"), ("2026-11-23", "near"), ("2026-12-23", "near"), ("2026-12-24", None)],
)
def test_a_review_that_is_past_or_near_is_noted_for_pages_and_figures(
    newsroom: Newsroom, day: str, words: str | None
) -> None:
    with_figures(newsroom, GOOD + f"review_by = {day}\n")
    writes_both(newsroom, "arms", "bbbbb", "{{arms}}", review_by=day)
    writes_both(newsroom, "gone", "ccccc", review_by=day, state="withdrawn", withdrawn_reason="Reason.")
    note = f"The day to look at this again, {day}, is {words}. (note)"
    places = ("arms.en.md:9", "arms.sr.md:9", "facts.toml:4") if words else ()
    assert checked(newsroom) == [f"{place}: {note}" for place in places]


def test_a_day_ends_at_midnight_in_belgrade(newsroom: Newsroom) -> None:
    writes_both(newsroom, "arms", "bbbbb", review_by="2026-11-23")
    assert "is near" in checked(newsroom, datetime(2026, 11, 23, 22, 59, tzinfo=UTC))[0]
    assert "is past" in checked(newsroom, datetime(2026, 11, 23, 23, 0, tzinfo=UTC))[0]


def test_mixed_scripts_in_the_words_of_a_figure_are_noted(newsroom: Newsroom) -> None:
    with_figures(newsroom, GOOD.replace("комада", "комaда"))
    writes_both(newsroom, "arms", "bbbbb", "{{arms}}")
    assert checked(newsroom) == ["facts.toml:4: The word “комaда” mixes Latin and Cyrillic letters. (note)"]
