"""The inquiry form: fields 1 to 14 with their rules and messages; and the small forms of status page and desk.

The same words stand in the summary and beside the field; nothing typed is ever cleared.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)  # fmt: skip
from wtforms.validators import StopValidation, ValidationError

from outreach.forms import PublicForm, Said
from outreach.inquiries import deadlines, hygiene, terms, typed, zones
from outreach.inquiries.deadlines import Deadline, DeadlineError, Typed
from outreach.inquiries.intake import Submission
from outreach.inquiries.models import Inquiry
from outreach.language import Variant, mark
from outreach.mail import addresses
from outreach.office import Office

PHONE_URGENT = mark("Enter a phone number. Your deadline is less than 4 hours away and we may need to call")
PHONE_VISIT = mark("Enter a phone number. We may need to call about the interview or the visit")
PHONE_FORMAT = mark("Enter a phone number in the correct format, like +381 11 000 0000")
EMAIL_MISSING = mark("Enter an email address")
EMAIL_FORMAT = mark("Enter an email address in the correct format, like name@example.com")
NO_NEED = mark("Select what you need from us")
NO_SUBJECT = mark("Enter a subject")
NO_QUESTIONS = mark("Enter your questions")
PUBLICATION_PAST = mark("Publication date must be today or in the future")
PUBLICATION_REAL = mark("Publication date must be a real date, like 25 11 2025")

_PHONE = re.compile(r"\+?[\d\s()/.\-–]+(?:,?\s*(?:ext|lok|x)\.?\s*\d{1,6})?", re.IGNORECASE)
Validator = Callable[[Any, Field], None]


def at_least(least: int, message: str) -> Validator:
    """Required, with so many characters."""

    def check(_form: Any, field: Field) -> None:
        if len(field.data or "") < least:
            raise StopValidation(message)

    return check


def at_most(most: int, message: str) -> Validator:
    def check(_form: Any, field: Field) -> None:
        if len(field.data or "") > most:
            raise ValidationError(message)

    return check


def one_of(known: dict[str, str], message: str) -> Validator:
    """Required: one of the choices that were offered."""

    def check(_form: Any, field: Field) -> None:
        if field.data not in known:
            raise StopValidation(message)

    return check


def an_address(_form: Any, field: Field) -> None:
    if not field.data:
        raise StopValidation(EMAIL_MISSING)
    try:
        field.data = addresses.check(field.data)
    except ValueError:
        raise StopValidation(EMAIL_FORMAT) from None


def a_number(_form: Any, field: Field) -> None:
    """Any way of writing a number with 6 to 15 digits."""
    if field.data and not (_PHONE.fullmatch(field.data) and 6 <= len(re.findall(r"\d", field.data)) <= 15):
        raise StopValidation(PHONE_FORMAT)


def _line(text: Any) -> str:
    return hygiene.one_line(str(text or ""))


def _text(text: Any) -> str:
    return hygiene.clean(str(text or ""))


class InquiryForm(PublicForm):
    """What a journalist fills in. After ``validate`` the whole deadline stands in ``deadline``."""

    need = SelectMultipleField(mark("What do you need?"), choices=list(terms.NEEDS.items()), validate_choice=False)
    subject = StringField(
        mark("Subject"), filters=[_line],
        validators=[at_least(3, NO_SUBJECT), at_most(120, mark("Subject must be 120 characters or less"))],
    )  # fmt: skip
    questions = TextAreaField(
        mark("Your questions, one per line"), filters=[_text],
        validators=[at_least(10, NO_QUESTIONS), at_most(5000, mark("Questions must be 5,000 characters or less"))],
    )  # fmt: skip
    when = RadioField(mark("When do you need an answer?"), choices=list(terms.WHEN.items()), validate_choice=False)
    date = StringField(mark("Date"), filters=[_line])
    time = StringField(mark("Time"), filters=[_line])
    zone = SelectField(mark("Time zone"), validate_choice=False)
    anyway = BooleanField(mark("We publish even without your answer after this time (optional)"))
    name = StringField(
        mark("Full name"), filters=[_line],
        validators=[
            at_least(2, mark("Enter your full name")), at_most(100, mark("Full name must be 100 characters or less")),
        ],
    )  # fmt: skip
    outlet = StringField(
        mark("Outlet"), filters=[_line],
        validators=[
            at_least(2, mark("Enter the outlet you work for, or 'freelance'")),
            at_most(120, mark("Outlet must be 120 characters or less")),
        ],
    )  # fmt: skip
    email = StringField(mark("E-mail"), filters=[_line], validators=[an_address])
    phone = StringField(
        mark("Phone"), filters=[_line],
        validators=[a_number, at_most(60, PHONE_FORMAT)],
    )  # fmt: skip
    channels = SelectMultipleField(
        mark("You may also reach me by (optional)"), choices=list(terms.CHANNELS.items()), validate_choice=False
    )
    handle = StringField(
        mark("Another handle (optional)"), filters=[_line],
        validators=[at_most(120, mark("Handle must be 120 characters or less"))],
    )  # fmt: skip
    reply = RadioField(
        mark("Reply in"), choices=list(terms.REPLY_IN.items()), validate_choice=False,
        validators=[one_of(terms.REPLY_IN, mark("Select the language of the answer"))],
    )  # fmt: skip
    terms = RadioField(
        mark("How would you like us to speak? (optional)"), choices=list(terms.TERMS.items()), validate_choice=False
    )
    story = TextAreaField(
        mark("What is the story about? (optional)"), filters=[_text],
        validators=[at_most(1000, mark("Story must be 1,000 characters or less"))],
    )  # fmt: skip
    runs = StringField(mark("Publication or broadcast date (optional)"), filters=[_line])

    def __init__(
        self, formdata: Any, now: datetime, variant: Variant, office: Office, kept: Inquiry | None = None,
        subject: str = "",
    ) -> None:  # fmt: skip
        """``kept``: the inquiry being edited; its fields fill an empty form, and its deadline stays if untouched."""
        before = _fields_of(kept) if kept else {"zone": office.zone.key, "reply": variant.segment, "terms": "on_record"}
        super().__init__(formdata, now, data={"subject": subject, **before})
        self.zone.choices = zones.choices(variant, now, office.zone.key)
        self.deadline: Deadline | None = None
        self.runs_on: date | None = None
        self._kept, self._variant, self._office = kept, variant, office

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, then the rules across fields."""
        fine = bool(super().validate(extra_validators))
        checks = (self._check_need, self._check_deadline, self._check_phone, self._check_publication)
        return all([fine, *(check() for check in checks)])

    @property
    def typed(self) -> Typed:
        return Typed(self.when.data or "", self.date.data or "", self.time.data or "", self.zone.data or "")

    def submission(self) -> Submission:
        """What a valid form carries."""
        assert self.deadline is not None
        return Submission(
            needs=tuple(n for n in terms.NEEDS if n in self.need.data), subject=self.subject.data,
            questions=self.questions.data, typed=self.typed, deadline=self.deadline, name=self.name.data,
            outlet=self.outlet.data, email=self.email.data, variant=self._variant, phone=self.phone.data,
            channels=tuple(c for c in terms.CHANNELS if c in (self.channels.data or ())),
            other_handle=self.handle.data, reply_in=self.reply.data, publishes_anyway=self.anyway.data,
            terms=self.terms.data if self.terms.data in terms.TERMS else terms.ON_RECORD, story=self.story.data,
            publication_on=self.runs_on,
        )  # fmt: skip

    def wants_more(self) -> bool:
        """Whether the folded optional part has something in it that must be seen."""
        folded = (self.channels, self.handle, self.story, self.runs)
        return any(f.data or f.errors for f in folded) or self.terms.data not in (None, "", terms.ON_RECORD)

    def _check_need(self) -> bool:
        return bool(set(self.need.data or ()) & set(terms.NEEDS)) or self._wrong(self.need, NO_NEED)

    def _check_deadline(self) -> bool:
        if self._kept and self.typed == _typed_of(self._kept):
            self.deadline = _deadline_of(self._kept)
            return True
        try:
            self.deadline = deadlines.read(self.typed, self._now)
        except DeadlineError as error:
            control = {"when": self.when, "day": self.date, "hour": self.time, "zone": self.zone}[error.control]
            return self._wrong(control, Said(error.message, **error.values(self._variant)))
        return True

    def _check_phone(self) -> bool:
        if self.phone.data:
            return True
        if self.deadline and self.deadline.is_urgent(self._now):
            return self._wrong(self.phone, PHONE_URGENT)
        if {terms.INTERVIEW, terms.VISIT} & set(self.need.data or ()):
            return self._wrong(self.phone, PHONE_VISIT)
        return True

    def _check_publication(self) -> bool:
        if not self.runs.data:
            return True
        today = self._now.astimezone(self._office.zone).date()
        said = typed.read_day(self.runs.data)
        try:
            self.runs_on = said.on(today) if said else None
        except ValueError:
            self.runs_on = None
        if self.runs_on is None:
            return self._wrong(self.runs, PUBLICATION_REAL)
        return self.runs_on >= today or self._wrong(self.runs, PUBLICATION_PAST)

    @staticmethod
    def _wrong(field: Field, message: object) -> bool:
        field.errors = [*field.errors, message]
        return False


