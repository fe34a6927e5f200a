"""Who gets what: a batch of readers is read, decided and entered in one short transaction, all or nothing.

Running it twice, or twice at once, changes nothing: a batch holds the rows of its readers, asks again what they have
not had, and the keys (issue, subscriber) and (publication, subscriber) have the last word (D-07, D-08). A stop holds
the same row, so it comes either before the plan or finds the mail to cancel (D-16). An edition that nobody has made
yet is named and left out; it is made outside, because rendering has no place in a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.digests import issues, waiting
from outreach.digests.editions import Editions, Key
from outreach.digests.models import PREPARED, SKIPPED
from outreach.digests.personal import Made, Personal
from outreach.digests.rounds import Candidate, Round
from outreach.digests.waiting import Reader
from outreach.house import House
from outreach.mail import failpoints, outbox, sql, suppressions
from outreach.mail.outbox import Copy
from outreach.subscriptions.models import EVERYTHING

# How long a digest is tried before its items go into the next one (D-18).
LIFETIMES = {"weekly": timedelta(days=5), "monthly": timedelta(days=5)}
LIFETIME = timedelta(hours=48)

# State, reason and outbox id of a recipient's row.
Outcome = tuple[str, str | None, int | None]

SUPPRESSED, REFUSED = "suppressed", "cannot be addressed"

RECIPIENTS = (
    "digest_recipient",
    (("subscriber_id", "bigint"), ("variant", "text"), ("state", "text"), ("reason", "text"), ("outbox_id", "bigint")),
)
# One statement for all readers of a publication: the rows are made by the database itself.
ITEMS = "INSERT INTO digest_item (publication_id, issue_id, subscriber_id) SELECT {}, {}, {} FROM {} AS reader"


class Outdated(Exception):
    """Something that the round was to carry has been withdrawn meanwhile (D-13)."""


@dataclass(frozen=True)
class Batch:
    """What came of one batch: the last reader it looked at (None: there was nobody), how many copies it entered with
    which publications, and the editions that must be made before the rest of it can be."""

    last: int | None
    served: int = 0
    missing: frozenset[Key] = frozenset()
    carried: frozenset[int] = frozenset()


@dataclass
class Plan:
    """One pass over a round: what it carries, the editions that were made, and `noted`, the publications
    of which the issue knows that copies carry them."""

    house: House
    turn: Round
    issue_id: int
    carried: Sequence[Candidate]
    editions: Editions
    made: dict[Key, Made] = field(default_factory=dict)
    noted: set[int] = field(default_factory=set)
    _sets: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _topics: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.personal = Personal(self.editions)

    def enter(self, session: Session, now: datetime, after: int, limit: int) -> Batch:
        """The copies of the next readers above the id `after`, at most `limit` of them. Raises Outdated."""
        ids = waiting.held(session, self.turn, after, limit)
        if not ids:
            return Batch(None)
        wants = [(reader, key) for reader, key in self._wants(session, ids) if key.publications]
        missing = frozenset(key for _, key in wants if key not in self.made)
        ready = [(reader, key) for reader, key in wants if key not in missing]
        told = frozenset(one for _, key in ready for one in key.publications)
        if ready:
            if not waiting.are_public(session, now, self.carried):
                raise Outdated
            self._enter(session, now, ready)
            issues.carry(
                session, now, self.issue_id, {one: self.editions.said(one) for one in sorted(told - self.noted)}
            )
        return Batch(ids[-1], len(ready), missing, told)

    def _wants(self, session: Session, ids: Sequence[int]) -> list[tuple[Reader, Key]]:
        """Each of these readers with the edition that is theirs; one without publications when there is nothing."""
        readers = waiting.readers(session, self.turn, ids, self.carried[0].public_at)
        had = waiting.had(session, ids, self.carried)
        new = [reader.id for reader in readers if reader.is_new]
        since = waiting.since(session, self.turn, new) if new else {}
        wants = []
        for reader in readers:
            mine = self._set(reader, since, had.get(reader.id, ()))
            wants.append((reader, Key(reader.variant, mine, self._topics_of(reader.topics))))
        return wants

    def _set(
        self, reader: Reader, since: dict[int, list[tuple[str, datetime]]], had: Collection[int]
    ) -> tuple[int, ...]:
        """The publications that are for this reader, in rising order."""
        if reader.is_new:
            wishes = since.get(reader.id, [])
            mine = tuple(sorted(one.id for one in self._told() if any(_is_for(one, *wish) for wish in wishes)))
        else:
            mine = self._set_of(reader.topics)
        return tuple(one for one in mine if one not in had) if had else mine

    def _set_of(self, joined: str) -> tuple[int, ...]:
        """What is for everybody with these topics who has wanted them for long enough."""
        if joined not in self._sets:
            topics = joined.split(",")
            mine = [one.id for one in self._told() if EVERYTHING in topics or not {*topics}.isdisjoint(one.topics)]
            self._sets[joined] = tuple(sorted(mine))
        return self._sets[joined]

    def _told(self) -> list[Candidate]:
        return [one for one in self.carried if one.id in self.editions.told]

    def _topics_of(self, joined: str) -> tuple[str, ...]:
        """The topics as the reader is told them: in the order of the office, or only `*`."""
        if joined not in self._topics:
            mine = set(joined.split(","))
            known = [topic.id for topic in self.house.office.topics if topic.id in mine]
            rest = sorted(mine.difference(known))
            self._topics[joined] = (EVERYTHING,) if EVERYTHING in mine else (*known, *rest)
        return self._topics[joined]

    def _enter(self, session: Session, now: datetime, ready: Sequence[tuple[Reader, Key]]) -> None:
        sent = self._sent(session, now, [self._copy(reader, key) for reader, key in ready])
        failpoints.reach(failpoints.IN_PLAN)
        recipients: list[tuple[Any, ...]] = []
        items: dict[int, list[int]] = {}
        for (reader, key), outcome in zip(ready, sent, strict=True):
            recipients.append((reader.id, reader.variant, *outcome))
            for one in key.publications:
                items.setdefault(one, []).append(reader.id)
        connection = session.connection()
        planned_at = bulk.stamp(connection, now)
        sql.insert(connection, *RECIPIENTS, recipients, issue_id=self.issue_id, planned_at=planned_at)
        failpoints.reach(failpoints.IN_PLAN)
        for publication_id, reader_ids in sorted(items.items()):  # in the order of the table
            _insert_items(connection, publication_id, self.issue_id, reader_ids)

    def _sent(self, session: Session, now: datetime, copies: Sequence[Copy]) -> list[Outcome]:
        """Put the copies in the outbox; what the row of each recipient says of it."""
        try:
            return [_outcome(outbox_id) for outbox_id in self._enqueued(session, now, copies)]
        except ValueError:  # one of them cannot be sent, which is nobody else's fault (D-17)
            return [self._sent_alone(session, now, copy) for copy in copies]

    def _sent_alone(self, session: Session, now: datetime, copy: Copy) -> Outcome:
        try:
            return _outcome(self._enqueued(session, now, [copy])[0])
        except ValueError:
            return (SKIPPED, REFUSED, None)

    def _enqueued(self, session: Session, now: datetime, copies: Sequence[Copy]) -> list[int | None]:
        expires_at, scope = now + LIFETIMES.get(self.turn.slot.cadence, LIFETIME), suppressions.DIGESTS
        return outbox.enqueue_many(session, self.house, now, copies, kind="digest", scope=scope, expires_at=expires_at)

    def _copy(self, reader: Reader, key: Key) -> Copy:
        make, subject = self.house.tokens.make, str(reader.id)
        return Copy(
            f"subscriber:{reader.id}",
            reader.address or "",
            self.made[key].form,
            (
                make("preferences", subject, None, reader.key_id),
                make("unsubscribe", subject, None, reader.key_id),
                *self.made[key].own,
            ),
        )


def _is_for(one: Candidate, topic: str, since: datetime) -> bool:
    return since < one.public_at and (topic == EVERYTHING or topic in one.topics)


def _outcome(outbox_id: int | None) -> Outcome:
    return (SKIPPED, SUPPRESSED, None) if outbox_id is None else (PREPARED, None, outbox_id)


def _insert_items(connection: Connection, publication_id: int, issue_id: int, reader_ids: Sequence[int]) -> None:
    if connection.dialect.name == "sqlite":
        words, given = ITEMS.format("?", "?", "reader.value", "json_each(?)"), json.dumps(reader_ids)
        connection.exec_driver_sql(words, (publication_id, issue_id, given))
    else:
        words = ITEMS.format("%s", "%s", "reader", "unnest(%s::bigint[])")
        connection.exec_driver_sql(words, (publication_id, issue_id, list(reader_ids)))
