"""Who gets what: drafts are written outside any transaction, then entered in one, batch by batch, all or nothing.

Running it twice, or twice at once, changes nothing: each batch holds the rows of its subscribers, asks again what they
have not had, and the unique rows (subscriber, cadence, slot) and (subscriber, publication) have the last word (D-07,
D-08). A stop holds the same row, so it comes either before the plan or finds the mail to cancel (D-16).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.digests import compose, queries
from outreach.digests.models import PREPARED, SKIPPED, DigestIssue, DigestItem, DigestRecipient
from outreach.digests.queries import Round
from outreach.digests.slots import Slot
from outreach.house import House
from outreach.mail import outbox, suppressions
from outreach.mail.compose import Words
from outreach.subscriptions import queries as subscribers
from outreach.subscriptions.models import Subscriber

# How long a digest is tried before its items go into the next one (D-18).
LIFETIMES = {"weekly": timedelta(days=5), "monthly": timedelta(days=5)}
LIFETIME = timedelta(hours=48)


@dataclass(frozen=True)
class Draft:
    """One subscriber's mail as it would leave; `basis` is what it depends on, asked again before it is entered."""

    subscriber_id: int
    publications: tuple[int, ...]
    basis: tuple[Any, ...]
    words: Words
    headers: dict[str, str]


def draft(session: Session, house: House, turn: Round, now: datetime, ids: Sequence[int]) -> list[Draft]:
    """The mails of these subscribers. Reads only; slow work such as rendering belongs here."""
    waiting = queries.waiting(session, turn, now, ids)
    number = queries.number(session, turn.slot)
    editions: dict[tuple[str, tuple[int, ...]], compose.Edition | None] = {}
    drafts = []
    readers = list(session.scalars(select(Subscriber).where(Subscriber.id.in_(waiting)).order_by(Subscriber.id)))
    choices = subscribers.choices(session, readers)
    for subscriber in readers:
        publications = waiting[subscriber.id]
        key = (subscriber.variant, publications)
        if key not in editions:
            editions[key] = compose.edition(session, house, turn.slot, number, publications, subscriber.reads)
        edition = editions[key]
        if edition is not None:
            words = compose.words(house, edition, subscriber, choices[subscriber.id])
            headers = compose.headers(house, subscriber, turn.slot)
            drafts.append(Draft(subscriber.id, publications, _basis(subscriber), words, headers))
    return drafts


def plan(session: Session, house: House, turn: Round, now: datetime, drafts: Sequence[Draft]) -> int:
    """Enter a batch of drafts and put its mails in the outbox; returns how many subscribers it served.

    A draft whose subscriber is held by somebody else, or whose basis has changed since, is left for the next round.
    """
    held = _held(session, [draft.subscriber_id for draft in drafts])
    waiting = queries.waiting(session, turn, now, list(held))
    good = [
        draft
        for draft in drafts
        if draft.subscriber_id in held
        and waiting.get(draft.subscriber_id) == draft.publications
        and _basis(held[draft.subscriber_id]) == draft.basis
    ]
    if not good:
        return 0
    issue_id = _issue(session, turn.slot)
    rows = _recipients(session, turn.slot, now, issue_id, good, held)
    entered = [draft for draft in good if draft.subscriber_id in rows]
    if not entered:
        return 0
    session.execute(insert(DigestItem), [item for draft in entered for item in _items(draft, rows)])
    outcomes = []
    for draft in entered:
        outcome = _send(session, house, turn.slot, now, held[draft.subscriber_id], draft)
        outcomes.append({"id": rows[draft.subscriber_id], **outcome})
    session.execute(update(DigestRecipient), outcomes)
    return len(entered)


def _basis(subscriber: Subscriber) -> tuple[Any, ...]:
    return (subscriber.address, subscriber.variant, subscriber.changed_at, subscriber.confirmed_at)


def _held(session: Session, ids: Sequence[int]) -> dict[int, Subscriber]:
    """The subscribers, their rows held until the end of the transaction; those that another holds are left out."""
    rows = select(Subscriber).where(Subscriber.id.in_(ids)).order_by(Subscriber.id).with_for_update(skip_locked=True)
    return {subscriber.id: subscriber for subscriber in session.scalars(rows)}


def _issue(session: Session, slot: Slot) -> int:
    """The issue of the slot, made by whoever comes first."""
    made = _insert(session, DigestIssue).values(
        cadence=slot.cadence, slot=slot.key, at=slot.at, closes_at=slot.closes_at
    )
    session.execute(made.on_conflict_do_nothing())
    later = update(DigestIssue).where(DigestIssue.cadence == slot.cadence, DigestIssue.slot == slot.key)
    session.execute(later.where(DigestIssue.closes_at < slot.closes_at).values(closes_at=slot.closes_at))
    found = select(DigestIssue.id).where(DigestIssue.cadence == slot.cadence, DigestIssue.slot == slot.key)
    return session.scalars(found).one()


def _recipients(
    session: Session, slot: Slot, now: datetime, issue_id: int, drafts: Sequence[Draft], held: dict[int, Subscriber]
) -> dict[int, int]:
    """New recipient rows by subscriber; one that has a row for this slot already is not among them."""
    values = [
        {
            "issue_id": issue_id,
            "subscriber_id": draft.subscriber_id,
            "cadence": slot.cadence,
            "slot": slot.key,
            "variant": held[draft.subscriber_id].variant,
            "state": PREPARED,
            "planned_at": now,
        }
        for draft in drafts
    ]
    made = _insert(session, DigestRecipient).values(values).on_conflict_do_nothing()
    rows = session.execute(made.returning(DigestRecipient.subscriber_id, DigestRecipient.id))
    return {subscriber_id: recipient_id for subscriber_id, recipient_id in rows}


def _items(draft: Draft, rows: dict[int, int]) -> list[dict[str, int]]:
    return [
        {"recipient_id": rows[draft.subscriber_id], "subscriber_id": draft.subscriber_id, "publication_id": one}
        for one in draft.publications
    ]


def _send(
    session: Session, house: House, slot: Slot, now: datetime, subscriber: Subscriber, draft: Draft
) -> dict[str, Any]:
    """Put the mail in the outbox; what the recipient's row says of it, or why there is none."""
    row = outbox.enqueue(
        session,
        house,
        now,
        kind="digest",
        ref=subscriber.ref,
        to_address=subscriber.address or "",
        variant=subscriber.reads,
        words=draft.words,
        headers=draft.headers,
        expires_at=now + LIFETIMES.get(slot.cadence, LIFETIME),
        scope=suppressions.DIGESTS,
    )
    if row is None:
        return {"state": SKIPPED, "reason": "suppressed", "outbox_id": None}
    return {"state": PREPARED, "reason": None, "outbox_id": row.id}


def _insert(session: Session, table: Any) -> Any:
    kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return kind(table)
