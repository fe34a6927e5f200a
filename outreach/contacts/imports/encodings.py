"""In which letters a text file is written, what divides its columns: guessed from its bytes, shown to the officer."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from itertools import chain, islice

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "cp1251")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",;\t|"
RARE_DELIMITERS = "^~#*:/ "
AZBUKA = frozenset(
    "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ".encode("cp1251") + "абвгдђежзијклљмнњопрстћуфхцчџш".encode("cp1251")
)
SAMPLE = 64 * 1024
LINES = 30


def guess(parts: Iterable[bytes]) -> str:
    """The encoding of a file that comes in parts; all of them are looked at, since one letter can tell.

    Of the old ones only the two of this region are known: Windows-1250 (Latin) and Windows-1251 (Cyrillic).
    """
    remaining = iter(parts)
    first = next(remaining, b"")
    for bom, encoding in MARKS:
        if first.startswith(bom):
            return encoding
    if sideways := _without_a_mark(first[:SAMPLE]):
        return sideways
    decoder, high = codecs.getincrementaldecoder("utf-8")(), bytearray()
    is_utf8 = True
    for part in chain((first,), remaining):
        is_utf8 = is_utf8 and _still(decoder, part)
        if len(high) < SAMPLE and not part.isascii():
            high += part[:SAMPLE]
    return "utf-8" if is_utf8 and _still(decoder, b"", final=True) else _old(bytes(high))


def delimiter(sample: str) -> str:
    """What divides the columns in these first lines: what gives the same number of cells, and the most of them."""
    said = sample.lstrip("\ufeff")
    if said[:4].lower() == "sep=" and len(said) > 4:
        return said[4]
    for candidates in (DELIMITERS, RARE_DELIMITERS):
        scored = {each: _evenness(said, each) for each in candidates}
        best = max(scored, key=lambda each: scored[each])
        if scored[best] > (0.0, 0):
            return best
    return ","


def _still(decoder: codecs.IncrementalDecoder, part: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(part, final)
    except UnicodeDecodeError:
        return False
    return True


def _without_a_mark(sample: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is nothing, of Cyrillic 4."""
    pairs = len(sample) // 2
    if pairs < 2 or b"\0" not in sample:
        return None
    upper = {"utf-16-le": sample[1::2], "utf-16-be": sample[0::2]}
    shares = {name: sum(map(column.count, (b"\0", b"\x01", b"\x04"))) / pairs for name, column in upper.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > 0.7 else None


def _old(text: bytes) -> str:
    """In Cyrillic the letters above ASCII stand together and are of the azbuka; in Latin they stand alone."""
    together = high = ours = 0
    for before, here in zip(b" " + text, text, strict=False):
        if here < 0x80:
            continue
        high += 1
        together += before >= 0x80
        ours += here in AZBUKA
    return "cp1251" if high and together / high > 0.5 and ours / high > 0.8 else "cp1250"


def _evenness(sample: str, each: str) -> tuple[float, int]:
    """How many lines have the commonest number of cells, and that number; nothing when it is one."""
    try:
        counts = [len(row) for row in islice(csv.reader(io.StringIO(sample), delimiter=each), LINES) if any(row)]
    except csv.Error:
        return (0.0, 0)
    counts = counts[:-1] if len(counts) > 2 else counts  # the last one may be cut off
    usual = max(set(counts), key=counts.count, default=1)
    return (counts.count(usual) / len(counts), usual) if usual > 1 else (0.0, 0)
