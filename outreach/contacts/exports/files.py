"""A file of people in one of four formats, made while it is sent: memory stays flat however many there are."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from outreach import spreadsheets
from outreach.contacts.exports import sources, workbooks
from outreach.contacts.exports.cards import card
from outreach.contacts.exports.columns import HEADS, row
from outreach.contacts.exports.records import Record, records
from outreach.contacts.exports.sources import Source
from outreach.house import House

CSV, XLSX, VCARD, JSON = FORMATS = ("csv", "xlsx", "vcard", "json")
PIECE = 256 * 1024


class Kind(NamedTuple):
    media_type: str
    ending: str


KINDS = {
    CSV: Kind(spreadsheets.CONTENT_TYPE, "csv"),
    XLSX: Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    VCARD: Kind("text/vcard; charset=utf-8", "vcf"),
    JSON: Kind("application/json", "json"),
}


def streamed(house: House, source: Source, form: str, now: datetime) -> Iterator[bytes]:
    """The whole file in pieces, under a reading session of its own; `form` is one of FORMATS."""
    with house.db.read() as session:
        every = records(session, sources.people(session, house, source, now))
        if form == CSV:
            yield from spreadsheets.streamed(HEADS, map(row, every))
        elif form == XLSX:
            yield from _workbook(house, every)
        elif form == VCARD:
            yield from (card(record).encode() for record in every)
        else:
            yield from _json(every)


def _workbook(house: House, every: Iterator[Record]) -> Iterator[bytes]:
    place = house.settings.var_dir
    with tempfile.TemporaryDirectory(dir=place) as folder, tempfile.TemporaryFile(dir=place) as out:
        workbooks.write(out, folder, HEADS, map(row, every))
        out.seek(0)
        while piece := out.read(PIECE):
            yield piece


def _json(every: Iterator[Record]) -> Iterator[bytes]:
    before = "[\n"
    for record in every:
        yield (before + json.dumps(_told(record), ensure_ascii=False)).encode()
        before = ",\n"
    yield ("[]\n" if before == "[\n" else "\n]\n").encode()


def _told(record: Record) -> dict[str, Any]:
    person = record.person._asdict()
    return {
        **{name: value for name, value in person.items() if name != "id"},
        "beats": record.beats,
        "addresses": [{"kind": kind, "value": value} for kind, value in record.addresses],
        "affiliations": [dict(zip(("organisation", "kind", "title"), post, strict=True)) for post in record.posts],
    }
