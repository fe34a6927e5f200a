"""The store of shared blocks: a text that stands in ten thousand mails is encoded once and kept once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.mail.message import Segment, encode_block
from outreach.mail.models import MailBlock

Pieces = list[list[str]]


def keep(session: Session, now: datetime, segments: list[Segment], encoding: str) -> Pieces:
    """Store what is shared and not there yet; returns the part as ["block", hash] and ["own", text]."""
    shared = {_hash(s.text, encoding): s.text for s in segments if s.shared}
    known = set(session.scalars(select(MailBlock.hash).where(MailBlock.hash.in_(shared))))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for key in sorted(shared.keys() - known):
        values = {"hash": key, "encoding": encoding, "body": encode_block(shared[key], encoding), "created_at": now}
        session.execute(insert(MailBlock).values(values).on_conflict_do_nothing())
    return [["block", _hash(s.text, encoding)] if s.shared else ["own", s.text] for s in segments]


def bodies(session: Session, encoding: str, *parts: Pieces) -> list[bytes]:
    """Each part as encoded bytes; KeyError when a block is gone."""
    wanted = {value for part in parts for kind, value in part if kind == "block"}
    rows = session.execute(select(MailBlock.hash, MailBlock.body).where(MailBlock.hash.in_(wanted)))
    found = {key: body for key, body in rows}
    return [
        b"".join(found[value] if kind == "block" else encode_block(value, encoding) for kind, value in part)
        for part in parts
    ]


def _hash(text: str, encoding: str) -> str:
    return hashlib.blake2b(f"{encoding}\n{text}".encode(), digest_size=16).hexdigest()
