"""The form of an entry of the timeline, with the next step."""

from __future__ import annotations

import secrets
from datetime import date, datetime, tzinfo
from typing import Any

from wtforms import DateField, DateTimeLocalField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, ValidationError

from outreach.accounts.forms import cleaned
from outreach.contacts.forms_rows import at_most, line
from outreach.contacts.models import Interaction, Person
from outreach.contacts.timeline import Entry
from outreach.forms import StaffForm
from outreach.language import mark

KINDS_BY_HAND = {
    "call": mark("call"), "meeting": mark("meeting"), "mail": mark("e-mail"), "message": mark("message"),
    "event": mark("event"), "note": mark("note"), "coverage": mark("coverage"),
}  # fmt: skip


class LogForm(StaffForm):
    """What passed between a person and us, and what is to be done next: written in twenty seconds."""

    nonce = HiddenField()
    kind = SelectField(mark("What it was"), choices=list(KINDS_BY_HAND.items()))
    at = DateTimeLocalField(
        mark("When"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[DataRequired(mark("Enter day and time."))],
    )  # fmt: skip
    summary = StringField(
        mark("In a line"), filters=[line],
        validators=[DataRequired(mark("Say in a line what it was about.")), at_most(300)],
    )  # fmt: skip
    text = TextAreaField(mark("What was said"), filters=[cleaned], validators=[at_most(5000)])
    next_step = StringField(mark("Next step"), filters=[line], validators=[at_most(200)])
    next_step_on = DateField(mark("On which day"), validators=[Optional()])

    def __init__(self, zone: tzinfo, now: datetime, values: dict[str, Any] | None = None) -> None:
        """Times are those of the clock of `zone`."""
        super().__init__(**({"formdata": None, "data": values} if values is not None else {}))
        self._zone, self._now = zone, now

    def validate_at(self, field: DateTimeLocalField) -> None:
        if field.data and field.data.replace(tzinfo=self._zone) > self._now:
            raise ValidationError(mark("That has not happened yet. Write it as a next step."))

    def validate_next_step_on(self, field: DateField) -> None:
        if field.data and not self.next_step.data:
            raise ValidationError(mark("Say what is to be done on that day."))

    def entry(self) -> Entry:
        """What a valid form says."""
        at = self.at.data.replace(tzinfo=self._zone)
        return Entry(kind=self.kind.data, at=at, summary=self.summary.data, text=self.text.data or "")

    def step(self) -> tuple[str, date | None]:
        return self.next_step.data, self.next_step_on.data


def fresh_log(zone: tzinfo, now: datetime, person: Person) -> LogForm:
    """The form for something that passed just now, with the next step that is on record."""
    return _filled(zone, now, person, {"nonce": secrets.token_urlsafe(9), "kind": "call", "at": now})


def log_of(zone: tzinfo, now: datetime, person: Person, entry: Interaction) -> LogForm:
    """The form for an entry that is on record."""
    known = {"kind": entry.kind, "at": entry.at, "summary": entry.summary, "text": entry.text}
    return _filled(zone, now, person, known)


def _filled(zone: tzinfo, now: datetime, person: Person, values: dict[str, Any]) -> LogForm:
    at = values["at"].astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    step = {"next_step": person.next_step, "next_step_on": person.next_step_on}
    return LogForm(zone, now, values | step | {"at": at})
