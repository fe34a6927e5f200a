"""The office as a vCard 4.0 (RFC 6350), for an address book. What the office does not state is not in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale

from outreach import language
from outreach.house import House
from outreach.language import Variant, mark
from outreach.office import Office

LONGEST_LINE = 75  # octets, without the line's end
WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))


def card(house: House, variant: Variant, address: str) -> str:
    """The whole card; `address` is where it can be had again."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(house, variant, address))


def _lines(house: House, variant: Variant, address: str) -> Iterator[str]:
    office, place = house.office, house.office.address
    yield from ("BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"UID:{address}", f"SOURCE:{address}")
    yield f"FN;LANGUAGE={variant.lang}:{_text(office.name(variant))}"
    yield f"ORG;LANGUAGE={variant.lang}:{_text(office.name(variant))};{_text(office.unit(variant))}"
    parts = ("", "", place.street(variant), place.city(variant), "", place.postcode, _country(office, variant))
    yield f"ADR;LANGUAGE={variant.lang}:{';'.join(map(_text, parts))}"
    yield f"TZ:{office.zone.key}"
    if office.phone:
        yield f"TEL;VALUE=uri;TYPE=work:tel:{''.join(sign for sign in office.phone if sign in '+0123456789')}"
    if office.email:
        yield f"EMAIL;TYPE=work:{_text(office.email)}"
    if office.hours:
        yield f"NOTE;LANGUAGE={variant.lang}:{_text(hours(office, variant))}"
    yield f"URL:{house.url(f'/{variant.segment}/')}"
    yield f"CONTACT-URI:{house.url(f'/{variant.segment}/media/inquiry')}"
    yield "END:VCARD"


def hours(office: Office, variant: Variant) -> str:
    """Office hours: Mon–Fri 09:00–17:00 Belgrade time"""

    def day(number: int) -> str:
        return language.text(variant, WEEKDAYS[number])

    spans = [
        f"{'–'.join(map(day, dict.fromkeys((span.first, span.last))))} {span.opens:%H:%M}–{span.closes:%H:%M}"
        for span in office.hours_spans()
    ]
    clock = language.text(variant, mark("Belgrade time")) if office.zone.key == "Europe/Belgrade" else office.zone.key
    return f"{language.text(variant, mark('Office hours'))}: {'; '.join(spans)} {clock}"


def _country(office: Office, variant: Variant) -> str:
    """The country's name as CLDR has it, or its code."""
    names = Locale.parse(variant.lang.replace("-", "_")).territories
    return str(names.get(office.country, office.country))


def _text(words: str) -> str:
    """Words as a value: the signs that part values are escaped."""
    for sign in ("\\", ",", ";"):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of 75 octets at most, each after the first with a space in front; no letter is cut in two."""
    pieces, piece, room = [], "", LONGEST_LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1
        piece += sign
        room -= size
    return "\r\n ".join([*pieces, piece])
