"""Our comparison of people in memory, and the register with a million people in a database."""

import time
from collections import defaultdict
from itertools import count, islice

import people
from sqlalchemy import insert

from outreach import clock
from outreach.contacts.duplicates import blocks, finding, keys, known, likeness
from outreach.contacts.duplicates.check import Typed
from outreach.contacts.duplicates.known import Known
from outreach.contacts.duplicates.models import LIKELY
from outreach.contacts.matching import folded_address
from outreach.contacts.models import EMAIL, OUTLET, PHONE, Affiliation, ContactAddress, Organisation, Person
from outreach.serbian import fold

COUNTRY, CHUNK = "RS", 20_000


def stored(records):
    """Records as the register keeps them: numbers in one form, addresses and outlets folded, names as written."""
    return [
        (record["name"], _folded(record), [fold(record["outlet"])] if record["outlet"] else []) for record in records
    ]  # fmt: skip


def compare(kept):
    """Every step from the records to the pairs: fold the names, make keys and blocks, compare. Pairs by likeness."""
    records = [Known(place, known.ways_of(name), reach, outlets) for place, (name, reach, outlets) in enumerate(kept)]
    keys_of, by_key = [], defaultdict(list)
    for record in records:
        keys_of.append(keys.keys_of_known(record))
        for key in keys_of[-1]:
            by_key[key].append(record.person_id)
    shared = {key: ids for key, ids in by_key.items() if len(ids) > 1}
    crowded = {key for key, ids in shared.items() if keys.kind_of(key) == keys.ADDRESS and len(ids) > likeness.FEW}
    pairs = blocks.pairs_of(shared.items(), lambda ids: ((key, each) for each in ids for key in keys_of[each]))
    found = {}
    for one, other in pairs:
        like = likeness.compare(records[one], records[other], crowded)
        if like:
            found[one, other] = like
    return found


def likely(found):
    return {pair for pair, like in found.items() if like.band == LIKELY}


def fill(house, records, now=None):
    """Put people into the database as an import does, keys included."""
    now, ids, outlets = now or clock.now(), count(1), {}
    with house.db.transaction() as session:
        for chunk in _chunks(records):
            kept = list(zip(islice(ids, len(chunk)), chunk, stored(chunk), strict=True))
            run = session.connection().execute
            new = {record["outlet"] for record in chunk if record["outlet"]} - outlets.keys()
            for name in sorted(new):
                folded, made = fold(name), {"kind": OUTLET, "source": "benchmark", "created_at": now}
                known_as = next((id_ for other, id_ in outlets.items() if fold(other) == folded), None)
                if known_as is None:
                    known_as = run(insert(Organisation).values(name=name, folded=folded, **made)).inserted_primary_key[
                        0
                    ]
                outlets[name] = known_as
            run(insert(Person), [_person(id_, record, now) for id_, record, _ in kept])
            reached = [row for id_, record, (_, reach, _) in kept for row in _addresses(house, id_, reach, now)]
            run(insert(ContactAddress), reached)
            placed = [
                {"person_id": id_, "organisation_id": outlets[record["outlet"]], "created_at": now}
                for id_, record, _ in kept
                if record["outlet"]
            ]
            run(insert(Affiliation), placed)
            keys.insert_rows(
                session.connection(),
                [(id_, keys.keys_of(known.ways_of(name), reach, at)) for id_, _, (name, reach, at) in kept],
            )


def compare_register(house):
    """What `python -m outreach contacts compare` does once keys are filed; seconds and pairs."""
    begun, pairs = time.process_time(), set()
    with house.db.read() as reading:
        for found in finding.compare_everybody(reading):
            with house.db.transaction() as session:
                finding.note(session, clock.now(), found)
            pairs.update(found)
    return time.process_time() - begun, len(pairs)


def typed(record):
    """A record as a form holds it before it is saved."""
    addresses = [(kind, record[kind]) for kind in (EMAIL, PHONE) if record[kind]]
    return Typed(record["name"], addresses, [record["outlet"]] if record["outlet"] else [])


def crowd(number):
    """People one after another, so that a million need not lie in memory, and the draw that made them."""
    draw = people.Draw(7)
    for start in range(0, number, CHUNK):
        for person in draw.people(min(CHUNK, number - start)):
            yield {**person, "name": f"{person['given']} {person['surname']}"}


def _folded(record):
    return [(kind, folded_address(kind, record[kind], COUNTRY)) for kind in (EMAIL, PHONE) if record[kind]]


def _person(id_, record, now):
    return {
        "id": id_, "name": record["name"], "folded": fold(record["name"]), "source": "benchmark",
        "lawful_basis": "legitimate_interest", "created_at": now, "changed_at": now,
    }  # fmt: skip


def _addresses(house, id_, reach, now):
    return [
        {
            "person_id": id_, "kind": kind, "value": folded, "folded": folded, "created_at": now, "position": place,
            "address_hash": house.address_hash(folded),
        }
        for place, (kind, folded) in enumerate(reach)
    ]  # fmt: skip


def _chunks(records):
    remaining = iter(records)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
