"""Files on the disk: those that wait for their form to be sent whole, and the place of those that were.

A file is written once, before any row tells of it, under a name of ours, for our own account to read. It waits below
the nonce of its form, so that a fault elsewhere in the form loses nothing; keeping it is one rename.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from outreach.house import House
from outreach.inquiries.files.taking import Taken

FOLDER = "waiting"
ABOUT = ".json"
WAITS = timedelta(hours=24)
YIELDS = timedelta(minutes=15)  # what waits longer goes when there is no room for another


@dataclass(frozen=True)
class Waiting:
    """A file that waits: its name on the disk, what its sender calls it, what it is, its bytes, their hash."""

    key: str
    name: str
    kind: str
    size: int
    sha256: str


def place(house: House, key: str) -> Path:
    """Where a kept file lies. `key` comes from a row, never from a request."""
    return house.settings.files_folder / key


def put(house: House, now: datetime, nonce: str, taken: Taken) -> Waiting:
    """Write a file down below its form's nonce; the same bytes twice are one file. OSError when the disk refuses."""
    for waiting in of(house, nonce):
        if waiting.sha256 == taken.sha256:
            return waiting
    folder = folder_of(house, nonce)
    for outer in (house.settings.files_folder, folder.parent, folder):
        outer.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = Waiting(secrets.token_hex(16), taken.name, taken.kind, len(taken.content), taken.sha256)
    _write(folder / waiting.key, taken.content)
    _write(folder / f"{waiting.key}{ABOUT}", json.dumps(asdict(waiting)).encode())
    os.utime(folder, (now.timestamp(), now.timestamp()))
    return waiting


def of(house: House, nonce: str) -> list[Waiting]:
    """What waits below this nonce, in the order in which it came."""
    found: list[tuple[int, Waiting]] = []
    folder = folder_of(house, nonce)
    if not os.path.isdir(folder):  # as with nearly every form
        return []
    for about in folder.glob(f"[!.]*{ABOUT}"):
        with suppress(FileNotFoundError):  # kept or dropped by another request in this instant
            about.with_suffix("").stat()
            found.append((about.stat().st_mtime_ns, Waiting(**json.loads(about.read_bytes()))))
    return [waiting for _, waiting in sorted(found, key=lambda pair: pair[0])]


def drop(house: House, nonce: str, keys: Iterable[str]) -> None:
    """Remove these from what waits; a key that is not there is no error."""
    known = {waiting.key for waiting in of(house, nonce)}
    for key in known.intersection(keys):
        forget(folder_of(house, nonce) / key)


def clear(house: House, nonce: str) -> None:
    """Remove everything that waits below this nonce."""
    shutil.rmtree(folder_of(house, nonce), ignore_errors=True)


def forget(path: Path) -> None:
    """Remove a file with what is written down about it, or what is left of them, and its folder with the last."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}{ABOUT}").unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()


def size(house: House) -> int:
    """The bytes of everything that waits."""
    total = 0
    for path in (house.settings.files_folder / FOLDER).glob("*/*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def sweep(house: House, now: datetime, waits: timedelta = WAITS) -> None:
    """Remove what has waited for so long."""
    for folder in (house.settings.files_folder / FOLDER).glob("*"):
        if folder.stat().st_mtime <= (now - waits).timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def folder_of(house: House, nonce: str) -> Path:
    return house.settings.files_folder / FOLDER / hashlib.sha256(nonce.encode()).hexdigest()[:32]


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, and on the disk when this returns."""
    unfinished = path.with_name(f".{path.name}.part")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(unfinished, path)
