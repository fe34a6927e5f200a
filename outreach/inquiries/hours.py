"""When the office is open, for what the form promises; an office without hours on record promises nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.office import Office

LOOK_AHEAD = 30  # days; a closure longer than that is not a matter of hours


def opens_at(office: Office, at: datetime) -> datetime | None:
    """When a closed office opens next, in its zone; ``None`` when it is open at ``at`` or its hours are unknown."""
    if not office.hours:
        return None
    local = at.astimezone(office.zone)
    for ahead in range(LOOK_AHEAD):
        on = local.date() + timedelta(days=ahead)
        if on in office.holidays or on.weekday() not in office.hours:
            continue
        opens, closes = (datetime.combine(on, hour, office.zone) for hour in office.hours[on.weekday()])
        if at < opens:
            return opens
        if at < closes:
            return None
    return None
