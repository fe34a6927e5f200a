"""Noting what became public: each public moment of a document once, when it really happened.

The dates in a file's head are its author's words and are never trusted for this: a file dated 09:00 that arrives at
11:00 became public at 11:00 (reliability.md D-12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.newsroom.heads import Change, Header
from outreach.newsroom.models import BASELINE, FIRST, HELD, NOTED, Document, Publication

MOST_IN_ONE_PASS = 10


@dataclass(frozen=True)
class Seen:
    """The published text of one language: its head, and when we first saw it."""

    language: str
    header: Header
    seen_at: datetime


def note(
    session: Session, now: datetime, public: Mapping[str, tuple[Document, list[Seen]]], is_baseline: bool
) -> list[Publication]:
    """Note what is new among the documents that are public at `now`; returns the new rows.

    `is_baseline`: nobody could have subscribed yet, so nothing of it is mailed. More than MOST_IN_ONE_PASS at once are
    held, so that a folder which appears late cannot mail everybody.
    """
    known = _known(session, public)
    fresh = [
        publication
        for document_id, (document, texts) in public.items()
        for publication in _new(document, texts, known.get(document_id, {}), now)
    ]
    to_mail = [p for p in fresh if p.state == NOTED]
    if is_baseline or len(to_mail) > MOST_IN_ONE_PASS:
        for publication in to_mail:
            publication.state = BASELINE if is_baseline else HELD
    session.add_all(fresh)
    session.flush()
    held = [p for p in fresh if p.state == HELD]
    if held:
        audit.record(session, now, "publications.held", "content", count=len(held), ids=[p.id for p in held])
    return fresh


def _known(session: Session, public: Mapping[str, object]) -> dict[str, dict[str, Publication]]:
    known: dict[str, dict[str, Publication]] = {}
    for publication in session.scalars(select(Publication).where(Publication.document_id.in_(list(public)))):
        known.setdefault(publication.document_id, {})[publication.key] = publication
    return known


def _new(
    document: Document, texts: list[Seen], known: Mapping[str, Publication], now: datetime
) -> Iterator[Publication]:
    if FIRST not in known:
        yield _row(document, FIRST, FIRST, NOTED, _public_at(document, texts, now), {})
    for key, by_language in _changes(texts).items():
        notes = {language: change.note for language, (change, _) in by_language.items()}
        if key in known:
            _complete(known[key], notes)
            continue
        change = next(iter(by_language.values()))[0]
        at = _public_at(document, [seen for _, seen in by_language.values()], now)
        # What was changed before the document was public at all is part of its first publication.
        state = NOTED if FIRST in known else BASELINE
        yield _row(document, key, change.kind, state, at, notes)


def _changes(texts: Iterable[Seen]) -> dict[str, dict[str, tuple[Change, Seen]]]:
    """Public changes by their key, in order of time, each with its wording per language."""
    found: dict[str, dict[str, tuple[Change, Seen]]] = {}
    for seen in texts:
        for change in seen.header.changes:
            if change.kind != "minor":
                found.setdefault(change.key, {})[seen.language] = (change, seen)
    return dict(sorted(found.items()))


def _public_at(document: Document, texts: Iterable[Seen], now: datetime) -> datetime:
    """When readers could first see it: at the end of the embargo, if we had the text by then; else when we saw it."""
    seen_at = min(seen.seen_at for seen in texts)
    return min(now, max(seen_at, document.public_from or seen_at))


def _row(document: Document, key: str, kind: str, state: str, at: datetime, notes: Mapping[str, str]) -> Publication:
    return Publication(
        document_id=document.id,
        key=key,
        kind=kind,
        state=state,
        public_at=at,
        note_en=notes.get("en"),
        note_sr=notes.get("sr"),
    )


def _complete(publication: Publication, notes: Mapping[str, str]) -> None:
    """A translation or a better wording of a note that is known; never a new publication."""
    publication.note_en = notes.get("en", publication.note_en)
    publication.note_sr = notes.get("sr", publication.note_sr)


def noted() -> Select[Publication]:
    """What digests may carry, oldest first: for joins."""
    return select(Publication).where(Publication.state == NOTED).order_by(Publication.public_at, Publication.id)


def eligible(session: Session, *topics: str) -> list[Publication]:
    """What digests may carry on these topics, oldest first; no topics means all."""
    rows = session.execute(noted().add_columns(Document.topics).join(Document, Document.id == Publication.document_id))
    return [publication for publication, own in rows if not topics or set(own) & set(topics)]


def held(session: Session) -> list[Publication]:
    return list(session.scalars(select(Publication).where(Publication.state == HELD).order_by(Publication.id)))


def decide_held(session: Session, now: datetime, is_released: bool, actor_id: int | None) -> int:
    """Let everything that is held into the digests, or keep it out of them for good; returns how many."""
    rows = held(session)
    for publication in rows:
        publication.state = NOTED if is_released else BASELINE
    if rows:
        action = "publications.released" if is_released else "publications.kept_back"
        audit.record(session, now, action, "content", actor_id, ids=[p.id for p in rows])
    return len(rows)
