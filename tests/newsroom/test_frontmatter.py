"""The head of a content file: every fault at once, each with its line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from config import ROOT
from outreach import office
from outreach.newsroom import frontmatter, localtime, reading
from outreach.newsroom.reading import Parsed

OFFICE = office.read(ROOT / "content")
ZONE = ZoneInfo("Europe/Belgrade")
GOOD = """---
id: r7k4m
kind: page
title: Relations
summary: What they do.
topics: [partnership]
state: published
as_of: 2026-11-23
---
Words.
"""


def parsed(text: str | bytes) -> Parsed:
    raw = text if isinstance(text, bytes) else text.encode()
    return reading.parse("a.en.md", "en", raw, OFFICE)


def said(text: str | bytes) -> list[str]:
    return [str(fault) for fault in parsed(text).faults]


def test_a_whole_head_is_read() -> None:
    head = parsed(
        GOOD.replace("state: published", "state: published\npublic_from: 2026-11-25 10:00\nevent_on: 2017-06")
    ).header
    assert head is not None
    assert (head.id, head.kind, head.title, head.topics, head.state) == (
        "r7k4m",
        "page",
        "Relations",
        ("partnership",),
        "published",
    )
    assert head.public_from == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    assert (head.event_on, head.as_of) == ((date(2017, 6, 1), "month"), date(2026, 11, 23))


def test_all_faults_are_reported_at_once_with_file_and_line() -> None:
    text = """---
id: o0l1i
kind: poem
title: no
summary: Words.
topics: [partnership, sport]
state: publishd
public_from: 2026-02-30 10:00
as_of: yesterday
sumary: Words.
---
# Title

