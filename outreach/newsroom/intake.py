"""Reading the content folder: new texts become versions, public moments are noted, faults are reported, all at once.

A broken file changes nothing: its last good version stays. Reading twice is safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.language import mark
from outreach.mail import outbox
from outreach.newsroom import checks, data_files, files, publications, reading, together
from outreach.newsroom.faults import Fault
from outreach.newsroom.heads import Header
from outreach.newsroom.models import HELD, ContentFault, Document, DocumentVersion, Generation, Publication
from outreach.newsroom.publications import Seen
from outreach.newsroom.together import Good


@dataclass(frozen=True)
class Report:
    """What one reading found: files whose text is new, publications by id, and the generation after it.

    `faults` keep a text out, `notes` are for the editor to look at.
    """

    read: int = 0
    changed: tuple[str, ...] = ()
    noted: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    is_baseline: bool = False
    generation: int = 0


@dataclass(frozen=True)
class _Reading:
    """A folder as read: its good texts and data files, everything that is wrong, and when a review falls due next."""

    folder: files.Folder
    good_data: Mapping[str, str]
    good: list[Good]
    faults: list[Fault]
    next_review: datetime | None


@dataclass
class _Texts:
    """The current version of each document and language, and the files that a fault keeps as they were."""

    current: dict[tuple[str, str], DocumentVersion]
    changed: list[str] = field(default_factory=list)


def is_stale(session: Session, house: House, now: datetime) -> bool:
    """Whether a reading would find anything: the folder is another one, an embargo has lifted, a review falls due."""
    row = session.get(Generation, 1)
    if row is None or (row.next_change_at is not None and row.next_change_at <= now):
        return True
    return files.scan(house.settings.content_dir).digest != row.folder_hash


def check(house: House, now: datetime) -> tuple[int, list[Fault]]:
    """How many files there are and everything that is wrong with them, in order; touches no database."""
    read = _read_folder(house, {}, now)
    unread = read.folder.data.keys() - read.good_data.keys()
    return len(read.folder.found), [fault for fault in read.faults if not together.follows(fault, unread)]


def read_content(session: Session, house: House, now: datetime, author_id: int | None = None) -> Report:
    """Bring the database up to the folder, in one transaction; `author_id` signs the versions that are new.

    The folder is read after the generation row is locked, so that two readers cannot set each other back.
    """
    row = _locked_generation(session)
    read = _read_folder(house, data_files.kept(session), now)
    folder, good, faults = read.folder, read.good, read.faults
    is_other_data = bool(data_files.take(session, now, read.good_data))
    documents = {d.id: d for d in session.scalars(select(Document))}
    if not folder.found and documents:
        lost = Fault("", 1, mark("The content folder has no documents: not mounted? Nothing was changed."))
        row.folder_hash = folder.digest
        _keep_faults(session, [lost])
        return Report(faults=(lost,), generation=row.number)
    texts = _take(session, good, now, author_id, documents)
    _retire(texts, good, folder, faults)
    was_public = [d for d in documents.values() if d.is_public(now)]
    was = [(d.id, d.state, d.public_from, d.topics) for d in documents.values()]
    public = _settle(documents, texts, house, now)
    is_other = was != [(d.id, d.state, d.public_from, d.topics) for d in documents.values()]
    session.flush()  # documents are locked before digests are halted, never the other way round
    for document in was_public:
        if not document.is_public(now):
            outbox.halt(session, f"document:{document.id}", now)
    is_baseline = row.baseline_at is None
    fresh = publications.note(session, now, public, is_baseline)
    if is_baseline and folder.found:
        row.baseline_at = now
    if texts.changed or fresh or is_other or is_other_data:
        row.number += 1
    row.folder_hash = folder.digest
    row.next_change_at = _next_change(documents.values(), read.next_review, now)
    _keep_faults(session, faults)
    return _report(row, folder, texts, fresh, faults, is_baseline)


def _report(
    row: Generation,
    folder: files.Folder,
    texts: _Texts,
    fresh: list[Publication],
    faults: list[Fault],
    is_baseline: bool,
) -> Report:
    return Report(
        read=len(folder.found),
        changed=tuple(texts.changed),
        noted=tuple(p.id for p in fresh if p.state != HELD),
        held=tuple(p.id for p in fresh if p.state == HELD),
        faults=tuple(fault for fault in faults if fault.is_blocking),
        notes=tuple(fault for fault in faults if not fault.is_blocking),
        is_baseline=is_baseline,
        generation=row.number,
    )


def _locked_generation(session: Session) -> Generation:
    row = session.get(Generation, 1, with_for_update=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = Generation(id=1, number=0, folder_hash="")
            session.add(row)
    except IntegrityError:  # another process made it first
        row = session.get_one(Generation, 1, with_for_update=True)
    return row


def _read_folder(house: House, kept: Mapping[str, str], now: datetime) -> _Reading:
    """Read every file; `kept` are the last good texts of the data files, for those that are broken now."""
    folder = files.scan(house.settings.content_dir)
    good_data, in_data = data_files.check(folder)
    data = data_files.read({**kept, **good_data})
    faults = [*folder.faults, *in_data]
    candidates = []
    for found in folder.found:
        parsed = reading.parse(found.file, found.language, found.raw, house.office)
        faults += parsed.faults
        if parsed.header is not None and parsed.is_good:
            candidates.append(Good(found, parsed.text, parsed.header, parsed.prose))
    good, between = together.check(candidates, data)
    notes = checks.notes(folder, good, data.facts, now, house.office.zone)
    next_review = checks.next_review(good, data.facts, now, house.office.zone)
    return _Reading(folder, good_data, good, _in_order([*faults, *between, *notes]), next_review)


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    """By file and line, each once."""
    once = {str(fault): fault for fault in faults}
    return sorted(once.values(), key=lambda fault: (fault.path, fault.line))


def _take(
    session: Session, good: list[Good], now: datetime, author_id: int | None, documents: dict[str, Document]
) -> _Texts:
    """Keep every text that is new as a version, and make it the current one."""
    rows = session.scalars(select(DocumentVersion).where(DocumentVersion.is_current))
    texts = _Texts({(v.document_id, v.language): v for v in rows})
    for one in good:
        found, document_id = one.found, one.header.id
        document = documents.get(document_id)
        if document is None:
            document = documents[document_id] = Document(id=document_id, state="draft", topics=[], seen_at=now)
            session.add(document)
        document.path, document.kind = found.path, one.header.kind
        old = texts.current.get((document_id, found.language))
        if old is not None and (old.content_hash, old.file) == (found.content_hash, found.file):
            continue
        if old is not None:
            old.is_current = False
        session.flush()  # the old one must leave its place first
        texts.current[document_id, found.language] = version = _version(one, now, author_id)
        session.add(version)
        texts.changed.append(found.file)
    return texts


def _version(one: Good, now: datetime, author_id: int | None) -> DocumentVersion:
    return DocumentVersion(
        document_id=one.header.id,
        language=one.found.language,
        file=one.found.file,
        content_hash=one.found.content_hash,
        source=one.text,
        author_id=author_id,
        seen_at=now,
        is_current=True,
    )


def _retire(texts: _Texts, good: list[Good], folder: files.Folder, faults: list[Fault]) -> None:
    """A text whose file is gone is no longer current. With a faulty newcomer about it may only have moved: it stays."""
    faulty = {fault.path for fault in faults if fault.is_blocking}
    files_known = {version.file for version in texts.current.values()}
    if faulty - files_known:
        return
    here = {(one.header.id, one.found.language) for one in good}
    for key, version in list(texts.current.items()):
        if key not in here and version.file not in faulty:
            version.is_current = False
            texts.changed.append(version.file)
            del texts.current[key]


def _settle(
    documents: dict[str, Document], texts: _Texts, house: House, now: datetime
) -> dict[str, tuple[Document, list[Seen]]]:
    """Write on each document what its current texts say; returns those that are public, with their published texts."""
    seen: dict[str, list[Seen]] = {document_id: [] for document_id in documents}
    for (document_id, language), version in sorted(texts.current.items()):
        header = reading.parse_text(version.file, language, version.source, house.office.zone, None).header
        if header is not None:
            seen[document_id].append(Seen(language, header, version.seen_at))
    public = {}
    for document_id, document in documents.items():
        _settle_one(document, [s.header for s in seen[document_id]], house, now)
        published = [s for s in seen[document_id] if s.header.state == "published"]
        if document.is_public(now) and published:
            public[document_id] = (document, published)
    return public


def _settle_one(document: Document, headers: list[Header], house: House, now: datetime) -> None:
    states = {header.state for header in headers}
    order = ("withdrawn", "published", "draft")
    state = next((s for s in order if s in states), "gone")
    if state == "withdrawn" and document.state != "withdrawn":
        document.withdrawn_at = now
    elif state != "withdrawn":
        document.withdrawn_at = None
    document.state = state
    embargoes = [h.public_from for h in headers if h.state == "published" and h.public_from]
    document.public_from = max(embargoes, default=None)
    said = {topic for header in headers for topic in header.topics}
    topics = [topic.id for topic in house.office.topics if topic.id in said]
    if headers:
        document.topics = topics
        document.is_urgent = any(header.is_urgent for header in headers)


def _next_change(documents: Iterable[Document], next_review: datetime | None, now: datetime) -> datetime | None:
    waiting = [d.public_from for d in documents if d.state == "published" and d.public_from and d.public_from > now]
    return min([*waiting, *([next_review] if next_review else [])], default=None)


def _keep_faults(session: Session, faults: Iterable[Fault]) -> None:
    session.execute(delete(ContentFault))
    session.add_all(
        ContentFault(file=f.path, line=f.line, message=f.message, detail=dict(f.values), is_blocking=f.is_blocking)
        for f in faults
    )
