"""A small register for the tests of duplicates."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.contacts import intake
from outreach.contacts.models import Person
from outreach.house import House


def add(session: Session, house: House, name: str, **known: Any) -> Person:
    """Somebody by name; `email`, `phone` and `outlet` when known."""
    email = known.pop("email", f"{house.address_hash(name)[:8]}@example.org")
    given: dict[str, Any] = {"outlet": "", "phone": None, "channels": [], "language": "en", "actor_id": None, **known}
    return intake.from_inquiry(session, house, clock.now(), name=name, email=email, **given)


def two(house: House, one: dict[str, Any], other: dict[str, Any]) -> tuple[int, int]:
    with house.db.transaction() as session:
        return add(session, house, **one).id, add(session, house, **other).id
