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
_ARE_SIMPLE = re.compile(rb"%b(?:\x1f%b)*" % (SIMPLE.encode(), SIMPLE.encode())).fullmatch


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
        parts = self._layout.parts if self._layout else []
        self.size = sum(map(len, parts)) + sum(map(len, self.bodies.values()))
        self._print = hashlib.blake2b(b"\0".join(parts), digest_size=16)

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
        own = row.own.encode()
        given = own.split(_BETWEEN) if self.places else []
        if row.to_name or len(given) != self.places or not (addresses.is_wire(address) and _OUR_ID(message_id)):
            return None
        if len(lay.simple) < self.places:
            own = _BETWEEN.join([given[number] for number in lay.simple])
        if lay.simple and not _ARE_SIMPLE(own):
            return None
        edge, date = message.boundary(message_id).encode(), _date_line(row.dated_at)
        given += (edge, date, address.encode(), message_id.encode())
        lengths = tuple([len(given[number]) for number in lay.in_lines])
        parts = (lay.folded.get(lengths) or lay.fold(lengths)).copy()
        for at, number in lay.values:
            parts[at] = given[number]
        if lay.texts.places:
            lay.texts.fill(parts, given)
        if lay.whole:
            self._fill_whole(lay, parts, forms.values_of(row.own))
        given += [parts[at] for at in lay.own]
        if lay.runs:
            lay.run(parts, given, runs)
        fingerprint = self._print.copy()
        fingerprint.update(b"\0".join(given))
        return Cast(tuple(parts), fingerprint.hexdigest(), address)

    def _fill_whole(self, lay: Layout, parts: list[bytes], values: Sequence[str]) -> None:
        """Fill in segments that may say anything: they are encoded and read back."""
        for at, pieces in lay.whole:
            parts[at] = encoded = message.encode_own(pieces, values, self.form.encoding)
            if not reads_back(encoded, message.filled(pieces, values), self.form.encoding):
                raise Mismatch("an own value cannot be read back")


def _is_alike(form: Form) -> bool:
    """Whether its mails differ only in what can be filled in: no subject of their own, nobody else to answer to, and
    neither copies nor files."""
    return not form.to and not form.files and not numbers_in(form.subject) and not numbers_in(form.reply_to or ())


@lru_cache(maxsize=64)
def _date_line(kept: Any) -> bytes:
    return message.date_line(sql.instant(kept)).encode("ascii")
