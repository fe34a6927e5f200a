"""The verdict on every row: new, updates, same, in doubt, refused, or a wish not to be mailed; and the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from outreach.contacts.imports import changes, fields, known
from outreach.contacts.imports.changes import Changes
from outreach.contacts.imports.entries import NO_NAME, Address, Entry, Reason
from outreach.contacts.imports.known import Known, Record
from outreach.contacts.imports.models import DOUBT, NEW, REFUSED, SAME, STOPS, TAKE, UPDATE, UPDATES
from outreach.language import mark

OTHER_NAME = mark("Somebody of another name is on record with this address.")
SEVERAL = mark("Several people on record have this address.")
NAMESAKE = mark("Somebody of this name is on record, with other addresses.")
EARLIER = mark("An earlier row is about the same person.")
SUPPRESSED = mark("This address is not mailed, or was erased at its owner's wish. It does not come back by a list.")
NO_ADDRESS = mark("This row is marked as unsubscribed and has no e-mail address.")


@dataclass(slots=True)
class Row:
    """A row as it is kept, with what was said of it."""

    number: int
    cells: str
    decision: str = ""
    person_id: int | None = None


@dataclass(slots=True)
class Verdict:
    """`person_id`: whom it is about, or in doubt, may be about. `waits`: it needs a row before it to be taken in."""

    verdict: str
    reasons: list[Reason] = field(default_factory=list)
    person_id: int | None = None
    record: Record | None = None
    changes: Changes | None = None
    waits: bool = False


def judge(connection: Connection, import_id: int, rows: Sequence[Row], entries: Sequence[Entry]) -> list[Verdict]:
    """The verdicts on some rows that follow each other in one import."""
    found = known.look_up(connection, import_id, entries)
    bench = _Bench(found)
    first = [bench.first(row, entry) for row, entry in zip(rows, entries, strict=True)]
    on_record = {each.person_id for each in first if each.verdict == SAME and each.person_id}
    found.records = known.load(connection, on_record)
    return [bench.second(each, entry) for each, entry in zip(first, entries, strict=True)]


class _Bench:
    """Judges the rows of a batch in their order. First: who is it? (`SAME`: a record it must be compared with.) Second,
    when the records are there: does it change one?"""

    def __init__(self, found: Known) -> None:
        self._known = found
        self._fresh: dict[int, tuple[int, str]] = {}

    def first(self, row: Row, entry: Entry) -> Verdict:
        if entry.problems:
            return Verdict(REFUSED, entry.problems)
        if entry.is_unsubscribed:
            return self._stops(entry)
        verdict = self._decided(row, entry) or who(entry, self._known)
        if verdict.verdict != NEW:
            return verdict
        if not entry.name:
            return Verdict(REFUSED, [["name", "", NO_NAME]])
        if refusal := _refusal(self._known, entry.addresses):
            return refusal
        earlier = self._known.earlier.get(entry.key) or self._fresh.get(entry.key)
        if earlier and row.decision != TAKE:
            return _double(row, earlier)
        self._fresh[entry.key] = (row.number, row.cells)
        return verdict

    def second(self, verdict: Verdict, entry: Entry) -> Verdict:
        record = self._known.records.get(verdict.person_id or 0)
        if verdict.verdict != SAME or record is None:
            return verdict
        planned = changes.plan(entry, record)
        if refusal := _refusal(self._known, planned.addresses):
            return refusal
        if not planned:
            return verdict
        return Verdict(UPDATES, planned.told(), record.id, record, planned)

    def _stops(self, entry: Entry) -> Verdict:
        emails = [address for address in entry.addresses if address[0] == fields.EMAIL]
        if not emails:
            return Verdict(REFUSED, [["email", "", NO_ADDRESS]])
        is_known = all(address[3] in self._known.suppressed for address in emails)
        return Verdict(SAME if is_known else STOPS)

    def _decided(self, row: Row, entry: Entry) -> Verdict | None:
        """What an officer said of a row that was in doubt; None when nothing was said, or left to stand."""
        if row.decision == TAKE:
            return Verdict(NEW)
        if row.decision != UPDATE:
            return None
        earlier = self._known.earlier.get(entry.key)
        person_id = row.person_id or (earlier[2] if earlier else None)
        if person_id is not None:
            return Verdict(SAME, person_id=person_id)
        return Verdict(DOUBT, waits=True) if entry.key in self._fresh else None


def who(entry: Entry, found: Known) -> Verdict:
    """Whom a row is about: SAME with the person, DOUBT with somebody it may be, or NEW."""
    is_known = any(address[3] in found.by_address for address in entry.addresses)
    for is_email in (True, False) if is_known else ():
        hashes = [address[3] for address in entry.addresses if (address[0] == fields.EMAIL) == is_email]
        people = {
            person_id: folded
            for hashed in hashes
            for kind, person_id, folded in found.by_address.get(hashed, ())
            if (kind == fields.EMAIL) == is_email
        }
        verdict = _by_address(entry, people, is_email)
        if verdict:
            return verdict
    return _by_name(entry, found)


def _by_address(entry: Entry, people: Mapping[int, str], is_email: bool) -> Verdict | None:
    value = next((address[1] for address in entry.addresses if (address[0] == fields.EMAIL) == is_email), "")
    key = "email" if is_email else "phone"
    alike = [person_id for person_id, folded in people.items() if _is_alike(entry.folded, folded)]
    if len(alike) == 1:
        return Verdict(SAME, person_id=alike[0])
    exactly = [person_id for person_id in alike if people[person_id] == entry.folded]
    if len(exactly) == 1:
        return Verdict(SAME, person_id=exactly[0])
    if alike:
        return Verdict(DOUBT, [[key, value, SEVERAL]], alike[0])
    if people and is_email:
        return Verdict(DOUBT, [[key, value, OTHER_NAME]], next(iter(people)))
    return None  # a number without a name in common is a shared one: a newsroom's, a household's


def _is_alike(one: str, other: str) -> bool:
    """Whether one name has all the words of the other; nothing is like everything."""
    if one == other:
        return True
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words


def _by_name(entry: Entry, found: Known) -> Verdict:
    """Nobody has these addresses. A namesake elsewhere is somebody else; one at the same place, or at none, may not."""
    here = {work[1] for work in entry.works}
    near = [each for each in found.by_name.get(entry.folded, ()) if not here or not each.places or here & each.places]
    if not near:
        return Verdict(NEW)
    certain = [each for each in near if here & each.places or not (here or each.places)]
    if not entry.addresses and len(certain) == 1:
        return Verdict(SAME, person_id=certain[0].id)
    return Verdict(DOUBT, [["name", entry.name, NAMESAKE]], (certain or near)[0].id)


def _refusal(found: Known, added: Iterable[Address]) -> Verdict | None:
    stopped = [[kind, value, SUPPRESSED] for kind, value, _, hashed in added if hashed in found.suppressed]
    return Verdict(REFUSED, stopped) if stopped else None


def _double(row: Row, earlier: tuple[object, ...]) -> Verdict:
    """Somebody whom an earlier row of the same file is about."""
    reason = [["", str(earlier[0]), EARLIER]]
    person = earlier[2] if len(earlier) > 2 else None
    person_id = person if isinstance(person, int) else None
    return Verdict(SAME if earlier[1] == row.cells else DOUBT, reason, person_id)
