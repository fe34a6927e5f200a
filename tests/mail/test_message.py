"""A mail as bytes: lines, encodings, and the same bytes every time."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.language import Variant
from outreach.mail.message import BASE64, QUOTED, encode_block, encoding_of, plain, stitch
from outreach.mail.verify import verify
from tests.mail.letters import letter
from tests.mail.serbian_words import phrase

NAUGHTY = [
    ".", "..", ".\n.", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\r\n", "\r\n.\r\nMAIL FROM:<x@example.org>\r\n", "From here\nFrom there",
    "a\0b", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ud83d", "=", "=3D", "=\n", "--\n-- \n", " ", "  \n  ", "\t\t",
    "a" * 75, "a" * 76, "a" * 77, "=" * 26, "š" * 13 + "a", "ab" * 37 + "š", " " * 200, "x" * 2000, ".x" * 1200, "🙂" * 300,
    "Ω≈ç√∫˜µ≤≥÷", "田中さん", "社會科學院", "‏العربية‏", "<script>alert(1)</script>", "%s%n{0}{{7*7}}", "--=_0123", "Content-Type: text/html\n\n",
]  # fmt: skip
ENCODINGS = [QUOTED, BASE64]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def shown(message: EmailMessage, kind: str) -> list[str]:
    """The part's lines without the spaces that pad them."""
    part = message.get_body((kind,))
    assert part is not None
    return [line.rstrip(" ") for line in str(part.get_content()).replace("\r\n", "\n").split("\n")]


def meant(text: str) -> list[str]:
    return [line.rstrip(" ") for line in plain(text).removesuffix("\n").split("\n")] + [""]


def assert_wire(raw: bytes) -> None:
    """M-03: CRLF only, lines within bounds, nothing that is not printable ASCII."""
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert not re.search(rb"[^\t\r\n -~]", raw)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", NAUGHTY)
def test_m03_m21_naughty_text_changes_no_line_end_and_is_read_back(text: str, encoding: str) -> None:
    body = encode_block(text, encoding)
    made = replace(letter(), encoding=encoding, text=body, html=body)
    raw = stitch(made)
    assert_wire(raw)
    assert not any(line.startswith(b".") for line in raw.split(b"\r\n"))
    verify(raw, made)
    message = read(raw)
    assert not message.defects
    assert shown(message, "plain") == shown(message, "html") == meant(text)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(pieces=st.lists(st.text(max_size=120), min_size=1, max_size=8))
def test_m03_any_blocks_put_together_are_one_ordinary_body(encoding: str, pieces: list[str]) -> None:
    body = b"".join(encode_block(piece, encoding) for piece in pieces)
    made = replace(letter(), encoding=encoding, text=body, html=body)
    raw = stitch(made)
    assert_wire(raw)
    verify(raw, made)
    assert shown(read(raw), "plain") == [line for piece in pieces for line in meant(piece)[:-1]] + [""]


def test_serbian_bodies_come_back_word_for_word_in_both_scripts() -> None:
    rng = random.Random(3)
    for variant in (Variant.LAT, Variant.CIR):
        for _ in range(200):
            text = "\n".join(phrase(rng, 900) for _ in range(4)) + "\n"
            assert shown(read(stitch(letter(variant, text=text))), "plain") == meant(text)


def test_cyrillic_is_base64_in_full_lines_and_latin_is_quoted_printable() -> None:
    assert [encoding_of(variant) for variant in Variant] == [QUOTED, QUOTED, BASE64]
    lines = encode_block("Ваш упит је код нас.\n" * 9, BASE64).split(b"\r\n")
    assert {len(line) for line in lines[:-1]} == {76}
    assert not any(b"=" in line for line in lines)


def test_a_block_is_padded_before_its_last_line_break_so_no_line_is_pushed_in() -> None:
    body = encode_block("Прва\n", BASE64) + encode_block("Друга\n", BASE64)
    message = read(stitch(replace(letter(Variant.CIR), text=body)))
    part = message.get_body(("plain",))
    assert part is not None
    assert [line[0] for line in part.get_content().splitlines()] == ["П", "Д"]


def test_d04_the_same_letter_gives_the_same_bytes() -> None:
    assert stitch(letter(Variant.CIR)) == stitch(letter(Variant.CIR))


def test_m01_every_header_stands_exactly_once() -> None:
    links = (
        ("Auto-Submitted", "auto-generated"), ("List-Id", "<updates.example.org>"),
        ("List-Unsubscribe", "<https://example.org/en/unsubscribe/t>, <mailto:press@example.org?subject=unsubscribe>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )  # fmt: skip
    message = read(stitch(letter(Variant.LAT, extra=links, reply_to="desk@example.org")))
    assert message.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Reply-To", *(name for name, _ in links),
        "Content-Language", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert message["Content-Language"] == "sr-Latn"
    assert message["Date"] == "Tue, 25 Nov 2025 10:00:00 +0000"
    assert message["List-Unsubscribe"] == links[2][1]


def test_m02_plain_text_stands_first() -> None:
    parts = [part.get_content_type() for part in read(stitch(letter())).walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_m19_nothing_in_the_headers_names_this_machine() -> None:
    import getpass
    import socket

    head = stitch(letter()).partition(b"\r\n\r\n")[0].decode()
    assert socket.gethostname() not in head
    assert f"{getpass.getuser()}@" not in head
