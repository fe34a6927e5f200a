"""What a subscriber may ask for with a link of the last day: that link itself, and a copy of everything held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.house import House
from outreach.mail import outbox
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import emails, queries
from outreach.subscriptions.models import EVERYTHING, AddressChange, Consent, Subscriber, Subscription


def send_link(session: Session, house: House, now: datetime, subscriber: Subscriber) -> None:
    """Mail the subscriber a link that works for a day; how often a day is for `limits` to say."""
    outbox.enqueue(
        session, house, now, kind="subscription_link", ref=subscriber.ref, to_address=subscriber.address or "",
        variant=subscriber.reads, words=emails.private_link(house, subscriber, now),
    )  # fmt: skip
    audit.record(session, now, "subscription.link_sent", subscriber.ref)


def copy(session: Session, house: House, now: datetime, subscriber: Subscriber) -> dict[str, Any]:
    """Everything that subscriptions and the mail room hold about this subscriber, as plain values for JSON.

    Instants are in UTC, as 2026-11-23T09:00:00Z; topics and states are the codes that are stored.
    """
    changes = select(AddressChange).where(AddressChange.subscriber_id == subscriber.id).order_by(AddressChange.id)
    refusal = queries.suppression(session, house, subscriber.address or "")
    return {
        "made_at": _at(now),
        "office": house.office.names.en,
        "subscriber": _subscriber(subscriber),
        "subscriptions": [_subscription(row) for row in queries.subscriptions(session, subscriber.id)],
        "consents": [_consent(row) for row in queries.consents(session, subscriber.id)],
        "address_changes": [
            {"address": row.address, "asked_at": _at(row.asked_at), "confirmed_at": _at(row.confirmed_at)}
            for row in session.scalars(changes)
        ],
        "mails": _mails(session, queries.mails(session, subscriber)),
        "not_mailed": {"scope": refusal.scope, "reason": refusal.reason, "at": _at(refusal.at)} if refusal else None,
    }


def _at(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z" if moment is not None else None


def _subscriber(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "number": subscriber.id,
        "address": subscriber.address,
        "language": subscriber.reads.lang,
        "hour": subscriber.hour,
        "takes_urgent": subscriber.takes_urgent,
        "created_at": _at(subscriber.created_at),
        "confirmed_at": _at(subscriber.confirmed_at),
        "changed_at": _at(subscriber.changed_at),
        "paused_until": _at(subscriber.paused_until),
        "ended_at": _at(subscriber.ended_at),
        "ended_reason": subscriber.ended_reason,
    }


def _subscription(row: Subscription) -> dict[str, Any]:
    return {
        "topic": "all" if row.topic == EVERYTHING else row.topic,
        "cadence": row.cadence,
        "state": row.state,
        "requested_at": _at(row.requested_at),
        "confirmed_at": _at(row.confirmed_at),
        "ended_at": _at(row.ended_at),
        "ended_reason": row.ended_reason,
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "wording": row.wording,
        "version": row.version,
        "language_of_page": row.variant,
        "language_of_mails": row.wants_variant,
        "topics": ["all" if topic == EVERYTHING else topic for topic in row.topics],
        "cadence": row.cadence,
        "hour": row.hour,
        "takes_urgent": row.takes_urgent,
        "source": row.source,
        "method": row.method,
        "requested_at": _at(row.requested_at),
        "confirmed_at": _at(row.confirmed_at),
    }


def _mails(session: Session, rows: Sequence[OutboxEmail]) -> list[dict[str, Any]]:
    subjects = outbox.subjects(session, rows)
    return [
        {
            "kind": row.kind,
            "to": row.to_address,
            "subject": subjects[row.id],
            "written_at": _at(row.created_at),
            "state": row.state,
            "accepted_at": _at(row.accepted_at),
            "message_id": row.message_id,
        }
        for row in rows
    ]
