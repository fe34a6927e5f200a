"""What the desk's list of documents shows, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import NotFound
from outreach.language import Variant
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
