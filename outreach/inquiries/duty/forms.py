"""Forms of duty: a turn on the rota."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import SelectField, StringField

from outreach.accounts.models import Account
from outreach.forms import StaffForm
from outreach.inquiries.duty.rota import NOBODY
from outreach.language import mark

NO_MOMENT = mark("Enter a day and a time.")
NOT_AFTER = mark("A turn ends after it begins.")


class TurnForm(StaffForm):
    """Who, from when, until when: both as local wall-clock times of the office."""

    account_id = SelectField(mark("Officer"), validate_choice=False)
    starts = StringField(mark("From"))
    ends = StringField(mark("Until"))

    def __init__(self, zone: ZoneInfo, officers: list[Account], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone
        self.account_id.choices = [(str(officer.id), officer.name) for officer in officers]

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever; and it must be one of the officers, two real moments, in their order."""
        fine = bool(super().validate(extra_validators))
        if self.account_id.data not in dict(self.account_id.choices):
            self.account_id.errors, fine = [NOBODY], False
        for moment in (self.starts, self.ends):
            if self.read(moment) is None:
                moment.errors, fine = [NO_MOMENT], False
        if fine and self.turn()[1] >= self.turn()[2]:
            self.ends.errors, fine = [NOT_AFTER], False
        return fine

    def read(self, moment: StringField) -> datetime | None:
        """The instant, UTC, of what a browser's field for a local time sends."""
        try:
            return datetime.strptime(moment.data or "", "%Y-%m-%dT%H:%M").replace(tzinfo=self._zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def turn(self) -> tuple[int, datetime, datetime]:
        """Account, begin and end of a form that is valid."""
        starts, ends = self.read(self.starts), self.read(self.ends)
        assert starts is not None
        assert ends is not None
        return int(self.account_id.data), starts, ends
