"""What left as files, read back for the person who runs the office on this machine."""

from __future__ import annotations

import email
import email.policy
import os
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import NotFound
from outreach.mail.models import OutboxEmail

LONGEST_LIST = 200
AT_ONCE = 500


@dataclass(frozen=True)
class Mail:
    """One mail as a reader sees it. `name`: its file without `.eml`."""

    name: str
    to: str
    sender: str
    subject: str
    dated_at: datetime | None
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    size: int


def latest(folder: Path) -> list[Mail]:
    """The newest mails first, at most 200."""
    files = sorted(folder.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    return [_read(file) for file in files[:LONGEST_LIST]]


def one(folder: Path, name: str) -> Mail:
    """The mail of this name; NotFound for a name that is not in the folder (F-18)."""
    file = next((file for file in folder.glob("*.eml") if file.stem == name), None)
    if file is None:
        raise NotFound("no such mail")
    return _read(file)


def forget(session: Session, folder: Path) -> None:
    """Delete the files of mails that were forgotten, and what a crash left of writing them (P-06)."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        while some := list(islice(entries, AT_ONCE)):
            names = {entry.name: entry.name.lstrip(".").rpartition(".")[0] for entry in some}
            forgotten = select(OutboxEmail.message_id).where(
                OutboxEmail.message_id.in_(set(names.values())), OutboxEmail.to_address == ""
            )
            gone = set(session.scalars(forgotten))
            for name in (name for name, message_id in names.items() if message_id in gone):
                (folder / name).unlink(missing_ok=True)


def _read(file: Path) -> Mail:
    raw = file.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    date = message["Date"]
    return Mail(
        name=file.stem,
        to=_decoded(message["To"]),
        sender=_decoded(message["From"]),
        subject=_decoded(message["Subject"]),
        dated_at=parsedate_to_datetime(date) if date else None,
        headers=tuple((name, _decoded(value)) for name, value in message.items()),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        size=len(raw),
    )


def _decoded(value: object) -> str:
    return str(make_header(decode_header("".join(str(value or "").splitlines()))))


def _part(message: Message, content_type: str) -> str:
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == content_type and isinstance(content, bytes):
            return "\n".join(line.rstrip() for line in content.decode("utf-8", "replace").splitlines())
    return ""
