"""The forms of a mailing: to whom, in which words, under which embargo; and the second word."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from outreach.briefings import compose
from outreach.briefings.models import ADVISORY, Mailing
from outreach.briefings.writing import Draft
from outreach.forms import Said, StaffForm
from outreach.inquiries import deadlines, forms_rules, terms, zones
from outreach.inquiries.deadlines import DeadlineError
from outreach.language import Variant, mark
from outreach.mail import headers

NO_WORDS = mark("Write subject and text, in one language at least.")
NO_SUBJECT = mark("Write a subject to this text.")
NO_TEXT = mark("Write a text to this subject.")
BAD_SUBJECT = mark("This cannot stand in a subject. Use plain words.")
NO_INSTANT = mark("Enter a day and an hour, such as 25.11. 16:30.")
IN_THE_PAST = mark("The embargo must lie in the future.")
SHORT = Length(max=110, message=mark("Use 110 characters at most."))
LONG = Length(max=10_000, message=mark("Use 10,000 characters at most."))
ALSO = "Europe/London"


class MailingForm(StaffForm):
    """A mailing as it is written; `version` is the one that the officer saw."""

    version = HiddenField()
    kind = RadioField(mark("What it is"), choices=list(compose.KINDS.items()), default=ADVISORY)
    to = SelectField(
        mark("To"), validators=[DataRequired(mark("Choose a press list or a segment that is still there."))]
    )
    subject_en = StringField(mark("Subject in English"), filters=[forms_rules.line], validators=[SHORT])
    text_en = TextAreaField(mark("Text in English"), filters=[forms_rules.text], validators=[LONG])
    subject_sr = StringField(mark("Subject in Serbian"), filters=[forms_rules.line], validators=[SHORT])
    text_sr = TextAreaField(mark("Text in Serbian"), filters=[forms_rules.text], validators=[LONG])
    terms = SelectField(mark("Terms"), choices=[("", mark("none")), *terms.TERMS.items()])
    embargo = StringField(
        mark("Embargo until"),
        filters=[forms_rules.line],
        validators=[Length(max=300, message=mark("Use 300 characters at most."))],
    )
    embargo_zone = SelectField(mark("On whose clock"))
    also_zone = SelectField(mark("Also told on the clock of"))

    def __init__(
        self,
        sets: list[tuple[str, str]],
        variant: Variant,
        now: datetime,
        zone: str,
        values: dict[str, Any] | None = None,
    ) -> None:
        """`sets`: press lists and segments by name. `values` fill the form; without them it reads what was sent."""
        given = (
            {"formdata": None, "data": {"embargo_zone": zone, "also_zone": ALSO, **values}}
            if values is not None
            else {}
        )
        super().__init__(**given)
        self._variant, self._now = variant, now
        self.embargo_at: datetime | None = None
        self.to.choices = [("", mark("Choose …")), *sets]
        self.embargo_zone.choices = self.also_zone.choices = zones.choices(variant, now, zone)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field; words in one language at least, each with a subject; an embargo that is still to come."""
        fine = bool(super().validate(extra_validators))
        pairs = ((self.subject_en, self.text_en), (self.subject_sr, self.text_sr))
        wrong = [(text, NO_TEXT) for subject, text in pairs if subject.data and not text.data]
        wrong += [(subject, NO_SUBJECT) for subject, text in pairs if text.data and not subject.data]
        wrong += [(subject, BAD_SUBJECT) for subject, _ in pairs if not _is_sendable(subject.data)]
        if not any(subject.data or text.data for subject, text in pairs):
            wrong.append((self.subject_en, NO_WORDS))
        for field, message in wrong:
            field.errors = [*field.errors, message]
        return self._read_embargo() and fine and not wrong

    def said(self) -> Draft:
        """What a valid form carries."""
        kind, _, number = self.to.data.partition(":")
        return Draft(
            kind=self.kind.data, subject_en=self.subject_en.data, subject_sr=self.subject_sr.data,
            text_en=self.text_en.data, text_sr=self.text_sr.data, terms=self.terms.data, embargo_at=self.embargo_at,
            embargo_zone=self.embargo_zone.data, also_zone=self.also_zone.data, to_kind=kind, to_id=int(number),
        )  # fmt: skip

    def echo(self) -> str | None:
        """The embargo as it was understood."""
        if self.embargo_at is None:
            return None
        return compose.on_two_clocks(self._variant, self.embargo_at, self.embargo_zone.data, self.also_zone.data)

    def _read_embargo(self) -> bool:
        if not self.embargo.data:
            return True
        try:
            self.embargo_at = deadlines.read_box(self.embargo.data, self.embargo_zone.data or "", self._now).at
        except DeadlineError as wrong:
            told: Any = {deadlines.PAST: IN_THE_PAST}.get(wrong.message, NO_INSTANT)
            if wrong.message == deadlines.SKIPPED:
                told = Said(wrong.message, **wrong.values(self._variant))
            self.embargo.errors = [*self.embargo.errors, told]
            return False
        return True


class ReleaseForm(StaffForm):
    """The second word."""

    version = HiddenField()
    looked = BooleanField(
        mark("I have looked at the mail, at who gets it and at who does not"),
        validators=[DataRequired(mark("Look at it first, then tick the box."))],
    )


def values_of(mailing: Mailing) -> dict[str, Any]:
    """A mailing as the form shows it."""
    names = ("kind", "subject_en", "subject_sr", "text_en", "text_sr", "terms")
    values = {name: getattr(mailing, name) for name in names}
    clocks = {name: getattr(mailing, name) for name in ("embargo_zone", "also_zone") if getattr(mailing, name)}
    return {**values, **clocks, "version": str(mailing.version), "to": f"{mailing.to_kind}:{mailing.to_id}",
            "embargo": _typed(mailing)}  # fmt: skip


def _typed(mailing: Mailing) -> str:
    if mailing.embargo_at is None:
        return ""
    there = mailing.embargo_at.astimezone(ZoneInfo(mailing.embargo_zone))
    return f"{there.day}.{there.month}.{there.year} {there:%H:%M}"


def _is_sendable(subject: str | None) -> bool:
    try:
        headers.clean(subject or "")
    except headers.BadHeader:
        return False
    return True
