"""What a column of a file may hold, in the words of our own export; and what is never kept."""

from __future__ import annotations

from outreach.language import mark

NAME, GIVEN, MIDDLE, FAMILY = "name", "given", "middle", "family"
EMAIL, PHONE, CHANNELS = "email", "phone", "channels"
ORGANISATION, KIND, TITLE = "organisation", "kind", "title"
UNSUBSCRIBED, BROKEN = "unsubscribed", "broken"

FIELDS = {
    NAME: mark("Name"),
    GIVEN: mark("Given name"),
    MIDDLE: mark("Middle name"),
    FAMILY: mark("Family name"),
    "name_latin": mark("Name in Latin"),
    "name_cyrillic": mark("Name in Cyrillic"),
    "honorific": mark("Honorific"),
    "vocative": mark("Vocative"),
    "preferred_variant": mark("Writes in"),
    "languages": mark("Languages"),
    "beats": mark("Beats"),
    "region": mark("Region"),
    ORGANISATION: mark("Organisation"),
    KIND: mark("Kind of organisation"),
    TITLE: mark("Title"),
    EMAIL: mark("E-mail"),
    PHONE: mark("Phone"),
    "signal": "Signal",
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "telegram": "Telegram",
    "web": mark("Web"),
    CHANNELS: mark("Other channels"),
    "do_not_contact": mark("Do not contact"),
    "do_not_contact_reason": mark("Reason"),
    "source": mark("Source"),
    "lawful_basis": mark("Basis"),
    "note": mark("Note"),
    UNSUBSCRIBED: mark("Unsubscribed"),
}
"""By the key that a mapping holds; all but a few are columns of a person."""

MANY = frozenset({
    EMAIL, PHONE, "signal", "whatsapp", "viber", "telegram", "web", CHANNELS, "languages", "beats", ORGANISATION, TITLE,
})  # fmt: skip
"""Fields that several columns may hold, and one cell several of."""

LONGEST = {
    "name": 120, "name_latin": 120, "name_cyrillic": 120, "honorific": 40, "vocative": 80, "region": 80, "source": 120,
    "do_not_contact_reason": 300, "note": 5000, ORGANISATION: 160, TITLE: 120, "beats": 60, "languages": 20,
}  # fmt: skip
ADDRESSES = ("email", "phone", "signal", "whatsapp", "viber", "telegram", "web", "other")
