"""A file is what its content is; what lies about that, or is two things, is nothing that we take."""

from __future__ import annotations

import contextlib
import struct
import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inquiries.files import kinds, names, taking
from outreach.inquiries.files.taking import FileRefused
from tests.inquiries.files.conftest import PDF, SAMPLES, TXT, archive, docx, jpg, odt, png


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_is_known_by_its_content_whatever_it_is_called(kind: str) -> None:
    wrong_name = "note.txt" if kind == "txt" else "holiday.exe"
    assert kinds.kind_of(SAMPLES[kind], wrong_name) == kind


LIARS = {
    "a page called a picture": (b"<!DOCTYPE html><script>alert(1)</script>", "photo.png"),
    "an SVG called a picture": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "photo.png"),
    "a page called a text": (b"  <html><body>hello</body></html>", "note.txt"),
    "a page in UTF-16": ("<script>alert(1)</script>".encode("utf-16"), "note.txt"),
    "a script called a text": (b"#!/bin/sh\nrm -rf ~\n", "note.txt"),
    "a script by its own name": (b"WScript.Echo(1)", "note.js"),
    "a batch file": (b"@echo off\r\ndel *.*\r\n", "note.bat"),
    "a program for Windows": (b"MZ\x90\x00\x03\x00\x00\x00PE\x00\x00", "note.pdf"),
    "a program for Linux": (b"\x7fELF\x02\x01\x01" + bytes(9), "note.pdf"),
    "an archive called DOCX": (archive({"a.txt": b"a"}), "note.docx"),
    "a workbook called DOCX": (archive({"[Content_Types].xml": b"spreadsheetml", "xl/workbook.xml": b""}), "note.docx"),
    "a document with a macro": (docx({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "note.docx"),
    "a macro document by its type": (docx(kind="application/vnd.ms-word.document.macroEnabled.main+xml"), "note.docx"),
    "a document with a program": (docx({"word/embeddings/run.exe": b"MZ"}), "note.docx"),
    "a document that leads outside": (docx({"../../etc/passwd": b"x"}), "note.docx"),
    "a document and an archive of Java": (docx({"a.class": b"\xca\xfe\xba\xbe"}), "note.docx"),
    "something before the archive": (b"PK\x03\x04junk" + docx(), "note.docx"),
    "something behind the archive": (docx() + b"<script>alert(1)</script>", "note.docx"),
    "a PDF that is an archive": (PDF + archive({"a.txt": b"a"}), "note.pdf"),
    "a PDF that is a page": (b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF", "note.pdf"),
    "a PDF without an end": (b"%PDF-1.7\nhalf", "note.pdf"),
    "a PDF that begins late": (b"hello\n" + PDF, "note.pdf"),
    "a picture that is an archive": (jpg() + archive({"a.txt": b"a"}), "photo.jpg"),
    "a picture that is a PDF": (jpg(comment=PDF), "photo.jpg"),
    "a picture that is a page": (jpg(comment=b"<script>alert(1)</script>"), "photo.jpg"),
    "half a picture": (jpg()[:400], "photo.jpg"),
    "the mark of a picture alone": (b"\x89PNG\r\n\x1a\n" + bytes(40), "photo.png"),
    "a picture of a kind we do not take": (b"GIF89a" + bytes(20), "photo.gif"),
    "rich text called a text": (rb"{\rtf1 hello}", "note.txt"),
    "a broken archive": (docx()[:60], "note.docx"),
}  # fmt: skip


@pytest.mark.parametrize("liar", LIARS)
def test_what_lies_about_itself_is_refused_with_a_sentence(liar: str) -> None:
    content, name = LIARS[liar]
    with pytest.raises(FileRefused) as refused:
        taking.take(name, BytesIO(content))
    assert refused.value.message == taking.WRONG_KIND


def test_a_bomb_is_known_by_its_directory_and_never_unpacked() -> None:
    bomb = docx({"word/media/image1.xml": bytes(30 * 1024 * 1024)})
    assert len(bomb) < 50_000
    begun = time.process_time()
    assert kinds.kind_of(bomb, "note.docx") is None
    assert time.process_time() - begun < 1
    assert kinds.kind_of(docx({f"word/{n}.xml": b"" for n in range(2001)}), "note.docx") is None


def test_a_directory_that_says_the_member_is_small_does_not_make_us_unpack_it() -> None:
    honest = docx({"word/big.xml": bytes(5_000_000)})
    lying = honest.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 10))
    assert kinds.kind_of(lying, "note.docx") in ("docx", None)  # looked at, not read: no error and no five megabytes


@pytest.mark.parametrize(
    "text", [TXT, "Šta kažete? čćžšđ".encode("cp1250"), "Ћирилица".encode("utf-16"), b"a\tb\r\n\x0c"]
)
def test_a_text_is_one_in_any_encoding_that_is_used_here(text: bytes) -> None:
    assert kinds.kind_of(text, "pitanja.txt") == "txt"


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.7", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
)
def test_any_bytes_are_taken_or_refused_quietly(content: bytes, mark: bytes) -> None:
    with contextlib.suppress(FileRefused):
        taking.take("x.txt", BytesIO(mark + content))


def test_the_size_has_a_bound_and_nothing_is_no_file() -> None:
    with pytest.raises(FileRefused) as refused:
        taking.take("a.txt", BytesIO(b"a" * taking.BIGGEST))
    assert refused.value.message == taking.TOO_BIG
    assert taking.take("a.txt", BytesIO(b"a" * (taking.BIGGEST - 1))).kind == "txt"
    with pytest.raises(FileRefused) as refused:
        taking.take("a.txt", BytesIO(b""))
    assert refused.value.message == taking.EMPTY


NAMES = {
    ("Note.PDF", "pdf"): "Note.PDF",
    ("C:\\fakepath\\Питања 2.docx", "docx"): "Питања 2.docx",
    ("../../etc/passwd", "txt"): "passwd.txt",
    ("photo.png", "jpg"): "photo.jpg",
    ("photo.jpeg", "jpg"): "photo.jpeg",
    ("invoice\u202egnp.exe", "png"): "invoicegnp.exe.png",
    ("a\r\nSet-Cookie: x.pdf", "pdf"): "a Set-Cookie_ x.pdf",
    ('q"u;o.pdf', "pdf"): "q_u;o.pdf",
    ("", "pdf"): "file.pdf",
    (".pdf", "pdf"): "pdf.pdf",
    ("\x00", "txt"): "file.txt",
    ("x" * 300 + ".pdf", "pdf"): "x" * 120 + ".pdf",
    ("report.v2", "odt"): "report.v2.odt",
}  # fmt: skip


@pytest.mark.parametrize("given_name", NAMES)
def test_a_name_is_for_people_and_ends_as_the_content_is(given_name: tuple[str, str]) -> None:
    assert names.shown(*given_name) == NAMES[given_name]


@given(st.text(), st.sampled_from(sorted(SAMPLES)))
def test_any_name_becomes_one_that_any_system_takes(name: str, kind: str) -> None:
    shown = names.shown(name, kind)
    assert 0 < len(shown) <= 130
    assert not set(shown) & set('/\\:*?"<>|\r\n\0')
    assert names.shown(shown, kind) == shown


def test_the_samples_are_what_they_say() -> None:
    assert odt()[30:38] == b"mimetype"
    assert png()[:4] == b"\x89PNG"
