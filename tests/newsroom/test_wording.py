"""What is noted on the words of one text: links, spaces, doubled words, length, money; and numbers as they are read."""

from __future__ import annotations

import pytest

from config import ROOT
from outreach import office
from outreach.newsroom import numbers, reading

OFFICE = office.read(ROOT / "content")
HEAD = "---\nid: r7k4m\nkind: page\ntitle: {title}\nsummary: Words.\ntopics: [office]\nstate: draft\nas_of: 2026-11-23\n---\n"
FIRST_LINE = 10


def noted(body: str, language: str = "en", title: str = "A title") -> list[tuple[int, str]]:
    """What is noted on one text alone: line of the body (0 for the head) and message."""
    file, raw = f"a.{language}.md", (HEAD.format(title=title) + body).encode()
    parsed = reading.parse(file, language, raw, OFFICE)
    assert parsed.is_good
    return [(max(0, f.line - FIRST_LINE + 1), str(f).split(": ", 1)[1]) for f in parsed.faults]


def words_of(notes: list[tuple[int, str]]) -> list[str]:
    """The words that the notes quote."""
    return [note.split("“")[1].split("”")[0] for _, note in notes]


@pytest.mark.parametrize(
    "text", ["here", "Click here", "this page", "more", "Read more", "link", "this fact sheet", ""]
)
def test_an_english_link_text_that_says_nothing_is_noted(text: str) -> None:
    note = f"The link text “{text}” does not say where the link leads."
    assert noted(f"One\n[{text}](/contact) two\n") == [(2, note)]


@pytest.mark.parametrize("text", ["овде", "кликните овде", "овај лист", "Више", "линк", "на овој страници", "ова мапа"])
def test_a_serbian_link_text_that_says_nothing_is_noted(text: str) -> None:
    assert words_of(noted(f"[{text}](/contact)", "sr")) == [text]


@pytest.mark.parametrize("text", ["the map", "fact sheet on arms", "More about KFOR", "`code`", "{{small-arms}}"])
def test_a_link_text_that_names_its_goal_is_not(text: str) -> None:
    assert noted(f"See [{text}](/contact) and <https://example.org/here>.") == []


@pytest.mark.parametrize("text", ["мапа", "Више о КФОР-у", "лист о пројектима"])
def test_a_serbian_link_text_that_names_its_goal_is_not(text: str) -> None:
    assert noted(f"[{text}](/contact)", "sr") == []


@pytest.mark.parametrize(
    ("language", "body", "found"),
    [
        ("en", "The armed forcesSerbia joined.", ["forcesSerbia"]),
        ("en", "It was done.Serbia joined,too", ["done.Serbia", "joined,too"]),
        ("en", "In operationsPARP", ["operationsPARP"]),
        ("sr", "Завршено.Србија је, дакле,ту од 2017.године.", ["Завршено.Србија", "дакле,ту", "2017.године"]),
        (
            "en",
            "U.S.A., e.g. WhatsApp, eGovernment, T-Whex, 28,000, 16:30, v1.2.3, nato.int/Foo.Bar, a.B@example.org",
            [],
        ),
        ("en", "`snake.Case` and [[whatEver.It]] and <https://example.org/some.Page>", []),
        ("sr", "д.о.о. и бр. 5, 25. 11. 2025, КФОР-а, еУправа, 9,6", []),
    ],
)
def test_a_missing_space_is_noted(language: str, body: str, found: list[str]) -> None:
    assert words_of(noted(body, language)) == found


@pytest.mark.parametrize(
    ("language", "body", "found"),
    [
        ("en", "Paris in the\nthe spring", [(1, "the")]),
        ("en", "The the", [(1, "The")]),
        ("sr", "Он је је ту.", [(1, "је")]),
        ("en", "I know that that had had an end. Over and-and over; 5 5, the `the`, the [[the the]] the. The", []),
        ("en", "| the | the |\n|---|---|\n| the | the |\n", []),
    ],
)
def test_a_doubled_word_is_noted_on_its_line(language: str, body: str, found: list[tuple[int, str]]) -> None:
    notes = noted(body, language)
    assert list(zip([line for line, _ in notes], words_of(notes), strict=True)) == found


def test_a_paragraph_of_more_than_90_words_is_noted() -> None:
    def of(count: int) -> str:
        return " ".join(f"w{n}x" for n in range(count - 1)) + " {{small-arms}}"

    assert noted(f"{of(90)}\n\n- {of(90)}\n\n## {of(95)}\n") == []
    note = "Words in this paragraph: 91; 90 is the most."
    assert noted(f"{of(91)}\n\n- short\n- {of(91)}\n") == [(1, note), (4, note)]


@pytest.mark.parametrize(
    ("language", "body", "found"),
    [
        ("en", "The project was worth 9.6 million.", ["9.6 million"]),
        ("en", "A budget of 400,000 was granted.", ["400,000"]),
        ("sr", "Уложено је више од 15 милиона.", ["15 милиона"]),
        ("sr", "Вредност пројекта је 400.000.", ["400.000"]),
        ("en", "It cost €9.6 million, 400,000 euros, EUR 5,000 and 900 more.", []),
        ("en", "The project of 2011 cost {{livelihoods-value}} under Resolution 1244.", []),
        ("en", "Trust Funds destroyed 28,000 arms. The cost is not known.", []),
        ("sr", "Вредност није позната. Уништено је 28.000 комада. Пројекат вредан 9,6 милиона евра.", []),
    ],
)
def test_a_large_number_among_words_of_money_needs_a_currency(language: str, body: str, found: list[str]) -> None:
    assert words_of(noted(body, language)) == found


def test_mixed_scripts_and_words_of_the_day_are_noted_in_the_head_too() -> None:
    assert noted("Цил\u006a", "sr", title="Тренутно") == [
        (0, "“Тренутно” is true only today; give a date."),
        (1, "The word “Цил\u006a” mixes Latin and Cyrillic letters."),
    ]


def test_brackets_that_make_no_link_are_noted_and_kept_words_may_stand_in_one() -> None:
    assert noted("See [[NATO]](/about/).") == [
        (1, "“[[NATO]]” is no link: give its text brackets of its own, as in [[[NATO]]](…).")
    ]
    assert noted("See [[[NATO]]](/about/) and [the [[SPS]] programme](/contact).") == []


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "28,000", 28_000),
        ("en", "28000", 28_000),
        ("en", "28\u00a0000", 28_000),
        ("en", "1.4 million", 1_400_000),
        ("en", "6,000-strong", 6_000),
        ("en", "€9.6 million", 9_600_000),
        ("en", "$5k", 5_000),
        ("en", "400 thousand euros", 400_000),
        ("en", "2,000 tonnes.", 2_000),
        ("sr", "28.000.", 28_000),
        ("sr", "28000", 28_000),
        ("sr", "1,4 милиона", 1_400_000),
        ("sr", "1 милион", 1_000_000),
        ("sr", "400.000 евра", 400_000),
        ("sr", "400 хиљада", 400_000),
        ("sr", "2.000 тона", 2_000),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(language: str, text: str, value: int) -> None:
    assert [(n.value, n.may_be_a_year) for n in numbers.found(f"до {text}", language)] == [(value, False)]


@pytest.mark.parametrize("text", ["2003", "1244", "1325", "12", "in 2003, 2,000.5", "v28,000", "10th", "5 m", "28.5"])
def test_years_resolutions_and_small_counts_are_nothing_but_themselves(text: str) -> None:
    assert [n for n in numbers.found(text, "en") if not n.may_be_a_year] == []
