"""The mail that carries the link to a card, which is also the notice of GDPR Article 14."""

from __future__ import annotations

from datetime import datetime

from outreach.contacts.card import links
from outreach.contacts.models import ContactAddress, Person
from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose
from outreach.mail.compose import Words


def card(house: House, person: Person, address: ContactAddress, now: datetime) -> Words:
    """Says that we hold a record, and where its owner sees, corrects and refuses it; no word of the record is in it."""
    link = links.mailed(house, person, address, now)
    return compose.render(
        house, "contact_card", Variant.of(person.preferred_variant), link=link, until=now + links.LIVES
    )
