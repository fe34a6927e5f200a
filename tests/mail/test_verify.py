"""The last look: a mail that does not say what was meant is not sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from outreach.language import Variant
from outreach.mail.message import BASE64, QUOTED, encode_block, stitch
from outreach.mail.verify import Mismatch, is_whole, verify
from tests.mail.letters import letter

MEANT = letter(Variant.CIR, reply_to="desk@example.org")


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        assert old in raw
        return raw.replace(old, new, 1)

    return change


MUTANTS: dict[str, Callable[[bytes], bytes]] = {
    "another recipient": swapped(b"<reporter@example.org>", b"<other@example.org>"),
    "a second recipient": swapped(b"<reporter@example.org>", b"<reporter@example.org>, <other@example.org>"),
    "no display name": lambda raw: re.sub(rb"(?m)^To: .*\r\n ", b"To: ", raw),
    "another sender": swapped(b"<press@example.org>", b"<press@example.com>"),
    "a blind copy": swapped(b"Date: ", b"Bcc: other@example.org\r\nDate: "),
    "a second subject": swapped(b"Date: ", b"Subject: x\r\nDate: "),
    "another subject": lambda raw: re.sub(rb"(?s)Subject: .*?\r\nDate", b"Subject: hello\r\nDate", raw),
    "a lost word of the subject": lambda raw: re.sub(rb"(?s)(Subject: =\?utf-8\?b\?)....", rb"\1", raw),
    "no date": lambda raw: re.sub(rb"Date: .*\r\n", b"", raw),
    "another message id": swapped(b"Message-ID: <0", b"Message-ID: <1"),
    "another reply address": swapped(b"Reply-To: desk@", b"Reply-To: other@"),
    "another extra value": swapped(b"auto-generated", b"no"),
    "headers pushed into the body": swapped(b"\r\nDate", b"\r\n\r\nDate"),
    "a bare line feed": swapped(b"\r\nDate", b"\nDate"),
    "a bare carriage return": swapped(b"MIME-Version: 1.0", b"MIME-Version:\r1.0"),
    "a NUL": swapped(b"--=_", b"\0--=_"),
    "a line that is too long": lambda raw: raw + b"x" * 999 + b"\r\n",
    "HTML first": lambda raw: raw.replace(b"text/plain", b"text/x", 1).replace(b"text/html", b"text/plain", 1).replace(b"text/x", b"text/html", 1),
    "no closing boundary": lambda raw: raw[: raw.rindex(b"--=_")],
    "one part less": lambda raw: raw[: raw.rindex(b"--=_", 0, raw.rindex(b"--=_"))] + raw[raw.rindex(b"--=_") :],
    "a broken encoding": swapped(b"base64\r\n\r\n", b"base64\r\n\r\n***"),
    "another character set": swapped(b"charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", b"charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n/////"),
}  # fmt: skip


def test_m07_what_was_meant_passes() -> None:
    for variant in Variant:
        verify(stitch(letter(variant)), letter(variant))
    verify(stitch(MEANT), MEANT)
    nameless = replace(MEANT, to_name=None, reply_to=None)
    verify(stitch(nameless), nameless)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_m07_every_mutant_of_the_builder_is_caught(mutant: str) -> None:
    raw = stitch(MEANT)
    changed = MUTANTS[mutant](raw)
    assert changed != raw
    with pytest.raises(Mismatch) as caught:
        verify(changed, MEANT)
    assert "@" not in str(caught.value)  # P-11: the reason goes into logs


def test_broken_blocks_are_told_from_whole_ones() -> None:
    good = {encoding: encode_block("Прва = линија\n", encoding) for encoding in (QUOTED, BASE64)}
    for encoding, body in good.items():
        assert is_whole(body, encoding)
        assert not is_whole(body[:-1], encoding)
        assert not is_whole(body[:-2], encoding)
        assert not is_whole(b"." + body, encoding)
        assert not is_whole(body + b"x", encoding)
    assert not is_whole(b"=FF=\r\n", QUOTED)
    assert not is_whole(b"=FF\r\n", QUOTED)
