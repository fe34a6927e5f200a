"""What a mail cites is folded away, as mail programs in English and Serbian mark it; nothing of it is lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inquiries.arrivals.folding import split

NEW = "Thank you.\nWho pays?"
CITED = "> We have your inquiry.\n>\n> Reference: 25-48271-3"
BARE = "We have your inquiry.\n\nReference: 25-48271-3"

INTRODUCTIONS = {
    "Gmail": "On Tue, 25 Nov 2025 at 10:12, Press <press@example.org> wrote:",
    "Gmail, wrapped": "On Tue, 25 Nov 2025 at 10:12, Liaison Office Belgrade – Public Affairs <\npress@example.org> wrote:",
    "Thunderbird": "On 25/11/2025 10:12, Press wrote:",
    "Gmail, Cyrillic": "уто, 25. нов 2025. у 10:12 Press <press@example.org> је написао/ла:",
    "Gmail, Latin": "uto, 25. nov 2025. u 10:12 Press <press@example.org> je napisao/la:",
    "Thunderbird, Latin": "Dana 25.11.2025. u 10:12, Press je napisao:",
    "Thunderbird, Cyrillic": "Дана 25.11.2025. 10:12, Press је написала:",
    "Apple, Latin": "25. 11. 2025., u 10:12, Press <press@example.org> piše:",
    "Apple, Cyrillic": "25. 11. 2025., у 10:12, Press <press@example.org> пише:",
}
BLOCKS = {
    "Outlook": "From: Press <press@example.org>\nSent: Tuesday, November 25, 2025 10:12\nTo: Reporter\nSubject: Inquiry",
    "Outlook, bold": "*From:* Press <press@example.org>\n*Sent:* Tuesday\n*To:* Reporter\n*Subject:* Inquiry",
    "Outlook, rule": "________________________________\nFrom: Press\nSent: Tuesday\nTo: Reporter\nSubject: Inquiry",
    "Outlook, older": "-----Original Message-----\nFrom: Press\nSent: Tuesday",
    "Outlook, Latin": "Od: Press <press@example.org>\nPoslato: utorak, 25. novembar 2025. 10:12\nZa: Novinar\nTema: Upit",
    "Outlook, Cyrillic": "Од: Press <press@example.org>\nПослато: уторак, 25. новембар 2025.\nЗа: Новинар\nТема: Упит",
    "Outlook, sender": "Šalje: Press\nDatum: 25.11.2025.\nPrima: Novinar\nNaslov: Upit",
    "rule, Latin": "-----Originalna poruka-----\nOd: Press",
    "rule, Cyrillic": "----- Оригинална порука -----\nОд: Press",
    "forwarded": "---------- Forwarded message ---------\nFrom: Press",
}


@pytest.mark.parametrize("how", INTRODUCTIONS)
@pytest.mark.parametrize("cited", [CITED, BARE])
def test_what_stands_below_a_sentence_that_says_who_wrote_is_folded(how: str, cited: str) -> None:
    assert split(f"{NEW}\n\n{INTRODUCTIONS[how]}\n\n{cited}") == (NEW, f"{INTRODUCTIONS[how]}\n\n{cited}")


@pytest.mark.parametrize("how", BLOCKS)
def test_what_stands_below_a_block_of_headers_is_folded(how: str) -> None:
    assert split(f"{NEW}\n\n{BLOCKS[how]}\n\n{BARE}\n> older") == (NEW, f"{BLOCKS[how]}\n\n{BARE}\n> older")


def test_marked_lines_at_the_end_need_no_sentence_before_them() -> None:
    assert split(f"{NEW}\n{CITED}\n") == (NEW, CITED)


def test_an_answer_below_what_it_cites_is_what_is_new() -> None:
    above = f"{INTRODUCTIONS['Gmail']}\n{CITED}\n"
    assert split(f"{above}\n{NEW}") == (NEW, above.strip())


def test_answers_between_cited_lines_stay_where_they_are() -> None:
    text = "> How much?\nThree.\n> Who pays?\nWe do."
    assert split(text) == (text, "")
    between = f"{INTRODUCTIONS['Gmail']}\n> How much?\nThree.\n> Who pays?\nWe do."
    assert split(f"{between}\n> Bye")[0] == between


@pytest.mark.parametrize(
    "text", ["", "\n\n", CITED, f"{INTRODUCTIONS['Gmail']}\n{BARE}", BLOCKS["forwarded"] + "\n\n" + BARE]
)
def test_a_mail_that_would_have_no_words_of_its_own_keeps_them_all(text: str) -> None:
    assert split(text) == (text.strip("\n"), "")


@pytest.mark.parametrize(
    "text",
    [
        "The minister wrote: nothing.\nWho is right?", "He wrote:\nall is well", "From: what I hear, it is late.\nTo: be sure, I ask.",
        "Od: čega zavisi?\nZa: kada?", "Temperature > 30\nis that so?", "Dana 25.11. počinje.\nKo plaća?", "--\nReporter\nDaily",
    ],
)  # fmt: skip
def test_ordinary_words_are_not_folded(text: str) -> None:
    assert split(text) == (text, "")


LINES = [
    "> a",
    ">",
    "",
    "new",
    "1 wrote:",
    "From: x",
    "Sent: y",
    "To: z",
    "-----Original Message-----",
    "__________",
    "> b wrote: 1",
]


@given(st.lists(st.sampled_from(LINES), max_size=14))
def test_nothing_is_lost_and_something_is_always_shown(lines: list[str]) -> None:
    text = "\n".join(lines)
    new, quoted = split(text)
    assert sorted(re.split(r"\s+", f"{new}\n{quoted}".strip())) == sorted(re.split(r"\s+", text.strip()))
    assert bool(new.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    "line", [">\n", "1 wrote:\n", "a\n", "From: x\nSent: y\nx\n", "> 1 wrote:\nb\n", "\n", "On 1\n" * 2]
)
def test_s_a_long_mail_is_folded_in_a_moment(line: str) -> None:
    text = line * (200_000 // len(line)) + "end"
    begun = time.process_time()
    split(text)
    assert time.process_time() - begun < 10
