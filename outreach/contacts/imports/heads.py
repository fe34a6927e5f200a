"""What the heads of a file mean: those of Google Contacts, Outlook, Apple, Mailchimp, our own export, and plain words
of English and Serbian in either script. Which columns nobody needs to hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from outreach.contacts.imports import fields
from outreach.serbian import fold

#: Heads without numbers, brackets and signs; the words of one field, the likelier first.
_WORDS = {
    fields.NAME: "name|full name|display name|contact name|fn|ime i prezime|prezime i ime|puno ime|kontakt|novinar",
    fields.GIVEN: "given name|first name|first|forename|ime",
    fields.MIDDLE: "middle name|additional name|srednje ime",
    fields.FAMILY: "family name|last name|surname|last|prezime",
    "name_latin": "name in latin|ime latinicom",
    "name_cyrillic": "name in cyrillic|ime cirilicom",
    "honorific": "honorific|name prefix|prefix|salutation|zvanje|titula",
    "vocative": "vocative|vokativ|oslovljavanje|obracanje",
    "preferred_variant": "writes in|preferred language|pismo|jezik i pismo|pise na",
    "languages": "languages|language|jezici|jezik",
    "beats": "beats|beat|topics|oblasti|oblast|teme|tema",
    "region": "region|city|town|business city|home city|address city|state|mesto|grad|regija|opstina",
    fields.ORGANISATION: (
        "organisation|organization|organization name|organisation name|company|company name|outlet|media outlet"
        "|employer|publication|organizacija|redakcija|medij|medijska kuca|kuca|firma|ustanova|preduzece"
    ),
    fields.KIND: "kind of organisation|kind of organization|organisation type|organization type|vrsta organizacije",
    fields.TITLE: "title|job title|organization title|organisation title|position|role|funkcija|pozicija|radno mesto",
    fields.EMAIL: (
        "e mail|email|e mail value|e mail address|email address|mail|e posta|eposta|mejl|imejl|elektronska posta"
    ),
    fields.PHONE: (
        "phone|phone value|phone number|mobile|mobile phone|business phone|home phone|primary phone|company main phone"
        "|other phone|cell|telephone|tel|telefon|mobilni|mobilni telefon|broj telefona|fiksni"
    ),
    "signal": "signal",
    "whatsapp": "whatsapp|whats app",
    "viber": "viber",
    "telegram": "telegram",
    "web": "web|website|website value|web page|personal web page|url|sajt|veb sajt|internet",
    fields.CHANNELS: "other channels|drugi kanali",
    "do_not_contact": "do not contact|ne kontaktirati",
    "do_not_contact_reason": "reason|razlog",
    "source": "source|izvor",
    "lawful_basis": "basis|lawful basis|legal basis|osnov|pravni osnov",
    "note": "note|notes|comment|comments|napomena|napomene|beleska|beleske",
    fields.UNSUBSCRIBED: (
        "unsubscribed|unsub time|clean time|opt out|optout|opted out|email marketing status|subscription status"
        "|odjavljen|odjavljeni|odjava"
    ),
    fields.BROKEN: "vcard",
}
_FIELD_OF = {fold(words): field for field, line in _WORDS.items() for words in line.split("|")}
_RANK = {fold(words): place for line in _WORDS.values() for place, words in enumerate(line.split("|"))}
_LIKELY = (
    (re.compile(r"\b(?:type|label|labela|fax|faks|pager|display|phonetic|time)\b"), ""),
    (re.compile(r"\b(?:e mail|email|mejl|imejl|e posta)\b"), fields.EMAIL),
    (re.compile(r"\b(?:phone|telefon|mobile|mobilni)\b"), fields.PHONE),
)
_NUMBER, _BRACKETS = re.compile(r"\b\d+\b"), re.compile(r"\(.*?\)")

_NOT_KEPT = re.compile(
    r"(?:\w+ )?ip(?: (?:address|adresa))?|geo|gps|coordinates|koordinate|location coordinates"
    r"|(?:\w+ )?(?:latitude|longitude)|lat|lng|lon|long|geografska (?:sirina|duzina)"
)


def suggested(head: Sequence[str]) -> dict[str, str]:
    """Field by number of column, as text (it is kept as JSON). A field of one value gets the likeliest column."""
    plain = [_plain(name) for name in head]
    found: dict[str, str] = {}
    best: dict[str, tuple[int, int]] = {}
    for place, words in enumerate(plain):
        field = _field(words, plain)
        if not field:
            continue
        if field in fields.MANY:
            found[str(place)] = field
        else:
            best[field] = min((_RANK.get(words, 99), place), best.get(field, (100, place)))
    found |= {str(place): field for field, (_, place) in best.items()}
    return dict(sorted(found.items(), key=lambda each: int(each[0])))


def kept(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that may be kept: not those that say where on earth somebody was, by head or by what is in them."""
    return [
        place
        for place, name in enumerate(head)
        if not _NOT_KEPT.fullmatch(_plain(name)) and not _all_ip(row[place] for row in rows if place < len(row))
    ]


def head_hash(head: Sequence[str]) -> str:
    """What a mapping is remembered by: the heads in their order."""
    return hashlib.sha256("\n".join(map(fold, head)).encode()).hexdigest()


def _plain(name: str) -> str:
    return " ".join(_NUMBER.sub(" ", fold(_BRACKETS.sub(" ", name))).split())


def _field(words: str, head: Sequence[str]) -> str:
    if words == "title" and "job title" in head:
        return "honorific"  # so Outlook calls what stands before a name
    if words == "region" and "leid" in head:
        return ""  # Mailchimp guesses it from the IP address
    known = _FIELD_OF.get(words)
    if known is not None:
        return known
    return next((field for pattern, field in _LIKELY if pattern.search(words)), "")


def _all_ip(cells: Iterator[str]) -> bool:
    """Whether there is something in the column, and all of it is IP addresses."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(map(_is_ip, filled))


def _is_ip(cell: str) -> bool:
    try:
        ip_address(cell)
    except ValueError:
        return False
    return True
