"""The store of shared blocks: a text or a file that goes with ten thousand mails is encoded once and kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from outreach.db import insert
from outreach.mail.message import BASE64, base64_lines, encode_block
from outreach.mail.models import MailBlock

AT_ONCE = 500  # hashes in one question


class Runs(NamedTuple):
    """Blocks that runs name: their encoded lines, and the fingerprint of these bytes, 16 of them, taken once for all
    mails that have them."""

    bodies: Mapping[str, bytes]
    prints: Mapping[str, bytes]

    @classmethod
    def of(cls, bodies: Mapping[str, bytes]) -> Runs:
        return cls(bodies, {key: fingerprint(body) for key, body in bodies.items()})


NO_RUNS = Runs({}, {})


def fingerprint(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


def keep(session: Session, now: datetime, texts: Sequence[str], encoding: str) -> list[str]:
    """Store what is not there yet; the hash of each text, whole lines that many mails share."""
    hashes = [_hash(text, encoding) for text in texts]
    shared = dict(zip(hashes, texts, strict=True))
    fresh = [
        {"hash": key, "encoding": encoding, "body": encode_block(shared[key], encoding), "created_at": now}
        for key in sorted(shared.keys() - _known(session, shared))
    ]
    if fresh:
        session.execute(insert(session, MailBlock).on_conflict_do_nothing(), fresh)
    return hashes


def keep_file(session: Session, now: datetime, content: bytes) -> str:
    """Store a file that mails carry, once; the hash of its bytes."""
    key = hashlib.blake2b(b"file\n" + content, digest_size=16).hexdigest()
    if not _known(session, [key]):
        fresh = {"hash": key, "encoding": BASE64, "body": base64_lines(content), "created_at": now}
        session.execute(insert(session, MailBlock).on_conflict_do_nothing(), [fresh])
    return key


def run(hashes: Sequence[str]) -> str:
    """The own value that puts these blocks, in this order, where a form has a run."""
    return ",".join(hashes)


def load(session: Session | Connection, hashes: Collection[str]) -> dict[str, bytes]:
    """The encoded bodies of those that are there."""
    wanted, found = list(hashes), {}
    for at in range(0, len(wanted), AT_ONCE):
        some = select(MailBlock.hash, MailBlock.body).where(MailBlock.hash.in_(wanted[at : at + AT_ONCE]))
        found.update({key: body for key, body in session.execute(some)})
    return found


def _known(session: Session, hashes: Collection[str]) -> set[str]:
    wanted: list[str] = list(hashes)
    found: set[str] = set()
    for at in range(0, len(wanted), AT_ONCE):
        found.update(session.scalars(select(MailBlock.hash).where(MailBlock.hash.in_(wanted[at : at + AT_ONCE]))))
    return found


def _hash(text: str, encoding: str) -> str:
    return hashlib.blake2b(f"{encoding}\n{text}".encode(), digest_size=16).hexdigest()
