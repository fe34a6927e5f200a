"""Words that stand for something: yes and no, kinds, variants, lawful bases; and several values in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach.contacts.imports import fields
from outreach.language import mark
from outreach.serbian import fold

NO_ANSWER = mark("Yes and no are understood here, and nothing else.")
UNKNOWN = {
    "preferred_variant": mark("This is not a language that we write in: en, lat or cir."),
    "lawful_basis": mark("This is not a lawful basis: legitimate interest, consent or public task."),
    fields.KIND: mark("This is not a kind of organisation that we know: outlet, agency, ngo, ministry, embassy …"),
}
_SEVERAL = re.compile(r"\s*(?::::|[\n;])\s*")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")

_YES = frozenset(map(fold, ["yes", "y", "true", "1", "x", "da", "d", "tacno", "jeste"]))
_NO = frozenset(map(fold, ["no", "n", "false", "0", "ne", "netacno"]))
_STAYS = frozenset(map(fold, ["subscribed", "active", "aktivan", "aktivna", "prijavljen", "prijavljena"]))
_LEFT = frozenset(
    map(fold, ["unsubscribed", "cleaned", "bounced", "complained", "opted out", "opt out", "odjavljen", "odjavljena"])
)

WORDS = {
    "preferred_variant": {
        "en": "en|english|engleski",
        "lat": "lat|latin|latinica|sr latn|srpski latinica|serbian latin|sr|serbian|srpski",
        "cir": "cir|cyrillic|cirilica|sr cyrl|srpski cirilica|serbian cyrillic",
    },
    "lawful_basis": {
        "legitimate_interest": "legitimate interest|legitimate interest answering the press|legitimni interes",
        "consent": "consent|pristanak",
        "public_task": "public task|javni zadatak|vrsenje javnih ovlascenja",
    },
}
_KINDS = {
    "outlet": "outlet|media outlet|media|medij|mediji|redakcija",
    "agency": "agency|news agency|agencija",
    "ngo": "ngo|nvo|nevladina organizacija|udruzenje|civil society",
    "institution": "institution|ustanova|institucija",
    "ministry": "ministry|ministarstvo",
    "embassy": "embassy|ambasada",
    "academia": "academia|university|akademija|univerzitet|fakultet|akademska zajednica",
    "international": "international|international organisation|medunarodna organizacija|medunarodna",
    "other": "other|drugo|ostalo",
}
_CODES = {
    key: {fold(word): code for code, line in codes.items() for word in line.split("|")}
    for key, codes in {**WORDS, fields.KIND: _KINDS}.items()
}


def split(said: str, by: str = "") -> Iterator[str]:
    """The values of a cell that holds several, each on one line and none empty. Phones, addresses and handles are
    divided as our own export does it, as Google does it (:::), or by lines; `by`: other characters that divide."""
    parts = re.split(rf"[\n{by}]" if by else _SEVERAL, said)
    return (text for part in parts if (text := " ".join(part.split())))


def split_all(said: str) -> list[str]:
    """The same divided by ";", with the empty ones in their places."""
    return [part.strip() for part in said.split(";")]


def addresses_in(said: str) -> list[str]:
    """The e-mail addresses of a cell that holds several, or one with the name in front: Ana <ana@example.org>."""
    parts = [part for part in re.split(r"[;,\n]|:::", said) if part.strip()]
    return [(found[1] if (found := _IN_BRACKETS.search(part)) else part).strip() for part in parts]


def channel(typed: str) -> tuple[str, str]:
    """Kind and value of "signal: +381 64 …"; what has no kind that we know is `other`, an address of a page `web`."""
    kind, colon, value = typed.partition(":")
    known = fold(kind).replace(" ", "")
    if colon and known in fields.ADDRESSES and value.strip():
        return known, value.strip()
    return ("web", typed) if "://" in typed else ("other", typed)


def coded(key: str, said: str) -> str | None:
    """The code of a word: "Ћирилица" is cir; None for one that is not known."""
    return _CODES[key].get(fold(said))


def yes_or_no(said: str) -> bool | None:
    word = fold(said)
    return True if word in _YES else False if word in _NO else None


def is_unsubscribed(said: str) -> bool | None:
    """Whether this says that they left: yes, "Cleaned", or when it was."""
    word = fold(said)
    if word in _NO or word in _STAYS:
        return False
    return True if word in _YES or word in _LEFT or any(map(str.isdigit, word)) else None
