"""Calendars as files: how entries are written down, and a journalist's deadline as a file of its own.

The deadline's file is the same for all inquiries but for the reference and two instants, so that a mail can carry it as
a form that is drawn once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from outreach.house import House
from outreach.inquiries.models import Inquiry
from outreach.language import Variant, mark, text
from outreach.mail.outbox import Attachment

CONTENT_TYPE = "text/calendar; charset=utf-8"
YOUR_DEADLINE = mark("Your deadline, inquiry {reference}")

# What stands in the drawn file where an inquiry's own values come, each as long as those.
REFERENCE, DUE_AT, CHANGED_AT = "00-00000-0", datetime(1900, 1, 1, tzinfo=UTC), datetime(1900, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One entry: its lasting name, when, what; and the address of a page, where one may stand."""

    name: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    changed_at: datetime
    url: str | None = None


def deadline(house: House, inquiry: Inquiry, variant: Variant) -> Attachment | None:
    """The journalist's deadline; `None` without a fixed one. It holds no private link, and no word that was typed."""
    values = values_of(inquiry)
    return deadline_with(house, variant, values) if values else None


def values_of(inquiry: Inquiry) -> dict[str, str]:
    """What the file says of this inquiry alone: reference, due_at, changed_at. Empty without a fixed deadline."""
    if inquiry.deadline_at is None:
        return {}
    said = {"due_at": _stamp(inquiry.deadline_at), "changed_at": _stamp(inquiry.changed_at)}
    return {"reference": inquiry.reference, **said}


def deadline_with(house: House, variant: Variant, values: Mapping[str, str]) -> Attachment:
    """The file with these values, or with what stands for them in words that many mails share."""
    summary = text(variant, YOUR_DEADLINE, reference=REFERENCE)
    entry = Entry(f"{REFERENCE}-yours", DUE_AT, DUE_AT, summary, CHANGED_AT)
    drawn = written(house, variant, [entry]).decode()
    for sample, name in ((REFERENCE, "reference"), (_stamp(DUE_AT), "due_at"), (_stamp(CHANGED_AT), "changed_at")):
        drawn = drawn.replace(sample, values[name])
    return Attachment(f"{values['reference']}.ics", CONTENT_TYPE, drawn.encode())


def written(house: House, variant: Variant, entries: Iterable[Entry]) -> bytes:
    """The entries as a calendar of the office."""
    from icalendar import Calendar, Event  # only calendars need it, and it takes a while to load

    calendar = Calendar()
    calendar.add("prodid", "-//Outreach//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{house.office.name(variant)}, {house.office.unit(variant)}")
    host = house.settings.mail_from.rpartition("@")[2]
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.name}@{host}")
        event.add("dtstamp", entry.changed_at)
        event.add("dtstart", entry.starts_at)
        if entry.ends_at != entry.starts_at:
            event.add("dtend", entry.ends_at)
        event.add("summary", entry.summary)
        event.add("transp", "TRANSPARENT")
        if entry.url:
            event.add("url", entry.url)
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _stamp(at: datetime) -> str:
    """An instant as calendars write it."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
