"""Forms of the desk for one document: publish and withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField, ValidationError

from outreach.forms import StaffForm
from outreach.language import mark
from outreach.newsroom import localtime

LANGUAGES = {"en": mark("English"), "sr": mark("Serbian")}
LONGEST_REASON = 600


class PublishForm(StaffForm):
    """Which languages, and from when; `fingerprint` is what the editor saw."""

    fingerprint = HiddenField()
    languages = SelectMultipleField(mark("Languages"), validate_choice=False)
    embargo = StringField(mark("Not before (optional)"))

    def __init__(self, *given: Any, zone: ZoneInfo, now: datetime, having: list[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self._zone, self._now, self._having = zone, now, having
        self.languages.choices = [(language, LANGUAGES[language]) for language in having]
        self.embargo_at: datetime | None = None

    def shows_embargo(self, at: datetime | None) -> None:
        """Fill in an embargo that still stands, so that sending the form again keeps it."""
        if at is not None and at > self._now:
            self.embargo.data = localtime.written(at, self._zone)

    def validate_languages(self, field: Any) -> None:
        field.data = [language for language in field.data or [] if language in self._having]
        if not field.data:
            raise ValidationError(mark("Choose at least one language"))

    def validate_embargo(self, field: Any) -> None:
        if not (field.data or "").strip():
            return
        try:
            self.embargo_at = localtime.instant(field.data, self._zone)
        except ValueError:
            raise ValidationError(mark("Enter a date and time that exist, like 2026-11-25 10:00")) from None
        if self.embargo_at <= self._now:
            raise ValidationError(mark("This time is past. Leave it empty to publish at once"))


class WithdrawForm(StaffForm):
    """The reason, in each language; a missing one is filled by the other."""

    fingerprint = HiddenField()
    reason_en = TextAreaField(mark("Reason, in English"))
    reason_sr = TextAreaField(mark("Reason, in Serbian Cyrillic"))

    def validate_reason_en(self, field: Any) -> None:
        if not self.reasons:
            raise ValidationError(mark("Enter the reason; readers will see it"))
        if any(len(reason) > LONGEST_REASON for reason in self.reasons.values()):
            raise ValidationError(mark("The reason is too long; 600 characters is the most"))

    @property
    def reasons(self) -> dict[str, str]:
        written = {"en": (self.reason_en.data or "").strip(), "sr": (self.reason_sr.data or "").strip()}
        return {language: reason for language, reason in written.items() if reason}
