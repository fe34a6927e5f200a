"""What the desk's list of documents and a document's history show, ready for a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import NotFound
from outreach.language import Variant
from outreach.newsroom import reading
from outreach.newsroom.library import Library
from outreach.newsroom.models import FIRST, ContentFault, Document, DocumentVersion, Publication


@dataclass(frozen=True)
class Row:
    """One document on the desk. `state` is draft, embargoed, published, withdrawn or gone; `files` by language."""

    id: str
    kind: str
    path: str
    title: str
    lang: str
    state: str
    public_from: datetime | None
    public_at: datetime | None
    files: dict[str, str]
    unpublished: tuple[str, ...]
    faults: tuple[ContentFault, ...]


def documents(session: Session, shelf: Library, variant: Variant, now: datetime) -> list[Row]:
    """All documents, drafts and updates first, each with its files and what is wrong with them."""
    files: dict[str, dict[str, str]] = {}
    for document_id, language, file in session.execute(
        select(DocumentVersion.document_id, DocumentVersion.language, DocumentVersion.file)
        .where(DocumentVersion.is_current)
        .order_by(DocumentVersion.language)
    ):
        files.setdefault(document_id, {})[language] = file
    first_rows = session.execute(select(Publication.document_id, Publication.public_at).where(Publication.key == FIRST))
    firsts = {document_id: public_at for document_id, public_at in first_rows}
    found = faults(session)
    rows = [
        _row(document, files.get(document.id, {}), firsts.get(document.id), found, shelf, variant, now)
        for document in session.scalars(select(Document).order_by(Document.path))
    ]
    return sorted(rows, key=lambda row: (row.state != "draft", row.kind != "update", row.path))


def faults(session: Session) -> list[ContentFault]:
    """Every fault and note of the last reading, in order of file and line."""
    return list(session.scalars(select(ContentFault).order_by(ContentFault.file, ContentFault.line, ContentFault.id)))


@dataclass(frozen=True)
class Version:
    """One text that stood on a public page, from when on; `is_current`: it stands there now."""

    language: str
    public_at: datetime
    is_first: bool
    is_current: bool


def versions(session: Session, document_id: str, zone: ZoneInfo, now: datetime) -> list[Version]:
    """The texts of a document that readers could see, latest first; nothing of a draft or of a text under embargo."""
    first = session.scalar(
        select(Publication.public_at).where(Publication.document_id == document_id, Publication.key == FIRST)
    )
    kept = select(DocumentVersion).where(DocumentVersion.document_id == document_id).order_by(DocumentVersion.id)
    texts: dict[str, list[DocumentVersion]] = {}
    for version in session.scalars(kept):
        texts.setdefault(version.language, []).append(version)
    found = [one for of in texts.values() for one in _public_texts(of, first, zone, now)] if first else []
    return sorted(found, key=lambda version: (version.public_at, version.language), reverse=True)


def _public_texts(texts: list[DocumentVersion], first: datetime, zone: ZoneInfo, now: datetime) -> Iterator[Version]:
    """Those of one language, in order. A text that was replaced before readers could see it never stood there; one
    whose file only moved is the same text."""
    shown = ""
    for version, following in zip_longest(texts, texts[1:]):
        header = reading.parse_text(version.file, version.language, version.source, zone, None).header
        if header is None or header.state != "published":
            continue
        at = max(version.seen_at, header.public_from or first, first)
        if at > now or (following is not None and following.seen_at <= at) or version.content_hash == shown:
            continue
        yield Version(version.language, at, is_first=not shown, is_current=version.is_current)
        shown = version.content_hash


def _row(
    document: Document,
    files: dict[str, str],
    public_at: datetime | None,
    found: list[ContentFault],
    shelf: Library,
    variant: Variant,
    now: datetime,
) -> Row:
    try:
        page = shelf.preview(document.id, variant)
        title, lang = page.item.title, page.item.lang
    except NotFound:
        title, lang = document.path, variant.lang
    is_waiting = document.state == "published" and not document.is_public(now)
    return Row(
        id=document.id,
        kind=document.kind,
        path=document.path,
        title=title,
        lang=lang,
        state="embargoed" if is_waiting else document.state,
        public_from=document.public_from,
        public_at=public_at,
        files=files,
        unpublished=shelf.unpublished(document.id),
        faults=tuple(fault for fault in found if fault.file in files.values()),
    )
