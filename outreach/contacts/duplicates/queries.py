"""Reads over duplicates, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from outreach.accounts.models import Account
from outreach.contacts.duplicates import judging, known, likeness, wording
from outreach.contacts.duplicates.merging import FIELDS, MINE, THEIRS
from outreach.contacts.duplicates.models import CandidatePair, Merge, MergeRow
from outreach.contacts.models import Affiliation, Interaction, Person
from outreach.errors import NotFound
from outreach.forms import Said

PER_PAGE = 50
OPEN, UNSURE_ONES, DIFFERENT_ONES = VIEWS = ("open", "unsure", "different")
JUDGED = {OPEN: "", UNSURE_ONES: "unsure", DIFFERENT_ONES: "different"}


@dataclass(frozen=True)
class Row:
    """One pair of the queue with the two people, where they work, and why they may be one."""

    pair: CandidatePair
    low: Person
    high: Person
    reasons: list[Said]


@dataclass(frozen=True)
class Difference:
    """A field in which the two records differ: what each says, and whose is ticked at first."""

    field: str
    mine: str
    theirs: str
    chosen: str


@dataclass(frozen=True)
class Both:
    """Two records side by side; `entries`: how much has passed with each."""

    low: Person
    high: Person
    pair: CandidatePair | None
    reasons: list[Said]
    differences: list[Difference]
    entries: tuple[int, int]


def queue(session: Session, view: str, page: int) -> tuple[list[Row], int]:
    """One page of pairs, the likeliest first, and how many there are."""
    wanted = CandidatePair.judgement == JUDGED[view]
    low, high = aliased(Person), aliased(Person)
    works = [selectinload(each.affiliations).selectinload(Affiliation.organisation) for each in (low, high)]
    found = session.execute(
        select(CandidatePair, low, high)
        .join(low, CandidatePair.low_id == low.id)
        .join(high, CandidatePair.high_id == high.id)
        .where(wanted)
        .order_by(CandidatePair.score.desc(), CandidatePair.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(*works)
    )
    rows = [Row(pair, one, other, _why(pair.reasons, other)) for pair, one, other in found]
    return rows, session.scalar(select(func.count(CandidatePair.id)).where(wanted)) or 0


def next_open(session: Session) -> CandidatePair | None:
    """The likeliest pair that nobody has judged."""
    waiting = select(CandidatePair).where(CandidatePair.judgement == "")
    return session.scalar(waiting.order_by(CandidatePair.score.desc(), CandidatePair.id).limit(1))


def both(session: Session, low_id: int, high_id: int) -> Both:
    """Two living records side by side; NotFound when one of them is none."""
    whole = selectinload(Person.affiliations).selectinload(Affiliation.organisation)
    wanted = select(Person).where(Person.id.in_((low_id, high_id)), Person.ended_at.is_(None))
    people = {
        person.id: person
        for person in session.scalars(
            wanted.options(whole, selectinload(Person.addresses), selectinload(Person.beats))
        )
    }  # fmt: skip
    if low_id >= high_id or len(people) < 2:
        raise NotFound
    low, high = people[low_id], people[high_id]
    pair = judging.of(session, low_id, high_id)
    compared = known.load(session, (low_id, high_id))
    like = likeness.compare(compared[low_id], compared[high_id])
    reasons = pair.reasons if pair else like.reasons if like else []
    counts = (_entries(session, low_id), _entries(session, high_id))
    return Both(low, high, pair, _why(reasons, high), _differences(session, low, high), counts)


def merges(session: Session, page: int) -> list[tuple[Merge, str, str, str]]:
    """A page of merges, the latest first, with the names of survivor and absorbed and of who merged them."""
    survivor, absorbed = aliased(Person), aliased(Person)
    found = session.execute(
        select(Merge, survivor.name, absorbed.name, Account.name)
        .join(survivor, Merge.survivor_id == survivor.id)
        .join(absorbed, Merge.absorbed_id == absorbed.id)
        .outerjoin(Account, Merge.merged_by == Account.id)
        .order_by(Merge.merged_at.desc(), Merge.id.desc())
        .limit(PER_PAGE + 1)
        .offset((page - 1) * PER_PAGE)
    )
    return [(merge, one, other, by or "") for merge, one, other, by in found]


def merge_of(session: Session, merge_id: int) -> tuple[Merge, Person, Person, int]:
    """A merge, its survivor and absorbed, and how many rows it touched."""
    merge = session.get(Merge, merge_id)
    if merge is None:
        raise NotFound
    touched = session.scalar(select(func.count(MergeRow.id)).where(MergeRow.merge_id == merge_id)) or 0
    return merge, session.get_one(Person, merge.survivor_id), session.get_one(Person, merge.absorbed_id), touched


def merge_between(session: Session, low_id: int, high_id: int) -> int | None:
    """The merge of these two that holds."""
    of_both = select(Merge.id).where(Merge.survivor_id == low_id, Merge.absorbed_id == high_id)
    return session.scalar(of_both.where(Merge.undone_at.is_(None)))


def _why(reasons: list[list[str]], other: Person) -> list[Said]:
    works = other.current_affiliations()
    return wording.said(reasons, other.name, works[0].organisation.name if works else "")


def _differences(session: Session, low: Person, high: Person) -> list[Difference]:
    pairs = [(field, _shown(session, field, low), _shown(session, field, high)) for field in FIELDS]
    return [
        Difference(field, mine, theirs, MINE if mine else THEIRS) for field, mine, theirs in pairs if mine != theirs
    ]


def _shown(session: Session, field: str, person: Person) -> str:
    value: Any = getattr(person, field)
    if field == "owner_id" and value is not None:
        return session.get_one(Account, value).name
    return str(value or "")


def _entries(session: Session, person_id: int) -> int:
    return session.scalar(select(func.count(Interaction.id)).where(Interaction.person_id == person_id)) or 0
