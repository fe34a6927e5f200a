"""What was wished in another room: the ordinary double opt-in begins, with its limits and its proof."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.contacts import wishes
from outreach.contacts.models import Wish
from outreach.house import House
from outreach.language import Variant
from outreach.subscriptions import choices, optin, queries


def take_up(session: Session, house: House, now: datetime, most: int) -> int:
    """Ask the owners of these addresses to confirm, oldest wish first; how many wishes are gone.

    Whoever subscribes already is left in peace.
    """
    taken = wishes.take(session, most)
    for wish in taken:
        owner = queries.by_address(session, house, wish.address)
        if owner is None or not owner.is_live:
            _ask(session, house, now, wish)
        session.delete(wish)
    session.flush()
    return len(taken)


def _ask(session: Session, house: House, now: datetime, wish: Wish) -> None:
    shown = Variant.of(wish.variant)
    optin.request(
        session, house, now, address=wish.address, choice=choices.usual(house.office, shown), shown=shown,
        source=wish.source, wording=wish.wording,
    )  # fmt: skip
