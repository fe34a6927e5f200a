"""spreadsheets.py: a table that any program reads back as it was, and that none runs as a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import spreadsheets

#: What spreadsheet programs take for the beginning of a formula, after what they skip.
RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def read_back(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def test_a_file_begins_with_its_byte_order_mark_and_its_heads() -> None:
    file = spreadsheets.table(["Пројекат", "Money"], [["Biofuel", 400_000]])
    assert file.startswith(b"\xef\xbb\xbf\xd0\x9f")
    assert file.decode("utf-8-sig") == "Пројекат,Money\r\nBiofuel,400000\r\n"


def test_commas_quotes_and_line_ends_stay_inside_their_cell() -> None:
    words = 'He said "no", then\r\nleft'
    assert spreadsheets.table(["a", "b"], [[words, "x"]]).decode("utf-8-sig").count('""no""') == 1
    assert read_back(spreadsheets.table(["a", "b"], [[words, "x"]])) == [["a", "b"], [words, "x"]]


@pytest.mark.parametrize(
    "evil",
    [
        "=1+1",
        '=HYPERLINK("https://example.org")',
        "+381 11",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "＝1",
        "\tplain",
        '"=1',
        "' =1",
        "\0=1",
        "\0plain",
    ],
)
def test_a_text_that_a_program_would_run_is_shown_as_text(evil: str) -> None:
    assert read_back(spreadsheets.table(["a"], [[evil]]))[1] == [f"'{evil}"]
    assert read_back(spreadsheets.table([evil], []))[0] == [f"'{evil}"]


@pytest.mark.parametrize("plain", ["", "a = b", "2003–2011", "„Односи НАТО и Србије”", "–", "1-2", "'quoted'", "€9.6"])
def test_any_other_text_stays_as_it_is(plain: str) -> None:
    assert spreadsheets.harmless(plain) == plain


def test_numbers_are_bare_dates_are_iso_and_nothing_is_nothing() -> None:
    cells = [400_000, -5, Decimal("9.6"), date(2007, 6, 1), None]
    assert read_back(spreadsheets.table(list("abcde"), [cells]))[1] == ["400000", "-5", "9.6", "2007-06-01", ""]


def test_a_row_that_does_not_fit_its_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="3 cells under 2 heads"):
        spreadsheets.table(["a", "b"], [["x", "y", "z"]])


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_whatever_is_written_is_read_back_and_no_cell_begins_a_formula(rows: list[tuple[str, str]]) -> None:
    found = read_back(spreadsheets.table(["one", "two"], rows))[1:]
    for row, written in zip(found, rows, strict=True):
        assert [cell.removeprefix("'") for cell in row] == [text.removeprefix("'") for text in written]
        assert not any(cell.startswith(RUNS) or cell.lstrip().startswith(RUNS) for cell in row)
