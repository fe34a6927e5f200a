"""Figures: said right in every variant, taken in whole or not at all, changed in one place. On both databases."""

from __future__ import annotations

import re
from datetime import date

import pytest

from outreach import serbian
from outreach.language import NBSP, Variant
from outreach.newsroom import facts
from outreach.newsroom.facts import Facts
from tests.newsroom.conftest import Newsroom
from tests.support.client import PageClient

SOURCE = '[source.text]\nen = "“A text”"\nsr = "„Текст”"\n'
ARMS = """[figure.arms]
value = 28_000
en = "arms destroyed"
sr = "уништених комада оружја"
as_of = "2003"
source = "text"
"""
GOOD = SOURCE + ARMS


def figure(**entries: str) -> Facts:
    """Facts with one figure, named "one"; entries are TOML as given, None leaves a default out."""
    default = {"value": "28_000", "en": '"things"', "sr": '"ствари"', "as_of": '"2003"', "source": '"text"'}
    lines = "\n".join(f"{name} = {value}" for name, value in (default | entries).items() if value)
    return facts.read(f"{SOURCE}[figure.one]\n{lines}\n")


def said(quote: str, **entries: str) -> list[str]:
    """A text in English, Serbian Cyrillic and derived Latin, no-break spaces shown as spaces."""
    known = figure(**entries)
    english, cyrillic = known.quoted(quote, "en"), known.quoted(quote, "sr")
    return [text.replace(NBSP, " ") for text in (english, cyrillic, serbian.to_latin(cyrillic))]


MONEY = {"currency": '"EUR"'}
MILLIONS = {"shown_in": '"millions"'}
TONNES = {"unit": '"tonnes"'}


@pytest.mark.parametrize(
    ("value", "entries", "spoken"),
    [
        ("7", {}, ["7", "7", "7"]),
        ("999", {}, ["999", "999", "999"]),
        ("1_244", {}, ["1,244", "1.244", "1.244"]),
        ("28_000", {}, ["28,000", "28.000", "28.000"]),
        ("1_234_567", {}, ["1,234,567", "1.234.567", "1.234.567"]),
        ("1_400_000", MILLIONS, ["1.4 million", "1,4 милиона", "1,4 miliona"]),
        ("1_000_000", MILLIONS, ["1 million", "1 милион", "1 milion"]),
        ("3_000_000", MILLIONS, ["3 million", "3 милиона", "3 miliona"]),
        ("5_000_000", MILLIONS, ["5 million", "5 милиона", "5 miliona"]),
        ("11_000_000", MILLIONS, ["11 million", "11 милиона", "11 miliona"]),
        ("21_000_000", MILLIONS, ["21 million", "21 милион", "21 milion"]),
        ("250_000", MILLIONS, ["0.25 million", "0,25 милиона", "0,25 miliona"]),
        ("1", TONNES, ["1 tonne", "1 тона", "1 tona"]),
        ("2", TONNES, ["2 tonnes", "2 тоне", "2 tone"]),
        ("21", TONNES, ["21 tonnes", "21 тона", "21 tona"]),
        ("112", TONNES, ["112 tonnes", "112 тона", "112 tona"]),
        ("2_000", TONNES, ["2,000 tonnes", "2.000 тона", "2.000 tona"]),
        ("400_000", MONEY, ["€400,000", "400.000 евра", "400.000 evra"]),
        ("9_600_000", MONEY | MILLIONS, ["€9.6 million", "9,6 милиона евра", "9,6 miliona evra"]),
        ("400_000", {"currency": '"USD"'}, ["400,000 USD", "400.000 USD", "400.000 USD"]),
        ("6_000", {"qualifier": '"almost"'}, ["almost 6,000", "скоро 6.000", "skoro 6.000"]),
        ("6_000", {"qualifier": '"over"'}, ["over 6,000", "више од 6.000", "više od 6.000"]),
        (
            "15_000_000",
            MILLIONS | {"qualifier": '"over"', "currency": '"unknown"'},
            [
                "over 15 million (currency not stated)",
                "више од 15 милиона (валута није наведена)",
                "više od 15 miliona (valuta nije navedena)",
            ],
        ),
    ],
)
def test_a_figure_is_said_as_its_language_writes_it(value: str, entries: dict[str, str], spoken: list[str]) -> None:
    assert said("{{one}}", value=value, **entries) == spoken


