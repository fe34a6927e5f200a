"""Publish and withdraw from the desk: the head of the file is rewritten, and the folder stays the only source.

Nothing is saved over a text that the editor has not seen: the form carries a fingerprint of the files
as they were shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.language import mark
from outreach.newsroom import files, frontmatter, localtime, reading
from outreach.newsroom.models import DocumentVersion

STALE = mark("The files have changed since you opened this page. Look at the new text, then decide again.")
FAULTY = mark("The files have faults. Mend them first: the list of documents names each line.")


def current_files(session: Session, document_id: str) -> dict[str, DocumentVersion]:
    """The current version of each language, with the file it came from; NotFound for none."""
    rows = session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document_id, DocumentVersion.is_current)
        .order_by(DocumentVersion.language)
    )
    found = {version.language: version for version in rows}
    if not found:
        raise NotFound(document_id)
    return found


def fingerprint(versions: Iterable[DocumentVersion]) -> str:
    """What the editor saw: changes with any byte of any of the document's files."""
    return _fingerprint({version.file: version.content_hash for version in versions})


def publish(
    session: Session,
    house: House,
    now: datetime,
    document_id: str,
    seen: str,
    languages: Iterable[str],
    embargo: datetime | None,
    actor_id: int | None,
) -> None:
    """Set these languages to published, from `embargo` on (None: at once). The next reading makes it public.

    Raises Conflict when the files are not the ones that were `seen`, or have faults.
    """
    texts = _seen_texts(session, house, document_id, seen)
    from_when = None if embargo is None else localtime.written(embargo, house.office.zone)
    entries = {"state": "published", "public_from": from_when, "withdrawn_reason": None}
    fresh = {file: (language, entries) for language, file in texts.items() if language in set(languages)}
    _save(house, fresh)
    audit.record(session, now, "document.published", f"document:{document_id}", actor_id, public_from=from_when)


def withdraw(
    session: Session,
    house: House,
    now: datetime,
    document_id: str,
    seen: str,
    reasons: Mapping[str, str],
    actor_id: int | None,
) -> None:
    """Take a document down, with its reason in each language; its page stays as a stub. Conflict as in `publish`."""
    texts = _seen_texts(session, house, document_id, seen)
    some_reason = next(iter(reasons.values()))
    fresh = {}
    for language, file in texts.items():
        words = " ".join(reasons.get(language, some_reason).split())
        entries = {"state": "withdrawn", "withdrawn_reason": json.dumps(words, ensure_ascii=False)}
        fresh[file] = (language, entries)
    _save(house, fresh)
    audit.record(session, now, "document.withdrawn", f"document:{document_id}", actor_id)


def _fingerprint(hashes: Mapping[str, str]) -> str:
    lines = "\n".join(f"{file} {content_hash}" for file, content_hash in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _seen_texts(session: Session, house: House, document_id: str, seen: str) -> dict[str, str]:
    """The document's file per language, when they still are what the editor saw."""
    versions = current_files(session, document_id)
    try:
        raw = {v.file: files.read(house.settings.content_dir, v.file) for v in versions.values()}
    except FileNotFoundError:
        raise Conflict("fingerprint", STALE) from None
    if _fingerprint({file: hashlib.sha256(data).hexdigest() for file, data in raw.items()}) != seen:
        good = all(reading.parse(v.file, v.language, raw[v.file], house.office).is_good for v in versions.values())
        raise Conflict("fingerprint", STALE if good else FAULTY)
    return {language: version.file for language, version in versions.items()}


def _save(house: House, entries: Mapping[str, tuple[str, Mapping[str, str | None]]]) -> None:
    """Rewrite all heads first, check them, and only then replace the files."""
    fresh = {}
    for file, (language, values) in entries.items():
        text = files.read(house.settings.content_dir, file).decode("utf-8-sig")
        fresh[file] = frontmatter.rewritten(text, values)
        if not reading.parse(file, language, fresh[file].encode(), house.office).is_good:
            raise Conflict("fingerprint", FAULTY)
    for file, text in fresh.items():
        files.replace(house.settings.content_dir, file, text)
