"""A register of so many people: names out of syllables, nobody's; outlets, beats, regions, what passed between us."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import Connection, insert

from outreach.contacts import finding
from outreach.contacts.lists.models import PressList, PressListMember
from outreach.contacts.models import (
    ORGANISATION_KINDS,
    Affiliation,
    ContactAddress,
    Interaction,
    Organisation,
    Person,
    PersonBeat,
)
from outreach.mail.models import Suppression
from outreach.serbian import fold, to_cyrillic

AT_ONCE = 10_000


def _words(line: str) -> list[str]:
    return line.split()


STARTS = _words("Bra Cvi Dra Đor Go Iva Jo Lju Mi Ne Pe Ra Sla Sto Vla Zo Ži Šte")
GIVEN = [a + b + c for a, b, c in product(STARTS, _words("da ga la mi na ra ro va"), _words("n š ca r"))]
ROOTS = [a + b + c for a, b, c in product(STARTS, _words("b č d k l m r st v ž"), "aeiou")]
SURNAMES = [a + b for a, b in product(ROOTS, _words("nović ković rić tić ski nac šin ljak jev dan"))]
REGIONS = [f"Region {number}" for number in range(1, 41)]
BEATS = _words("demining budget reform exercise training river border energy courts health culture sport")
LANGUAGES = _words("srpski English Srpski српски engleski German hungarian ruski French Romani Slovak Bosnian kineski")
OUTLETS = _words("Radio TV Glas List Portal Pregled Dnevnik Nedeljnik Agencija Odbor Fond Savez")


def fill(connection: Connection, now: datetime, count: int, owner_id: int) -> None:
    """`count` people, newest first in rank; one transaction is the caller's."""
    luck = random.Random(11)  # noqa: S311
    connection.execute(
        insert(PressList), [{"id": 1, "version": 1, "name": "Morning list", "purpose": "", "created_at": now}]
    )
    outlets = list(_organisations(luck, now, max(count // 50, 12)))
    connection.execute(insert(Organisation), outlets)
    for start in range(0, count, AT_ONCE):
        tables: dict[Any, list[dict[str, Any]]] = {}
        words = []
        for number in range(start + 1, min(start + AT_ONCE, count) + 1):
            words.append((number, _person(luck, now, number, outlets, owner_id, tables)))
        for table in (Person, Affiliation, ContactAddress, PersonBeat, Interaction, PressListMember, Suppression):
            if tables.get(table):
                connection.execute(insert(table), tables[table])
        finding.insert_rows(connection, words)


def _organisations(luck: random.Random, now: datetime, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        name = f"{luck.choice(OUTLETS)} {luck.choice(ROOTS)} {number}"
        kind = "outlet" if luck.random() < 0.6 else luck.choice(ORGANISATION_KINDS)
        yield {"id": number, "name": name, "folded": fold(name), "kind": kind, "source": "benchmark", "created_at": now}


def skewed(luck: random.Random, of: list[Any]) -> Any:
    """One of them, the first far more often than the last, as names and outlets are."""
    return of[int(len(of) * luck.random() ** 2.5)]


def _languages(luck: random.Random) -> list[str]:
    """Of two people in five their own, most often the first, and up to two that many speak."""
    if luck.random() > 0.4:
        return []
    own = LANGUAGES[int(len(LANGUAGES) * luck.random() ** 6)]
    return list(dict.fromkeys([own, *(skewed(luck, LANGUAGES[:4]) for _ in range(luck.randrange(3)))]))


def _person(luck: random.Random, now: datetime, number: int, outlets: list[dict[str, Any]], owner_id: int,
            tables: dict[Any, list[dict[str, Any]]]) -> str:  # fmt: skip
    given, surname, outlet = skewed(luck, GIVEN), skewed(luck, SURNAMES), skewed(luck, outlets)
    latin = f"{given} {surname}"
    name = to_cyrillic(latin) if luck.random() < 0.2 else latin
    email = f"{fold(given)}.{fold(surname)}{number}@{fold(outlet['name']).replace(' ', '-')}.example.org"
    phone = f"+38160{number:07}"
    last = now - timedelta(minutes=luck.randrange(60 * 24 * 900)) if luck.random() < 0.4 else None
    came = now - timedelta(minutes=luck.randrange(60 * 24 * 1500))

    def add(table: Any, **values: Any) -> None:
        tables.setdefault(table, []).append(values)

    barred = luck.random() < 0.01
    add(Person, id=number, name=name, folded=fold(name), preferred_variant=luck.choice(("en", "lat", "lat", "cir")),
        region=skewed(luck, REGIONS), languages=_languages(luck),
        do_not_contact=barred, do_not_contact_at=came if barred else None,
        owner_id=owner_id if luck.random() < 0.02 else None, source="benchmark",
        lawful_basis="consent" if luck.random() < 0.05 else "legitimate_interest",
        noticed_at=came if luck.random() < 0.5 else None, last_contact_at=last, created_at=came,
        changed_at=came)  # fmt: skip
    add(Affiliation, id=number, person_id=number, organisation_id=outlet["id"], title="", created_at=came)
    hashed = f"{number:064x}"
    add(ContactAddress, id=2 * number, person_id=number, kind="email", value=email, folded=email, address_hash=hashed,
        position=0, created_at=came)  # fmt: skip
    add(ContactAddress, id=2 * number + 1, person_id=number, kind="phone", value=phone, folded=phone,
        address_hash=f"{number:060x}0000", position=1, created_at=came)  # fmt: skip
    for beat in {skewed(luck, BEATS) for _ in range(luck.randrange(3))}:
        add(PersonBeat, person_id=number, beat=beat)
    if last and luck.random() < 0.3:
        add(Interaction, person_id=number, kind="answer", ref=f"inquiry:{number}", path="/desk/inquiries", at=last,
            summary="A question", is_on_time=luck.random() < 0.8)  # fmt: skip
    if luck.random() < 0.005:
        add(Suppression, address_hash=hashed, scope="all", reason="hard bounce", at=now)
    if luck.random() < 0.002:
        add(PressListMember, list_id=1, person_id=number, added_at=now)
    return finding.words_of(name, outlet["name"], email, phone)
