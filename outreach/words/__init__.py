"""The catalogue: the Serbian of every interface message, written in Cyrillic in sr.po; Latin is derived from it.

A key is the English text, or the pair (one, many) of a message that counts; {placeholders} and [[kept]] spans stay as
written. A message without Serbian words is noted in `untranslated` and shown in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from outreach import serbian

CATALOGUE = Path(__file__).with_name("sr.po")
KEEP = (serbian.KEPT, serbian.PLACEHOLDER)
Key = str | tuple[str, str]
Forms = tuple[str, ...]

untranslated: set[Key] = set()
"""Messages that were shown as they came on a Serbian page; for tests to look at."""
MOST_NOTED = 500  # a library's message may hold what a visitor typed: the set must not grow with it


def read(path: Path) -> dict[Key, Forms]:
    """Every message to its Serbian as the file has it: one form, or (one, few, other) of a message that counts."""
    with path.open("rb") as file:
        entries = [(entry.id, entry.string) for entry in read_po(file, locale="sr") if entry.id]
    return {
        key if isinstance(key, str) else (key[0], key[1]): (said,) if isinstance(said, str) else tuple(said or ())
        for key, said in entries
    }


def in_script(written: Mapping[Key, Forms], latin: bool) -> dict[Key, Forms]:
    """The translated messages as they are shown in one script."""

    def ready(form: str) -> str:
        return serbian.KEPT.sub(lambda kept: kept[0][2:-2], serbian.to_latin(form, KEEP) if latin else form)

    return {key: tuple(map(ready, forms)) for key, forms in written.items() if all(forms)}


@lru_cache(maxsize=2)
def _shown(latin: bool) -> Mapping[Key, Forms]:
    return in_script(read(CATALOGUE), latin)


def forms(key: Key, latin: bool) -> Forms | None:
    """The Serbian of a message in one script, or None, which is noted once."""
    found = _shown(latin).get(key)
    if found is None and key not in untranslated and len(untranslated) < MOST_NOTED:
        untranslated.add(key)
    return found
