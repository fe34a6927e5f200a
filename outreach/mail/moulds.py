"""Forms made ready for filling: what all mails of a form share is joined once, each mail fills in its own few bytes.

Filling is the fast way to what `stitch` makes of the same row, and it must be the same to the last byte: the first mail
from every mould is made both ways, compared, and read back by another parser. After that a mail differs from it in its
own values alone, and these are checked one by one: they stand for themselves, or are decoded and compared (M-07). What
cannot be checked so (a display name, a subject of one's own) is stitched and verified in full.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from outreach.mail import addresses, forms, message, sql
from outreach.mail.blocks import NO_RUNS, Runs
from outreach.mail.forms import Form
from outreach.mail.layout import Layout
from outreach.mail.message import SIMPLE, numbers_in
from outreach.mail.verify import Mismatch, reads_back, verify

_BETWEEN = forms.BETWEEN.encode()
_OUR_ID = re.compile(r"[0-9a-f]{32}@[a-z0-9.-]{1,29}").fullmatch  # fits one line
_EDGE = message.EDGE.encode()
_ARE_SIMPLE = re.compile(rf"{SIMPLE}(?:{forms.BETWEEN}{SIMPLE})*").fullmatch


class Row(Protocol):
    """What a row says of one mail, besides its form; `dated_at` as it is or as the driver gives it."""

    @property
    def to_name(self) -> str | None: ...
    @property
    def to_address(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def dated_at(self) -> Any: ...
    @property
    def own(self) -> str: ...


class Cast(NamedTuple):
    """A finished mail, no line of which begins with a dot. `print`: its fingerprint, 32 hexadecimal digits."""

    parts: tuple[bytes, ...]  # those that others have too are theirs as well, and not copied
    print: str
    to: str  # in ASCII

    @property
    def raw(self) -> bytes:
        return b"".join(self.parts)


class Mould:
    """One form with its blocks."""

    def __init__(self, form: Form, bodies: Mapping[str, bytes]) -> None:
        """Raises KeyError when a block is gone, ValueError when the form cannot be sent."""
        self.form = form
        self.sender = form.sender
        self.places = form.places()
        self.bodies = {key: bodies[key] for key in form.blocks()}
        self.run_numbers = form.runs()
        self.is_proven = False
        self._layout = Layout(form, self.bodies) if _is_alike(form) else None
        pieces = self._layout.pieces if self._layout else []
        self.size = sum(len(piece) for piece in (*pieces, *self.bodies.values()) if isinstance(piece, bytes))

    def cast(self, row: Row, runs: Runs = NO_RUNS) -> Cast:
        """The mail as bytes. `runs` has the blocks that its runs name.

        Raises ValueError, BadHeader or Mismatch for a mail that must not be sent, KeyError when a block is gone.
        """
        made = self._filled(self._layout, row, runs) if self._layout is not None else None
        if made is not None and self.is_proven:
            return made
        values = forms.values_of(row.own) if self.places else []
        letter = forms.letter(self.form, values, {**runs.bodies, **self.bodies}, row, sql.instant(row.dated_at))
        raw = message.stitch(letter)
        verify(raw, letter)
        if made is None:
            return Cast((raw,), hashlib.blake2b(raw, digest_size=16).hexdigest(), addresses.wire(row.to_address))
        if made.raw != raw:
            raise Mismatch("filling and stitching do not make the same mail")
        self.is_proven = True
        return made

    def _filled(self, lay: Layout, row: Row, runs: Runs) -> Cast | None:
        """The mail, when each of its own values can be checked by itself; else None."""
        address, message_id = row.to_address, row.message_id
        values = row.own.split(forms.BETWEEN) if self.places else []
        if row.to_name or len(values) != self.places or not (addresses.is_wire(address) and _OUR_ID(message_id)):
            return None
        own = forms.BETWEEN.join([values[number] for number in lay.simple])
        if lay.simple and not _ARE_SIMPLE(own):
            return None
        wire = message_id.encode()
        given = [wire, *own.encode().split(_BETWEEN)] if lay.simple else [wire]
        lengths = tuple(map(len, given[: lay.measured]))
        given += (_date_line(row.dated_at), address.encode())
        if lay.whole:
            given += self._whole(lay, values)
        fold = lay.folds.get(lengths) or lay.fold(lengths)
        said = [*given, b"", _EDGE + wire[:32]]
        if fold.has_texts:
            said += fold.cuts(given)
        parts = fold.parts.copy()
        parts[1::2] = fold.own(said)
        if fold.runs:
            given += fold.run(parts, values, runs)
        fingerprint = fold.print.copy()
        fingerprint.update(b"\0".join(given))
        return Cast(tuple(parts), fingerprint.hexdigest(), address)

    def _whole(self, lay: Layout, values: Sequence[str]) -> list[bytes]:
        """The segments that may say anything: encoded and read back."""
        made = []
        for pieces in lay.whole:
            encoded = message.encode_own(pieces, values, self.form.encoding)
            if not reads_back(encoded, message.filled(pieces, values), self.form.encoding):
                raise Mismatch("an own value cannot be read back")
            made.append(encoded)
        return made


def _is_alike(form: Form) -> bool:
    """Whether its mails differ only in what can be filled in: no subject of their own, nobody else to answer to, and
    neither copies nor files."""
    return not form.to and not form.files and not numbers_in(form.subject) and not numbers_in(form.reply_to or ())


@lru_cache(maxsize=64)
def _date_line(kept: Any) -> bytes:
    return message.date_line(sql.instant(kept)).encode("ascii")
