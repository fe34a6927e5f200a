"""Files that belong to an inquiry: a row each, and the bytes beside the rows.

What waits below a form's nonce becomes part of an inquiry by one rename within the transaction that writes the row. A
transaction that fails puts it back to wait, so that the form that is shown again still has it; what a killed process
leaves without a row is swept (`jobs`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, event, func, or_, select
from sqlalchemy.orm import Session

from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries.files import waiting
from outreach.inquiries.files.models import StoredFile
from outreach.inquiries.models import IN, OUT, Inquiry, InquiryMessage
from outreach.language import mark
from outreach.mail.outbox import Attachment

FORM, MAIL, DESK = "form", "mail", "desk"
GONE = mark("A ticked file cannot be read any more. Take its tick away, then send")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}


def brings_more(session: Session, house: House, inquiry: Inquiry, nonce: str) -> bool:
    """Whether a file waits below this nonce that the inquiry has not got."""
    brought = {file.sha256 for file in waiting.of(house, nonce)}
    return bool(brought) and not brought <= {file.sha256 for file in every(session, inquiry)}


def keep(
    session: Session, house: House, now: datetime, inquiry: Inquiry, nonce: str, origin: str = FORM,
    message: InquiryMessage | None = None, actor_id: int | None = None,
) -> list[StoredFile]:  # fmt: skip
    """Make what waits below this nonce part of the inquiry, or of a message of it; what it has is not taken twice.

    The new rows, in order. The inquiry (and the message) must have been flushed.
    """
    kept: list[StoredFile] = []
    brought = waiting.of(house, nonce)
    if not brought:
        return kept
    known = {file.sha256 for file in every(session, inquiry)}
    for file in brought:
        if file.sha256 in known:
            _when_sure(session, waiting.folder_of(house, nonce) / file.key)
            continue
        if not _move(session, house, now, nonce, file.key):
            continue
        row = StoredFile(
            key=file.key, inquiry_id=inquiry.id, message_id=message.id if message else None, name=file.name,
            kind=file.kind, size=file.size, sha256=file.sha256, origin=origin, at=now, added_by_id=actor_id,
        )  # fmt: skip
        session.add(row)
        kept.append(row)
    session.flush()
    return kept


def attachments(house: House, files: Iterable[StoredFile]) -> list[Attachment]:
    """The files as they go with a mail. Raises ``Conflict`` for one whose bytes are gone."""
    try:
        return [
            Attachment(file.name, MEDIA_TYPES[file.kind], waiting.place(house, file.key).read_bytes()) for file in files
        ]
    except OSError:
        raise Conflict("files", GONE) from None


def drop(session: Session, house: House, inquiry: Inquiry, keys: Iterable[str]) -> None:
    """Remove files from an inquiry: the rows now, the bytes once that is certain."""
    wanted = set(keys)
    if not wanted:
        return
    for row in every(session, inquiry):
        if row.key in wanted:
            session.delete(row)
            _when_sure(session, waiting.place(house, row.key))
    session.flush()


def every(session: Session, inquiry: Inquiry) -> list[StoredFile]:
    """All files of an inquiry, theirs and ours, in order."""
    return list(session.scalars(select(StoredFile).where(StoredFile.inquiry_id == inquiry.id).order_by(StoredFile.id)))


def for_journalist(session: Session, inquiry: Inquiry, now: datetime) -> list[StoredFile]:
    """Those that its journalist may see: what they sent, and what has left with our words."""
    has_left = and_(
        InquiryMessage.direction == OUT,
        InquiryMessage.undone_at.is_(None),
        or_(InquiryMessage.leaves_at.is_(None), InquiryMessage.leaves_at <= now),
    )
    theirs = or_(InquiryMessage.direction == IN, and_(StoredFile.message_id.is_(None), StoredFile.origin != DESK))
    found = select(StoredFile).join(InquiryMessage, StoredFile.message_id == InquiryMessage.id, isouter=True)
    mine = found.where(StoredFile.inquiry_id == inquiry.id, or_(theirs, has_left))
    return list(session.scalars(mine.order_by(StoredFile.id)))


def used(session: Session, house: House) -> int:
    """The bytes of all files, kept and waiting."""
    return int(session.scalar(select(func.sum(StoredFile.size))) or 0) + waiting.size(house)


def _move(session: Session, house: House, now: datetime, nonce: str, key: str) -> bool:
    """Rename a waiting file into its place until the transaction ends; False when another request was faster."""
    source, target = waiting.folder_of(house, nonce) / key, waiting.place(house, key)
    try:
        os.rename(source, target)
    except FileNotFoundError:
        return False
    os.utime(target, (now.timestamp(), now.timestamp()))  # from now on the sweep waits for its row
    _settle(target.parent)

    def back(_session: Session) -> None:
        source.parent.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            os.rename(target, source)

    def sure(_session: Session) -> None:
        event.remove(session, "after_rollback", back)
        waiting.forget(source)

    event.listen(session, "after_rollback", back)
    event.listen(session, "after_commit", sure)
    return True


def _settle(folder: Path) -> None:
    """The names in a folder are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _when_sure(session: Session, path: Path) -> None:
    event.listen(session, "after_commit", lambda _session: waiting.forget(path), once=True)
