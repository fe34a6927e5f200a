"""Read the end of an e-mail into proposed fields: pure, and never sure. A field nobody can tell is left out.

Lines are cut at bars and dots, and after each address and number is taken out, what remains is told by its words, in
English and in Serbian of either script: a role, a place of work, a street; else the first that looks like a name is it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from outreach.contacts.models import EMAIL, PHONE
from outreach.contacts.reach import Reach
from outreach.contacts.signatures import words
from outreach.serbian import fold

LONGEST = 4000
_LINE = 110  # what is longer is a disclaimer
_PARTS = re.compile(r"\s*(?:[|•·‖]|\t|\s{3,}|\s/\s)\s*")
_EMAIL = re.compile(r"(?:mailto:)?[<\[(]*([\w.+%-]+@[\w-]+(?:\.[\w-]+)+)[>\])]*", re.IGNORECASE)
_WEB = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:www\.)?((?:[\w-]+\.)+(?:org|com|net|rs|eu|int|info|edu|срб)(?:\.[a-z]{2})?(?:/[^\s,;]*)?)(?![\w@])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w])(?:\+|00|\(?0)[\d\s()/.–-]{5,}\d(?:\s*(?:ext|lok|x|лок)\.?\s*\d{1,5})?", re.IGNORECASE)
_LABEL = re.compile(r"[\w-]*[^\W\d_][\w.-]*\s*[:.)]?\s*$")
_AT = re.compile(r"\s+(?:at|@|u|у|in)\s+(?=[\"“„A-ZČĆŠĐŽА-Ш])")
_WORD = re.compile(r"[^\W\d_](?:[\w'’.-]*)")
_EDGES = " ,;:–—-*_>'~="


@dataclass
class Reading:
    """What a signature seems to say; anything may be empty. `variant`: the segment of the language it is written in."""

    name: str = ""
    honorific: str = ""
    title: str = ""
    organisation: str = ""
    variant: str = ""
    reaches: list[Reach] = field(default_factory=list)


def read(text: str) -> Reading:
    """Read a pasted signature; what cannot be told is left for the officer."""
    found = Reading()
    parts: list[str] = []
    for written in text[:LONGEST].splitlines():
        line = re.sub(r"^[>\s]+", "", written)
        if len(line) <= _LINE:
            rest = _without_addresses(line, found)
            parts += [part.strip(_EDGES) for part in _PARTS.split(rest)]
    for part in parts:
        _place(part, found)
    found.variant = _variant(text)
    return found


def _without_addresses(line: str, found: Reading) -> str:
    """Take addresses, sites and numbers out of a line, with the words that only say what they are."""
    for mail in _EMAIL.finditer(line):
        _reach(found, EMAIL, mail[1])
    line = _cut(_EMAIL, line)
    for site in _WEB.finditer(line):
        _reach(found, "web", site[1].rstrip("/."))
    line = _cut(_WEB, line)
    for number in _NUMBER.finditer(line):
        _number(found, line[: number.start()], number[0])
    return _cut(_NUMBER, line)


def _cut(pattern: re.Pattern[str], line: str) -> str:
    """The line without what matches, and without a label such as "Tel.:" before each match."""
    kept, start = "", 0
    for found in pattern.finditer(line):
        before = line[start : found.start()]
        label = _LABEL.search(before)
        is_label = label is not None and (
            before.rstrip().endswith((":", ".", ")")) or len(label[0].strip()) <= 6 or _is_channel(label[0])
        )
        kept += (before[: label.start()] if label and is_label else before) + " | "
        start = found.end()
    return kept + line[start:]


def _is_channel(label: str) -> bool:
    plain = fold(label)
    return any(name in plain for name in words.CHANNELS) or words.has(words.MOBILE, label) or plain.strip(" :.") in (
        "telefon", "phone", "direct", "office", "redakcija", "newsroom", "desk", "centrala", "switchboard",
    )  # fmt: skip


def _number(found: Reading, before: str, number: str) -> None:
    """A number is of the kind that the words right before it say: a fax is nobody's way to be reached."""
    label = re.split(r"[|,;\d]", before)[-1]
    named = fold(label)
    if words.has(words.FAX, label):
        return
    kinds = [kind for name, kind in words.CHANNELS.items() if name in named]
    for kind in kinds or [PHONE]:
        _reach(found, kind, " ".join(number.split()).rstrip(" .-–"), "mobile" if words.has(words.MOBILE, label) else "")
    if kinds and words.has(words.MOBILE, label):
        _reach(found, PHONE, " ".join(number.split()), "mobile")


