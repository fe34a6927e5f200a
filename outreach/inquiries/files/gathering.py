"""The files of one form: those that were chosen now join those that wait, as far as number and room allow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from outreach.house import House
from outreach.inquiries.files import keeping, taking, waiting
from outreach.inquiries.files.taking import FileRefused, Taken
from outreach.language import mark

MB = 1024 * 1024
NO_ROOM = mark("There is no room for files just now. Send the inquiry without them and say in it what they are")
NO_DISK = mark("Files cannot be stored just now. Send the inquiry without them and say in it what they are")


def gather(
    session: Session, house: House, now: datetime, nonce: str, chosen: Iterable[tuple[str, IO[bytes]]],
    unwanted: Iterable[str] = (), has_already: int = 0,
) -> list[str]:  # fmt: skip
    """Take in what was chosen (name and stream each) and let go of what is unwanted; the faults, each once.

    The good ones wait whatever is wrong with the others. `has_already`: files that count as well. `session` reads only.
    """
    waiting.drop(house, nonce, unwanted)
    faults: dict[str, None] = {}
    for name, stream in chosen:
        try:
            with stream:
                taken = taking.take(name, stream)
            _put(session, house, now, nonce, taken, taking.MOST - has_already)
        except FileRefused as refused:
            faults[refused.message] = None
    return list(faults)


def _put(session: Session, house: House, now: datetime, nonce: str, taken: Taken, most: int) -> None:
    there = waiting.of(house, nonce)
    if taken.sha256 in {file.sha256 for file in there}:
        return
    if len(there) >= most:
        raise FileRefused(taking.TOO_MANY)
    if not _has_room(session, house, len(taken.content)):
        waiting.sweep(house, now, waiting.YIELDS)
        if not _has_room(session, house, len(taken.content)):
            raise FileRefused(NO_ROOM)
    try:
        waiting.put(house, now, nonce, taken)
    except OSError:
        raise FileRefused(NO_DISK) from None


def _has_room(session: Session, house: House, size: int) -> bool:
    return keeping.used(session, house) + size <= house.settings.files_quota * MB
