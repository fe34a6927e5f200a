"""Loading the library from the database: the current versions, the publications, and where documents lay before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.newsroom import data_files, facts, reading
from outreach.newsroom.data_files import Data
from outreach.newsroom.files import FILE_NAME, page_path
from outreach.newsroom.models import Document, DocumentVersion, Publication
from outreach.newsroom.pages import Moment, Shelved, Text


@dataclass(frozen=True)
class Shelf:
    """Documents in order of path, the document of each publication, the id that an earlier path belonged to, and the
    figures and places that the texts name."""

    documents: tuple[Shelved, ...]
    by_publication: Mapping[int, Shelved]
    old_paths: Mapping[str, str]
    data: Data = field(default_factory=Data)


def load(session: Session, house: House) -> Shelf:
    """Everything the library holds; a document whose files are gone keeps its last texts, for its stub."""
    texts: dict[str, dict[str, Text]] = defaultdict(dict)
    last_texts: dict[str, dict[str, Text]] = defaultdict(dict)
    old_paths = {}
    data = data_files.read(data_files.kept(session))
    versions = select(DocumentVersion).where(DocumentVersion.is_current)
    for version in session.scalars(versions):
        _add(texts, version, house, data)
    gone = select(DocumentVersion).where(DocumentVersion.document_id.not_in(list(texts)), ~DocumentVersion.is_current)
    for version in session.scalars(gone.order_by(DocumentVersion.id)):
        _add(last_texts, version, house, data)
    for document_id, file in session.execute(select(DocumentVersion.document_id, DocumentVersion.file).distinct()):
        old_paths[_path(file)] = document_id
    moments: dict[str, list[Moment]] = defaultdict(list)
    for publication in session.scalars(select(Publication).order_by(Publication.public_at, Publication.id)):
        moments[publication.document_id].append(_moment(publication, data))
    documents = [
        _shelved(document, texts.get(document.id) or last_texts[document.id], moments[document.id], data)
        for document in session.scalars(select(Document).order_by(Document.path))
    ]
    by_publication = {moment.id: document for document in documents for moment in document.moments}
    return Shelf(tuple(documents), by_publication, old_paths, data)


def _add(texts: dict[str, dict[str, Text]], version: DocumentVersion, house: House, data: Data) -> None:
    """Add a version's text, its figures said; one that a stricter reader no longer understands is left out."""
    parsed = reading.parse_text(version.file, version.language, version.source, house.office.zone, None)
    header = parsed.header
    if header is None:
        return
    says = partial(data.facts.quoted, of=version.language)
    texts[version.document_id][version.language] = Text(
        language=version.language,
        header=replace(header, title=says(header.title), summary=says(header.summary)),
        body=says(parsed.body),
        # What is rendered from a text holds as long as the text and the figures do.
        content_hash=f"{version.content_hash} {data.facts.digest}" if "{{" in parsed.body else version.content_hash,
        file=version.file,
        seen_at=version.seen_at,
        quotes=facts.names_in(f"{header.title} {header.summary} {parsed.body}"),
    )


def _path(file: str) -> str:
    matched = FILE_NAME.fullmatch(file.rpartition("/")[2])
    folder = file.rpartition("/")[0]
    name = matched[1] if matched else file
    return page_path(f"{folder}/{name}" if folder else name)


def _moment(publication: Publication, data: Data) -> Moment:
    notes = {"en": publication.note_en, "sr": publication.note_sr}
    return Moment(
        publication.id,
        publication.key,
        publication.kind,
        publication.state,
        publication.public_at,
        {language: data.facts.quoted(note, language) for language, note in notes.items() if note},
    )


def _shelved(document: Document, texts: Mapping[str, Text], moments: list[Moment], data: Data) -> Shelved:
    return Shelved(
        id=document.id,
        kind=document.kind,
        path=document.path,
        state=document.state,
        topics=tuple(document.topics),
        public_from=document.public_from,
        withdrawn_at=document.withdrawn_at,
        texts=texts,
        moments=tuple(moments),
        data=data,
    )