[x](javascript:alert(1))
"""
    found = said(text)
    assert [line.split(":")[:2] for line in found] == [["a.en.md", str(n)] for n in (2, 3, 4, 6, 7, 8, 9, 10, 12, 14)]
    assert "“no” is read as something other than text" in found[2].replace("title: no", "no")
    assert "(summary?)" in found[7]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "must begin with a head"),
        ("title: A\n", 1, "must begin with a head"),
        ("---\nid: r7k4m\n", 1, "must begin with a head"),
        ("---\n- id: r7k4m\n- title: A\n---\n", 2, "must be a list of entries such as"),
        ("---\n---\n", 2, "must be a list of entries such as"),
        ("---\nid: r7k4m\ntopics: [office\nstate: draft\n---\n", 4, "cannot be read"),
        ("---\nid: r7k4m\n\ttitle: A\n---\n", 3, "cannot be read"),
        ("---\ntitle: 'open\n---\n", 2, "cannot be read"),
        (GOOD.replace("id: r7k4m", "id: r7k4m\nid: r7k4m"), 3, "a second time"),
        (GOOD.replace("as_of: 2026-11-23", "as_of: unknown"), 8, "needs a reason"),
        (GOOD.replace("state: published", "state: withdrawn"), 7, "needs its reason"),
        (GOOD.replace("title: Relations", "title: 2026-11-23"), 4, "quotation marks"),
        (GOOD.replace("title: Relations", "title: [a, b]"), 4, "single value"),
        (GOOD.replace("title: Relations", f"title: {'x' * 161}"), 4, "161 characters"),
        (GOOD.replace("topics: [partnership]", "topics: partnership"), 6, "must be a list"),
        (GOOD.replace("kind: page", "kind: update").replace("topics: [partnership]\n", ""), 3, "at least one topic"),
        (GOOD.replace("as_of: 2026-11-23", "as_of: 2026-11-23\nchanges: [correction]"), 9, "A change has the entries"),
        (GOOD.replace("Words.\n", "Words.\n\n### Three\n\n##### Five\n"), 14, "Headings are"),
    ],
)
def test_g16_what_yaml_would_swallow_gets_a_clear_message(text: str, line: int, words: str) -> None:
    found = said(text)
    assert any(f.startswith(f"a.en.md:{line}: ") and words in f for f in found), found
    assert not parsed(text).is_good


def test_g16_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert parsed(b"\xef\xbb\xbf" + GOOD.encode()).is_good
    assert parsed(GOOD.replace("\n", "\r\n")).is_good


def test_a_file_that_is_not_utf8_is_named_with_its_line() -> None:
    assert said(GOOD.encode() + b"\ncaf\xe9\n") == ["a.en.md:12: The file is not in UTF-8."]


def test_f14_a_control_character_is_named_with_its_line() -> None:
    assert said(GOOD + "a\0b") == ["a.en.md:11: There is a control character on this line."]


def test_many_aliases_do_not_grow(recwarn: pytest.WarningsRecorder) -> None:
    bomb = "---\na: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50)) + "---\n"
    assert len(said(bomb)) < 80


def test_changes_are_read_and_a_repeated_time_is_a_fault() -> None:
    changes = "changes:\n  - at: 2026-11-24 10:00\n    kind: correction\n    note: A figure.\n"
    head = parsed(GOOD.replace("as_of: 2026-11-23\n", "as_of: 2026-11-23\n" + changes)).header
    assert head is not None
    assert [(c.key, c.kind, c.note) for c in head.changes] == [("2026-11-24 10:00", "correction", "A figure.")]
    twice = changes + changes.partition("\n")[2]
    assert "a.en.md:13: Two changes have the same time; give each its own minute." in said(
        GOOD.replace("as_of: 2026-11-23\n", "as_of: 2026-11-23\n" + twice)
    )


def test_words_of_the_day_and_mixed_scripts_are_notes_that_keep_nothing_out() -> None:
    read = reading.parse("a.sr.md", "sr", (GOOD + "Тренутно је Цил\u006a у току је.\n").encode(), OFFICE)
    assert read.is_good
    assert [f.is_blocking for f in read.faults] == [False, False, False]


def test_an_embargo_in_the_repeated_hour_lifts_at_the_later_instant() -> None:
    assert localtime.instant("2026-10-25 02:30", ZONE) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert localtime.written(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ZONE) == "2026-10-25 02:30"


@pytest.mark.parametrize(
    "text", ["2026-03-29 02:30", "2026-13-01 10:00", "2026-11-23", "25. 11. 2026", "2026-11-23 24:00"]
)
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        localtime.instant(text, ZONE)


def test_a_rewritten_head_changes_its_lines_and_no_other() -> None:
    text = GOOD.replace("title: Relations", "title: Relations # ours").replace("state: published", "state: draft")
    fresh = frontmatter.rewritten(
        text, {"state": "published", "public_from": "2026-11-25 10:00", "withdrawn_reason": None}
    )
    assert fresh == text.replace("state: draft", "state: published\npublic_from: 2026-11-25 10:00")
    assert frontmatter.rewritten(fresh, {"state": "draft", "public_from": None}) == text


def test_a_rewritten_head_keeps_windows_line_ends_and_entries_of_several_lines() -> None:
    text = GOOD.replace("summary: What they do.", "summary: >-\n  What they\n  do.").replace("\n", "\r\n")
    fresh = frontmatter.rewritten(text, {"summary": '"Short."', "state": "draft"})
    assert fresh == GOOD.replace("What they do.", '"Short."').replace("state: published", "state: draft").replace(
        "\n", "\r\n"
    )


UPDATE = GOOD.replace("kind: page", "kind: update")


@pytest.mark.parametrize(("written", "is_urgent"), [("urgent: true\n", True), ("urgent: false\n", False), ("", False)])
def test_an_update_may_be_urgent(written: str, is_urgent: bool) -> None:
    head = parsed(UPDATE.replace("as_of:", f"{written}as_of:")).header
    assert head is not None
    assert head.is_urgent is is_urgent


def test_only_an_update_is_urgent_and_it_is_so_or_not() -> None:
    assert said(GOOD.replace("as_of:", "urgent: true\nas_of:")) == [
        "a.en.md:8: “urgent” is not an entry of a document of kind “page”."
    ]
    assert said(UPDATE.replace("as_of:", "urgent: very\nas_of:")) == [
        "a.en.md:8: “urgent: very” must be one of: true, false."
    ]