def _typed_of(inquiry: Inquiry) -> Typed:
    return Typed(inquiry.deadline_choice, inquiry.deadline_day, inquiry.deadline_hour, inquiry.deadline_zone)


def _deadline_of(inquiry: Inquiry) -> Deadline:
    return Deadline(inquiry.deadline_at, inquiry.deadline_zone, "", inquiry.deadline_choice, inquiry.deadline_repeats)


def _fields_of(inquiry: Inquiry) -> dict[str, Any]:
    runs = inquiry.publication_on
    return {
        "need": inquiry.needs, "subject": inquiry.subject, "story": inquiry.story, "name": inquiry.name,
        "questions": "\n".join(question.text for question in inquiry.questions), "when": inquiry.deadline_choice,
        "date": inquiry.deadline_day, "time": inquiry.deadline_hour, "zone": inquiry.deadline_zone,
        "anyway": inquiry.publishes_anyway, "outlet": inquiry.outlet, "email": inquiry.email, "phone": inquiry.phone,
        "channels": inquiry.channels, "handle": inquiry.other_handle, "reply": inquiry.reply_in,
        "terms": inquiry.terms_wanted, "runs": f"{runs.day}. {runs.month}. {runs.year}." if runs else "",
    }  # fmt: skip


class FollowUpForm(PublicForm):
    """Add to an inquiry."""

    body = TextAreaField(
        mark("Add to your inquiry"), filters=[_text],
        validators=[
            at_least(2, mark("Enter what you want to add")),
            at_most(5000, mark("The text must be 5,000 characters or less")),
        ],
    )  # fmt: skip


class FindForm(PublicForm):
    """Reference and e-mail, for a lost link. Whether they belong together is not said."""

    reference = StringField(mark("Reference"), filters=[_line], validators=[at_least(1, mark("Enter the reference"))])
    email = StringField(mark("E-mail"), filters=[_line], validators=[an_address])
