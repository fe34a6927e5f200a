"""What a worker keeps at hand between two windows: moulds and blocks, up to a fixed number of bytes."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from outreach.mail import blocks, forms
from outreach.mail.blocks import Runs
from outreach.mail.message import BASE64, QUOTED
from outreach.mail.moulds import Mould
from outreach.mail.verify import Mismatch, is_whole

ROOM = 16 * 2**20  # bytes, for moulds and for blocks

T = TypeVar("T")


class Cupboard:
    """Moulds by form and blocks by hash; what was not asked for longest goes first."""

    def __init__(self, room: int = ROOM) -> None:
        self._moulds: _Kept[Mould] = _Kept(room)
        self._blocks: _Kept[tuple[bytes, bytes]] = _Kept(room)

    def moulds(self, session: Session | Connection, keys: Collection[str]) -> dict[str, Mould | Exception]:
        """The mould of each form, or why none can be made of it."""
        found: dict[str, Mould | Exception] = dict(self._moulds.of(keys))
        if len(found) == len(keys):
            return found
        wanted = forms.load(session, [key for key in keys if key not in found])
        bodies = blocks.load(session, {block for form in wanted.values() for block in form.blocks()})
        for key, form in wanted.items():
            try:
                found[key] = mould = Mould(form, bodies)
            except (KeyError, ValueError) as wrong:
                found[key] = wrong
            else:
                self._moulds.put(key, mould, mould.size)
        return found

    def blocks(self, session: Session | Connection, hashes: Collection[str]) -> Runs:
        """The blocks that runs name; each was looked at once, because no whole mail is read back for them."""
        found = self._blocks.of(hashes)
        for key, body in blocks.load(session, [key for key in hashes if key not in found]).items():
            if not is_whole(body, QUOTED) and not is_whole(body, BASE64):
                raise Mismatch("a block cannot be read back")
            found[key] = body, blocks.fingerprint(body)
            self._blocks.put(key, found[key], len(body))
        return Runs({key: body for key, (body, _) in found.items()}, {key: mark for key, (_, mark) in found.items()})


class _Kept(dict[str, tuple[T, int]]):
    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def of(self, keys: Collection[str]) -> dict[str, T]:
        found = {}
        for key in keys:
            if key in self:
                self[key] = kept = self.pop(key)  # the last in line again
                found[key] = kept[0]
        return found

    def put(self, key: str, thing: T, size: int) -> None:
        self.room -= size
        self[key] = thing, size
        while self.room < 0 and len(self) > 1:
            self.room += self.pop(next(iter(self)))[1]
