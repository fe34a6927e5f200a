"""What would go out next if nothing else happened: for the desk, by the same rules that planning follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from outreach.digests import census, compose, queries, rounds, waiting
from outreach.digests.rounds import Candidate, Round
from outreach.house import House
from outreach.language import Variant
from outreach.newsroom import library
from outreach.newsroom.library import PublicationView
from outreach.subscriptions import queries as subscribers
from outreach.subscriptions.slots import CADENCES

# A page looks this far back for what somebody may still wait for; planning itself knows no such limit.
RECENT = timedelta(days=35)


@dataclass(frozen=True)
class Coming:
    """The next slot of one cadence and hour: its publications, and how many readers of each variant get any.

    `is_frozen`: it closed, and is now as it will leave. `is_held`: an officer holds it.
    """

    turn: Round
    carried: tuple[Candidate, ...]
    readers: dict[str, int]
    is_frozen: bool
    is_held: bool

    @property
    def people(self) -> int:
        return sum(self.readers.values())


def coming(session: Session, house: House, now: datetime) -> list[Coming]:
    """By time: every slot that somebody waits for, also those to which nothing new has come yet."""
    news = _news(session, now)
    turns = rounds.rounds(house.office, rounds.rhythms(session), now, is_next=True)
    return sorted((one_of(session, turn, now, news) for turn in turns), key=lambda one: one.turn.slot.at)


def of_round(session: Session, turn: Round, now: datetime) -> Coming:
    """One round as it would leave by what is known now."""
    return one_of(session, turn, now, _news(session, now))


def one_of(session: Session, turn: Round, now: datetime, news: list[Candidate]) -> Coming:
    """The same, from these publications."""
    found = queries.issue(session, turn.slot.cadence, turn.slot.key)
    is_frozen = found is not None and found.closes_at >= turn.slot.closes_at
    if is_frozen:
        carried = waiting.carried(session, turn, now)
    else:
        wanted = set(waiting.wanted(session, turn, news))
        carried = [one for one in news if one.id in wanted]
    readers = census.counted(session, turn, carried)
    return Coming(turn, tuple(carried), readers, is_frozen, queries.is_held(session, turn.slot))


def views(session: Session, house: House, one: Coming, variant: Variant) -> list[PublicationView]:
    """What it carries, told in this variant, in the order of the mail."""
    shelf = library.opened(session, house)
    found = [shelf.publication_view(session, publication.id, variant) for publication in one.carried]
    return compose.in_order([view for view in found if view is not None])


def people(session: Session) -> dict[str, dict[str, int]]:
    """Confirmed subscribers by cadence and variant."""
    table: dict[str, dict[str, int]] = {}
    for cadence, variant, number in subscribers.counts(session):
        table.setdefault(cadence, {})[variant] = number
    return {cadence: table[cadence] for cadence in CADENCES if cadence in table}


def _news(session: Session, now: datetime) -> list[Candidate]:
    return [one for one in waiting.publications(session, now) if one.public_at > now - RECENT]
