"""What may stand in a header, and how it is written."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.mail import headers
from outreach.mail.headers import BadHeader
from tests.mail.serbian_words import phrase

INJECTIONS = [
    "A subject=?UTF-8?Q?=0A?=Bcc: injected@example.org",
    "x\n",
    "x\r\nBcc: injected@example.org",
    "x\rBcc: injected@example.org",
    "a\0b",
    "a\x1b[31mb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "a\ud800b",
    "=?utf-8?b?QmNjOiB4QGV4YW1wbGUub3Jn?=",
    "a\tb",
    "a" * 201,
]

PERL = "use Encode; binmode STDOUT, ':utf8'; local $/ = qq(\\0); while (<STDIN>) { chomp; print decode('MIME-Header', $_), qq(\\0) }"


def value_of(lines: str) -> str:
    """What a reader takes for the value: the lines unfolded, the name cut off."""
    return lines.removesuffix("\r\n").replace("\r\n", "").partition(": ")[2]


def decoded(lines: str) -> str:
    return str(make_header(decode_header(value_of(lines))))


@pytest.mark.parametrize("bad", INJECTIONS)
def test_m05_what_could_open_a_new_header_is_refused(bad: str) -> None:
    with pytest.raises(BadHeader):
        headers.text("Subject", bad)
    with pytest.raises(BadHeader):
        headers.mailbox("To", bad, "reader@example.org")


@pytest.mark.parametrize(
    "bad", ["x@example.org\r\nRCPT TO:<v@example.org>", "x@example.org>", "x y@example.org", "a@b@example.org", "x", ""]
)
def test_m05_an_address_that_is_two_is_refused(bad: str) -> None:
    with pytest.raises(BadHeader):
        headers.mailbox("To", None, bad)


def test_m05_a_long_quoted_name_stays_one_recipient() -> None:
    from email.utils import getaddresses

    name = "A" * 70 + ", boss@example.org <x"
    written = headers.mailbox("To", name, "reader@example.org")
    assert [address for _, address in getaddresses([value_of(written)])] == ["reader@example.org"]
    assert decoded(written) == f"{name} <reader@example.org>"


@given(st.text(max_size=200))
def test_m05_any_text_is_either_refused_or_comes_back_as_it_was(text: str) -> None:
    try:
        written = headers.text("Subject", text)
    except BadHeader:
        return
    assert decoded(written) == text
    assert headers_count(written) == 1


def headers_count(written: str) -> int:
    return sum(not line.startswith(" ") for line in written.removesuffix("\r\n").split("\r\n"))


def perl_decoded(values: list[str]) -> list[str]:
    asked = "\0".join(values) + "\0"
    run = subprocess.run(["perl", "-e", PERL], input=asked.encode(), capture_output=True, check=True)
    return run.stdout.decode().split("\0")[:-1]


def python_decoded(values: list[str]) -> list[str]:
    return [str(make_header(decode_header(value))) for value in values]


#: A machine without Perl has one opinion; Debian, and so CI, has two.
DECODERS = [python_decoded, *([perl_decoded] if shutil.which("perl") else [])]


@pytest.mark.parametrize("decode", DECODERS)
def test_m06_serbian_subjects_and_names_come_back_as_they_were(decode: Callable[[list[str]], list[str]]) -> None:
    rng = random.Random(20251125)
    phrases = [phrase(rng) for _ in range(10_000)]
    subjects = [value_of(headers.text("Subject", text)) for text in phrases]
    mailboxes = [value_of(headers.mailbox("From", text, "press@example.org")) for text in phrases]
    assert decode(subjects) == phrases
    assert decode([value.rpartition(" <")[0] for value in mailboxes]) == phrases


def test_m03_header_lines_keep_to_78_characters_and_words_to_75() -> None:
    rng = random.Random(7)
    for _ in range(2_000):
        text = phrase(rng)
        for written in (headers.text("Subject", text), headers.mailbox("Reply-To", text, "press-office@example.org")):
            lines = written.removesuffix("\r\n").split("\r\n")
            assert max(map(len, lines)) <= 78
            assert all(len(word) <= 75 for line in lines for word in line.split(" ") if word.startswith("=?"))


def test_plain_english_stays_readable_in_the_source() -> None:
    assert headers.text("Subject", "Inquiry received") == "Subject: Inquiry received\r\n"
    assert (
        headers.mailbox("From", "Liaison Office Belgrade", "press@example.org")
        == "From: Liaison Office Belgrade\r\n <press@example.org>\r\n"
    )


def test_identifiers_fold_only_at_spaces() -> None:
    page = "<https://example.org/en/unsubscribe/" + "t" * 120 + ">"
    written = headers.tokens("List-Unsubscribe", f"{page}, <mailto:stop@example.org>")
    assert written == f"List-Unsubscribe: {page},\r\n <mailto:stop@example.org>\r\n"


@pytest.mark.parametrize("bad", ["<https://example.org/š>", "a\r\nBcc: x@example.org", "", " a", "=?utf-8?q?a?="])
def test_m05_identifiers_hold_printable_ascii_only(bad: str) -> None:
    with pytest.raises(BadHeader):
        headers.tokens("List-Id", bad)


@pytest.mark.parametrize("name", ["Bcc: x", "", "X Y", "Sub\r\nject"])
def test_m05_a_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadHeader):
        headers.text(name, "x")
