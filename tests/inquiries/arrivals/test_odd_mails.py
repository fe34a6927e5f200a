"""Mails as nobody should write them: each is read as far as it goes, kept as text, and shown without a fault."""

from __future__ import annotations

import base64
import gzip
from typing import Any

import pytest

from outreach.mail.inbound import html_words, written
from outreach.serbian import fold
from tests.inquiries.arrivals.post import FORGED, Post, mail, parts
from tests.support.client import PageClient

TEXT = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
CYRILLIC = "Поштовани, колико је уништено?"


def nested(depth: int) -> dict[str, Any]:
    body, kind = parts((TEXT, "At the bottom"), edge="e0")
    for level in range(1, depth):
        body, kind = parts((f"Content-Type: {kind}", body), edge=f"e{level}")
    return {"words": body, "kind": kind}


def many(*given: tuple[str, bytes | str], kind: str = "mixed") -> dict[str, Any]:
    body, said = parts(*given, kind=kind)
    return {"words": body, "kind": said}


#: What each is written as, and words that must stand in the thread; None: it waits for a person, or has none.
MAILS: dict[str, tuple[dict[str, Any], str | None]] = {
    "windows-1251": ({"words": CYRILLIC.encode("cp1251"), "kind": "text/plain; charset=windows-1251"}, CYRILLIC),
    "windows-1250": ({"words": "Poštovani, šta je s đeramom?".encode("cp1250"), "kind": "text/plain; charset=windows-1250"}, "šta je s đeramom"),
    "koi8-r": ({"words": CYRILLIC.replace("ј", "й").encode("koi8-r", "replace"), "kind": "text/plain; charset=koi8-r"}, "колико"),
    "utf-16": ({"words": base64.b64encode(CYRILLIC.encode("utf-16")), "kind": "text/plain; charset=utf-16", "Content_Transfer_Encoding": "base64"}, CYRILLIC),
    "a charset nobody knows": ({"words": CYRILLIC, "kind": "text/plain; charset=x-klingon"}, CYRILLIC),
    "a charset that lies": ({"words": CYRILLIC.encode("cp1251"), "kind": "text/plain; charset=utf-8"}, "?"),
    "a charset that is no text": ({"words": CYRILLIC, "kind": "text/plain; charset=base64"}, None),
    "no charset": ({"words": CYRILLIC, "kind": "text/plain"}, CYRILLIC),
    "no body": ({"words": ""}, ""),
    "broken base64": ({"words": "not*base64=at all", "Content_Transfer_Encoding": "base64"}, None),
    "broken quoted-printable": ({"words": "a=ZZb =\nc", "Content_Transfer_Encoding": "quoted-printable"}, "a=ZZb c"),
    "only a file": (many((f'{TEXT}\nContent-Disposition: attachment; filename="a.txt"', "In the file")), ""),
    "HTML alone": ({"words": "<p>Who <b>pays</b>?</p><script>alert(1)</script>", "kind": "text/html; charset=utf-8"}, "Who pays?"),
    "HTML with an empty plain part": (many((TEXT, " "), (HTML, "<div>Who pays?</div>"), kind="alternative"), "Who pays?"),
    "plain before HTML": (many((TEXT, "The plain one"), (HTML, "<p>The other</p>"), kind="alternative"), "The plain one"),
    "HTML of ten thousand elements": ({"words": "<div>" * 10_000 + "Deep" + "<blockquote>" * 5_000, "kind": "text/html"}, "Deep"),
    "twenty levels": (nested(20), "At the bottom"),
    "five hundred levels": (nested(500), None),
    "a boundary that never comes": ({"words": "--other\n\nLost?", "kind": 'multipart/mixed; boundary="edge"'}, None),
    "a multipart without a boundary": ({"words": "Words", "kind": "multipart/mixed"}, None),
    "one megabyte of words": ({"words": "Колико? " * 75_000}, "Колико?"),
    "one line of half a megabyte": ({"words": "x" * 500_000}, "xxx"),
    "bidi and zero width": ({"words": "pay\u202eme\u200b \u2066now\u2069"}, "pay\u202eme\u200b"),
    "controls": ({"words": "a\x00b\x1b[31mc\x07\x85\u2028d"}, "ab[31mc"),
    "lone surrogates": ({"words": b"\xed\xa0\xbd\xff\xfe words"}, "words"),
    "markup": ({"words": "<script>alert(1)</script> {{7*7}} %s {0} ' OR 1=1 --"}, "<script>alert(1)</script> {{7*7}} %s {0}"),
    "a mail within a mail": (many((TEXT, "See below"), ("Content-Type: message/rfc822", mail("Secret inner words"))), "See below"),
    "a bomb": (many((TEXT, "Unpack me"), ('Content-Type: application/gzip\nContent-Disposition: attachment; filename="b.gz"', gzip.compress(b"\0" * 10**6))), "Unpack me"),
    "names that lie": (many((TEXT, "Files"), ('Content-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/passwd\u202etxt.exe"', "x")), "Files"),
    "many files": (many((TEXT, "Forty"), *[(f'Content-Type: text/plain\nContent-Disposition: attachment; filename="{n}.txt"', f"{n}") for n in range(40)]), "Forty"),
    "a subject in pieces": ({"words": "Hello", "subject": "=?utf-8?b?0J/QuNGC0LDRmtC1?= =?x-none?q?=ff?= =?utf-8?q?broken"}, "Hello"),
    "a subject of eight-bit bytes": ({"words": "Hello", "subject": "Питање \udcff".encode("utf-8", "surrogateescape").decode("latin-1")}, "Hello"),
    "the headers twice": ({"words": "Hello", "Subject": "First", "To": "x@example.org", "Content_Type": "text/html"}, None),
    "a header of a megabyte": ({"words": "Hello", "References": "<" + "a" * 10**6 + "@x>"}, "Hello"),
    "ten thousand references": ({"words": "Hello", "References": " ".join(f"<{n}@x.example>" for n in range(10_000))}, "Hello"),
    "text with a broken file": (many((TEXT, "Hello"), ('Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a.png"', "====")), "Hello"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_f13_f14_every_odd_mail_is_kept_as_far_as_it_can_be_read_and_shown(
    post: Post, reference: str, officer: PageClient, name: str
) -> None:
    given, expected = MAILS[name]
    post.arrives(mail(to=post.address_of(reference), **given))
    page = officer.get(f"/desk/inquiries/{reference}")
    assert page.status_code == 200
    assert officer.get("/desk/inbound").status_code == 200
    assert officer.get("/desk/").status_code == 200
    assert post.outcome()[0] in ("settled", "unmatched")
    if expected is not None:
        words = next(message for message in post.messages(reference) if message.direction == "in")
        assert expected in words.body.replace("�", "?")
        assert post.outcome() == ("settled", "taken in")


@pytest.mark.parametrize("name", MAILS)
def test_f13_f14_every_odd_mail_of_a_stranger_waits_and_can_begin_an_inquiry(
    post: Post, officer: PageClient, name: str
) -> None:
    given, _ = MAILS[name]
    post.arrives(mail(to=FORGED, **given))
    page = officer.get("/desk/inbound")
    assert page.soup.main.find(["script", "iframe", "img"]) is None  # type: ignore[union-attr]
    row = post.rows()[-1]
    if post.outcome()[0] == "settled":
        return
    done = officer.submit(page, action=f"/desk/inbound/{row.id}/begin")
    assert done.status_code in (200, 422)
    assert post.count() == (done.status_code == 200)


def test_f14_unseen_characters_are_written_out_for_the_desk(post: Post, reference: str, officer: PageClient) -> None:
    post.arrives(mail(to=post.address_of(reference), **MAILS["bidi and zero width"][0]))
    assert "pay[U+202E]me[U+200B] [U+2066]now[U+2069]" in officer.get(f"/desk/inquiries/{reference}").words
    post.arrives(mail("Hello\u202e", to=FORGED, sender="x@example.org", subject="Pay\u200bment"))
    words = officer.get("/desk/inbound").words
    assert "Hello[U+202E]" in words
    assert "Pay[U+200B]ment" in words


def test_a_subject_in_bytes_that_nobody_encoded_is_read() -> None:
    assert written.read(mail("Hello", subject="Питање за вас")).subject == "Питање за вас"
    read = written.read(mail("Hello", sender="Новинар <reporter@example.org>"))
    assert (read.name, read.sender) == ("Новинар", "reporter@example.org")


def test_what_html_cites_is_marked_and_links_are_said() -> None:
    html = """<style>p {}</style><p>Dear&nbsp;office,<br>see <a href="https://example.org/a?b&amp;c">this</a> 3 &lt; 4</p>
      <ul><li>one<li>two</ul><!-- <p>hidden</p> --><div>On 25 Nov 2025, Press wrote:</div><blockquote><p>We have it.</p></blockquote>"""
    assert html_words.words_of(html) == (
        "Dear office,\nsee this <https://example.org/a?b&c> 3 < 4\n\n- one\n- two\n\nOn 25 Nov 2025, Press wrote:\n> We have it.\n>"
    )


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<b>",
        "<!--",
        '<a href="',
        "<",
        "<p a ",
        "<![CDATA[",
        "<script>",
        "</a>",
        "<a>x",
        "&#",
        "<pre>\n",
        "<blockquote>x",
        '<a href="https://x">y',
    ],
)
def test_s_html_that_never_ends_is_read_in_a_moment(piece: str) -> None:
    import time

    begun = time.process_time()
    html_words.words_of(piece * (1_000_000 // len(piece)))
    assert time.process_time() - begun < 15


def test_a_long_mail_is_cut_and_says_so() -> None:
    said = written.read(mail("Колико? " * 75_000)).text
    assert len(said) < 201_000
    assert said.endswith("[…]")


def test_the_words_of_a_mail_within_a_mail_are_not_the_journalists() -> None:
    read = written.read(mail(**MAILS["a mail within a mail"][0]))
    assert read.text.strip() == "See below"
    assert [file.name for file in read.files] == ["message.rfc822"]
    assert b"Secret inner words" in read.files[0].content
    assert fold(read.subject)
