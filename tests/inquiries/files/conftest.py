"""Files of every kind, made here, and a journalist who attaches them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import select

from outreach.inquiries.files.models import StoredFile
from tests.inquiries.conftest import TUESDAY, TYPED
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TXT = "Питања за Канцеларију: колико је уништено?".encode()


def archive(members: dict[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(more: dict[str, bytes] | None = None, kind: str = WORD) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'.encode()
    return archive({"[Content_Types].xml": types, "word/document.xml": b"<w:document/>", **(more or {})})


def odt() -> bytes:
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office:document/>"})


def jpg(**save: Any) -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG", **save)
    return out.getvalue()


def png(**save: Any) -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").save(out, "PNG", **save)
    return out.getvalue()


def told(*words: str) -> PngImagePlugin.PngInfo:
    """PNG chunks that say something."""
    chunks = PngImagePlugin.PngInfo()
    for word in words:
        chunks.add_text("Comment", word)
        chunks.add_itxt("XML:com.adobe.xmp", word)
    return chunks


SAMPLES = {"pdf": PDF, "docx": docx(), "odt": odt(), "jpg": jpg(), "png": png(), "txt": TXT}


def sample(kind: str, name: str | None = None) -> tuple[BytesIO, str]:
    return BytesIO(SAMPLES[kind]), name or f"note.{kind}"


def rows(house: Any) -> list[StoredFile]:
    with house.db.read() as session:
        return list(session.scalars(select(StoredFile).order_by(StoredFile.id)))


def on_disk(house: Any, waiting: bool = False) -> list[Path]:
    """What lies in the folder: what is kept, or what waits (without what is written down about it)."""
    root = house.settings.files_folder
    found = root.glob("waiting/*/*") if waiting else root.glob("*")
    return sorted(path for path in found if path.is_file() and path.suffix != ".json")


@pytest.fixture
def form(client: PageClient, moment: Moment) -> Callable[..., Page]:
    """form("lat"): the empty form, opened on a Tuesday morning twenty seconds ago."""

    def opened(variant: str = "en") -> Page:
        moment.is_at(TUESDAY)
        page = client.get(f"/{variant}/media/inquiry")
        moment.moves(seconds=20)
        return page  # type: ignore[return-value]

    return opened


@pytest.fixture
def send(client: PageClient) -> Callable[..., Page]:
    """send(page, files=[sample("pdf")], name=""): fills in the form of a page and sends it."""
    return lambda page, **changes: client.submit(page, **{**TYPED, **changes})