def test_a_short_figure_stays_on_one_line() -> None:
    assert figure(value="1_400_000", **MILLIONS).quoted("{{one}}", "sr") == f"1,4{NBSP}милиона"


def test_a_quote_may_have_spaces_and_stand_anywhere_and_often() -> None:
    assert said("({{one}}), {{ one }}. {{one}}") == ["(28,000), 28,000. 28,000"] + ["(28.000), 28.000. 28.000"] * 2
    assert facts.names_in("{{b}} {{ a }} {{b}} {{A}} {c} {{c d}}") == ("b", "a")


def test_a_name_that_is_not_there_says_so_instead_of_a_number() -> None:
    assert said("{{two}} arms")[:2] == ["[figure missing] arms", "[податак недостаје] arms"]


def test_a_page_shows_a_figure_with_its_day_its_source_and_its_words_in_its_script() -> None:
    (shown,) = facts.read(GOOD).shown(["arms", "none"], Variant.LAT)
    assert (shown.said, shown.words, shown.source) == ("28.000", "uništenih komada oružja", "„Tekst”")
    assert (shown.as_of, shown.reason) == ((date(2003, 1, 1), "year"), None)


def test_a_figure_without_a_day_gives_its_reason() -> None:
    entries = {"as_of": '"unknown"', "reason.en": '"no date"', "reason.sr": '"без датума"'}
    (shown,) = figure(**entries).shown(["one"], Variant.CIR)
    assert (shown.as_of, shown.reason) == (None, "без датума")


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ({"value": ""}, "value is missing"),
        ({"value": '"28,000"'}, "value is not known here, or not of the right type"),
        ({"value": "28.5"}, "value is not known here, or not of the right type"),
        ({"value": "true"}, "value is not known here, or not of the right type"),
        ({"en": ""}, "en and sr must both be texts"),
        ({"sr": '"  "'}, "en and sr must both be texts"),
        ({"source": ""}, "source is missing"),
        ({"source": '"other"'}, "the source other is not in the file"),
        ({"as_of": ""}, "as_of is missing"),
        ({"as_of": "2003"}, "as_of is not known here, or not of the right type"),
        ({"as_of": '"spring 2003"'}, "as_of must be a year, a month, a day or unknown, not spring 2003"),
        ({"as_of": '"2003-02-30"'}, "as_of must be a year, a month, a day or unknown, not 2003-02-30"),
        ({"as_of": '"unknown"'}, "as_of unknown needs a reason in both languages"),
        ({"as_of": '"unknown"', "reason.en": '"no date"'}, "en and sr must both be texts"),
        ({"review_by": '"2027"'}, "review_by is not known here, or not of the right type"),
        ({"review_by": "2027-01-01T10:00:00"}, "review_by is not known here, or not of the right type"),
        ({"unit": '"litres"'}, "unit must be one of tonnes"),
        ({"currency": '"euro"'}, "currency must be one of EUR, USD, RSD, unknown"),
        ({"qualifier": '"about"'}, "qualifier must be one of over, almost"),
        ({"shown_in": '"thousands"'}, "shown_in must be one of millions"),
        (TONNES | MILLIONS, "a figure with a unit has neither currency nor shown_in"),
        ({"vaule": "5"}, "vaule is not known here, or not of the right type"),
    ],
)
def test_a_wrong_entry_is_named(entries: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)) as wrong:
        figure(**entries)
    assert str(wrong.value).startswith("[figure.one")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[figures.one]\nvalue = 5\n", "[figures]: only [figure.…] and [source.…] are known"),
        ("[figure]\none = 5\n", "[figure]: each stands in a table of its own, [figure.…]"),
        ("figure = 5\n", "[figure]: each stands in a table of its own, [figure.…]"),
        ('[figure."One Two"]\nvalue = 5\n', "a name has small letters, digits and hyphens"),
        ('[source.text]\nen = "A text"\n', "[source.text]: en and sr must both be texts"),
        (GOOD + ARMS, "at line 10"),
        (GOOD + "value = \n", "at line 10"),
    ],
)
def test_a_file_that_is_not_a_list_of_figures_is_refused_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        facts.read(text)