def _reach(found: Reading, kind: str, value: str, label: str = "") -> None:
    one = Reach(kind, value, label)
    if all((had.kind, had.value.casefold()) != (kind, value.casefold()) for had in found.reaches):
        found.reaches.append(one)


def _place(part: str, found: Reading) -> None:
    """Put a part where it belongs; one with a comma or "at" may be two things."""
    if len(part) < 2 or not _WORD.search(part) or _is_noise(part):
        return
    for pieces in (_AT.split(part, 1), re.split(r"\s*[,;]\s+|\s+[–—-]\s+", part, maxsplit=1)):
        if len(pieces) == 2 and _are_two(pieces[0], pieces[1], found):
            for piece in pieces:
                _place(piece.strip(_EDGES), found)
            return
    _put(part, found)


def _are_two(first: str, second: str, found: Reading) -> bool:
    """Whether a part is a role and a place, a name and a role, or a place and a street."""
    kinds = _kind(first, found), _kind(second, found)
    return kinds in {
        ("title", "organisation"), ("organisation", "title"), ("name", "title"), ("name", "organisation"),
        ("title", "name"), ("organisation", "street"), ("title", "street"), ("name", "street"),
    }  # fmt: skip


def _kind(part: str, found: Reading) -> str:
    if words.has(words.STREET, part) or re.search(r"\d", part) and not words.has(words.PLACE, part):
        return "street"
    is_role, is_place = words.has(words.ROLE, part), words.has(words.PLACE, part)
    if is_role and is_place:  # "Head of Press Office" and "Press Officer", but "Ministry of Head Offices"
        return "title" if words.begins_or_ends(words.ROLE, part) else "organisation"
    if is_role or is_place:
        return "title" if is_role else "organisation"
    return "name" if not found.name and _is_name(part) else "organisation"


def _put(part: str, found: Reading) -> None:
    kind = _kind(part, found)
    if kind == "name":
        honorific = words.HONORIFIC.match(part)
        found.honorific = honorific[1].strip() if honorific else ""
        found.name = _named(part[honorific.end() :] if honorific else part)
    elif kind != "street" and not getattr(found, kind) and (kind == "title" or _says_a_name(part)):
        setattr(found, kind, part)


def _is_name(part: str) -> bool:
    """Two to four words, each with a capital."""
    bare = words.HONORIFIC.sub("", part)
    parts = bare.split()
    return 2 <= len(parts) <= 4 and all(one[0].isupper() and _WORD.fullmatch(one) for one in parts)


def _says_a_name(part: str) -> bool:
    """An organisation without a word that says so is one when it begins with a capital."""
    return part[0].isupper() or part[0] in '„“"'


def _named(name: str) -> str:
    """A name as it is written; one in capitals gets small letters."""
    return name.title() if name.isupper() else name


def _is_noise(part: str) -> bool:
    return words.has(words.SIGN_OFF, part) and not words.has(words.ROLE, part) and not words.has(words.PLACE, part)


def _variant(text: str) -> str:
    if re.search("[А-Яа-яЂђЈјЉљЊњЋћЏџ]{3}", text):
        return "cir"
    plain = text.casefold()
    return "lat" if re.search("[čćšđž]", plain) or words.has(words.SERBIAN, plain) else "en"
