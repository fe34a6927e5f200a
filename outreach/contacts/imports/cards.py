"""vCards 2.1, 3.0 and 4.0 as rows of a table. Only ever called in the child process (`child`), which has limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import vobject
from vobject.base import VObjectError

from outreach.contacts.imports import refusals
from outreach.contacts.imports.encodings import guess
from outreach.contacts.imports.refusals import FileRefused
from outreach.contacts.imports.tables import Table

HEAD = [
    "Name", "Honorific", "Given name", "Middle name", "Family name", "E-mail", "Phone", "Organisation", "Title",
    "Region", "Languages", "Web", "Other channels", "Categories", "Note",
]  # fmt: skip
BROKEN, PLACE = "vCard", "GEO"
MANY = "; "
_BEGINS = re.compile(r"^BEGIN:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_SERVICES = {"XSIGNAL": "signal", "XWHATSAPP": "whatsapp", "XVIBER": "viber", "XTELEGRAM": "telegram"}


def is_cards(content: bytes) -> bool:
    return b"BEGIN:VCARD" in content[:4096].replace(b"\0", b"").upper()


def read(content: bytes, encoding: str = "") -> Table:
    """All cards of a file. A card that cannot be read stands in a column of its own, so that it is told."""
    encoding = encoding or guess([content])
    try:
        text = content.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise FileRefused(refusals.NOT_ENCODED) from None
    starts = [found.start() for found in _BEGINS.finditer(text)]
    if not starts:
        raise FileRefused(refusals.EMPTY)
    whole = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    has_place = re.search(r"^(?:[\w-]+\.)?GEO[;:]", text, re.IGNORECASE | re.MULTILINE) is not None
    return Table("vcard", _rows(whole, [*HEAD, PLACE] if has_place else HEAD), encoding)


def _rows(whole: list[str], head: list[str]) -> Iterator[list[str]]:
    yield [*head, BROKEN]
    for text in whole:
        try:
            card = next(vobject.readComponents(text, allowQP=True), None)
            row = _row(card) if card is not None else None
        except (VObjectError, ValueError, LookupError, AttributeError, TypeError):
            row = None
        if row is None:
            yield ["" for _ in head] + [" ".join(text[:300].split())]
        else:
            yield [row.get(name, "") for name in head] + [""]


def _row(card: Any) -> dict[str, str]:
    values: dict[str, list[Any]] = {}
    for line in sorted(card.lines(), key=_is_not_preferred):
        values.setdefault(line.name.replace("-", ""), []).append(line)
    row = {
        "Name": _first(values, "FN"), "Title": _all(values, "TITLE"), "Note": "\n".join(_words(values, "NOTE")),
        "E-mail": _all(values, "EMAIL"), "Web": _all(values, "URL"), "Languages": _all(values, "LANG"),
        "Phone": MANY.join(word.removeprefix("tel:") for word in _words(values, "TEL")),
        "Organisation": MANY.join(_organisation(line.value) for line in values.get("ORG", ())),
        "Categories": MANY.join(_flat(line.value) for line in values.get("CATEGORIES", ())),
        "Region": next((_flat(line.value.city) for line in values.get("ADR", ()) if hasattr(line.value, "city")), ""),
        "Other channels": MANY.join(_channels(values)), PLACE: _first(values, "GEO"),
    }  # fmt: skip
    if "N" in values and hasattr(values["N"][0].value, "family"):
        name = values["N"][0].value
        row |= {"Honorific": _flat(name.prefix), "Given name": _flat(name.given)}
        row["Name"] = row["Name"].removeprefix(f"{row['Honorific']} ")
        row |= {"Middle name": _flat(name.additional), "Family name": _flat(name.family)}
    if _first(values, "XABSHOWAS").upper() == "COMPANY":
        row["Name"] = ""
    return row


def _channels(values: dict[str, list[Any]]) -> Iterator[str]:
    for line in values.get("IMPP", ()):
        service = "".join(line.params.get("X-SERVICE-TYPE", ())) or str(line.value).partition(":")[0]
        handle = str(line.value).rpartition(":")[2]
        yield f"{service.lower()}: {handle}"
    for name, service in _SERVICES.items():
        yield from (f"{service}: {word}" for word in _words(values, name))


def _is_not_preferred(line: Any) -> int:
    """0 for what the card prefers, whichever version says so how; the rest stays in its order."""
    types = ",".join([*line.params.get("TYPE", ()), *line.singletonparams]).upper().split(",")
    return 0 if "PREF" in types or line.params.get("PREF") == ["1"] else 1


def _organisation(value: Any) -> str:
    return _flat(value[0]) if isinstance(value, list) and value else _flat(value)


def _flat(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _words(values: dict[str, list[Any]], name: str) -> list[str]:
    return [word for line in values.get(name, ()) if (word := str(line.value).strip())]


def _all(values: dict[str, list[Any]], name: str) -> str:
    return MANY.join(_words(values, name))


def _first(values: dict[str, list[Any]], name: str) -> str:
    return next(iter(_words(values, name)), "")