def with_figures(newsroom: Newsroom, text: str = GOOD) -> None:
    newsroom.writes_raw("facts.toml", text.encode())


@pytest.fixture
def quoting(newsroom: Newsroom) -> Newsroom:
    """A newsroom with one figure and one page that quotes it, in both languages."""
    with_figures(newsroom)
    newsroom.writes("arms.en.md", "Gone: {{arms}} arms.\n", id="bbbbb", summary="“{{arms}} arms”")
    newsroom.writes(
        "arms.sr.md", "Уништено: {{arms}} комада.\n", id="bbbbb", title="Оружје", summary="„{{arms}} комада”"
    )
    assert newsroom.reads().faults == ()
    return newsroom


def test_every_variant_of_a_page_says_the_figure_in_title_summary_and_text(
    quoting: Newsroom, client: PageClient
) -> None:
    english, latin, cyrillic = (client.get(f"/{variant}/arms").words for variant in ("en", "lat", "cir"))
    assert "“28,000 arms”" in english
    assert "Gone: 28,000 arms." in english
    assert "Uništeno: 28.000 komada." in latin
    assert "Уништено: 28.000 комада." in cyrillic


def test_a_changed_figure_changes_the_pages_and_their_tags_and_is_no_publication(
    quoting: Newsroom, client: PageClient
) -> None:
    noted, before = quoting.publications(), client.get("/en/arms")
    generation = quoting.reads().generation
    assert client.get("/en/arms", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    with_figures(quoting, GOOD.replace("28_000", "29_500"))
    assert quoting.is_stale()
    report = quoting.reads()
    assert (report.changed, report.noted, report.held) == ((), (), ())
    assert report.generation == generation + 1
    after = client.get("/en/arms", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "Gone: 29,500 arms." in after.words
    assert "Uništeno: 29.500 komada." in client.get("/lat/arms").words
    assert [p.id for p in quoting.publications()] == [p.id for p in noted]
    assert not quoting.is_stale()


@pytest.mark.parametrize(
    "broken",
    [b"\xff", b"[figure.arms", GOOD.replace("value = 28_000", "value = 3\nvalu = 4").encode()],
)
def test_the_last_good_figures_stay_while_their_file_is_broken(
    quoting: Newsroom, client: PageClient, broken: bytes
) -> None:
    quoting.writes_raw("facts.toml", broken)
    report = quoting.reads()
    assert [(fault.path, fault.is_blocking) for fault in report.faults] == [("facts.toml", True)]
    assert report.changed == ()
    quoting.writes("arms.en.md", "Now {{arms}}.\n", id="bbbbb")
    assert quoting.reads().changed == ("arms.en.md",)
    assert "Now 28,000." in client.get("/en/arms").words
    with_figures(quoting, GOOD.replace("28_000", "30_000"))
    assert quoting.reads().faults == ()
    assert "Now 30,000." in client.get("/en/arms").words


def test_a_wrong_entry_is_named_with_the_line_of_its_figure(quoting: Newsroom) -> None:
    with_figures(quoting, GOOD + ARMS.replace("figure.arms", "figure.two").replace('"text"', '"none"'))
    assert [str(fault) for fault in quoting.reads().faults] == [
        "facts.toml:10: The file cannot be used: [figure.two]: the source none is not in the file."
    ]
    with_figures(quoting, GOOD + "value = \n")
    assert [(f.path, f.line) for f in quoting.reads().faults] == [("facts.toml", 10)]


def test_a_figure_that_is_taken_away_is_named_where_it_is_quoted_and_no_old_number_stays(
    quoting: Newsroom, client: PageClient
) -> None:
    with_figures(quoting, GOOD.replace("figure.arms", "figure.weapons"))
    assert [str(fault) for fault in quoting.reads().faults] == [
        "arms.en.md:5: There is no figure named “arms” in facts.toml.",
        "arms.sr.md:5: There is no figure named “arms” in facts.toml.",
    ]
    assert "Gone: [figure missing] arms." in client.get("/en/arms").words
    with_figures(quoting)
    assert quoting.reads().faults == ()
    assert "Gone: 28,000 arms." in client.get("/en/arms").words
