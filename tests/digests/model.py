"""The oracle of the stateful test: who is owed what, as sets. It knows nothing of slots, batches, hours or tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

EVERYTHING = "*"
Pair = tuple[int, int]


@dataclass
class Person:
    """`wishes`: topics, each with the instant from which it is wanted. `away_until`: when the last pause ended or
    will."""

    wishes: dict[str, datetime]
    cadence: str
    takes_urgent: bool = False
    is_live: bool = True
    away_until: datetime | None = None


@dataclass
class News:
    at: datetime
    topics: frozenset[str]
    is_public: bool = True
    is_urgent: bool = False


@dataclass
class Model:
    people: dict[int, Person] = field(default_factory=dict)
    news: dict[int, News] = field(default_factory=dict)
    dropped: set[tuple[str, int]] = field(default_factory=set)

    def subscribe(
        self, person: int, topics: Collection[str], cadence: str, now: datetime, takes_urgent: bool = False
    ) -> None:
        self.people[person] = Person(dict.fromkeys(topics, now), cadence, takes_urgent)

    def change(
        self,
        person: int,
        topics: Collection[str],
        cadence: str,
        now: datetime,
        takes_urgent: bool = False,
        paused_until: datetime | None = None,
    ) -> None:
        """A topic is wanted since it was first wished for; one out of all of them since all were. A pause that is
        not wished for any more ends now."""
        one, whole = self.people[person], EVERYTHING
        before = one.wishes
        since = {topic: before.get(topic, now if topic == whole else before.get(whole, now)) for topic in topics}
        one.wishes = {**before, **since} if whole in topics else since
        one.cadence, one.takes_urgent = cadence, takes_urgent
        one.away_until = paused_until or (min(one.away_until, now) if one.away_until else None)

    def wants(self, person: int, news: int) -> bool:
        who, what = self.people[person], self.news[news]
        return any(at < what.at and topic in {EVERYTHING, *what.topics} for topic, at in who.wishes.items())

    def owed(self) -> set[Pair]:
        """Every pair that must be mailed sooner or later, if nothing else happens, mailed already or not."""
        return {
            (person, news)
            for person, who in self.people.items()
            for news, what in self.news.items()
            if who.is_live and what.is_public and self.wants(person, news) and self.is_let_go(person, news)
        }

    def is_let_go(self, person: int, news: int) -> bool:
        """Whether no officer has dropped it from every way in which it may reach this person: what came during a pause
        does not come as urgent."""
        who, what = self.people[person], self.news[news]
        is_missed = who.away_until is not None and what.at <= who.away_until
        ways = [who.cadence, *(["urgent"] if who.takes_urgent and what.is_urgent and not is_missed else [])]
        return any((way, news) not in self.dropped for way in ways)
