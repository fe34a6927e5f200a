"""The inquiry form: fields 1 to 18 with their rules and messages; and the small forms of the private page.

The same words stand in the summary and beside the field; nothing typed is ever cleared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)  # fmt: skip

from outreach.forms import PublicForm, Said
from outreach.inquiries import deadlines, forms_details, forms_files, terms, typed, zones
from outreach.inquiries.deadlines import Deadline, DeadlineError, Typed
from outreach.inquiries.forms_rules import PHONE_FORMAT, a_number, an_address, at_least, at_most, line, one_of, text
from outreach.inquiries.intake import Submission
from outreach.inquiries.models import Inquiry
from outreach.inquiries.terms import NOTICES
from outreach.language import Variant, mark
from outreach.office import Office

PHONE_URGENT = mark("Enter a phone number. Your deadline is less than 4 hours away and we may need to call")
PHONE_VISIT = mark("Enter a phone number. We may need to call about the interview or the visit")
NO_NEED = mark("Select what you need from us")
NO_SUBJECT = mark("Enter a subject")
NO_QUESTIONS = mark("Enter your questions")
TOO_MUCH = mark("Questions must be 5,000 characters or less. Add longer material as a file")
PUBLICATION_PAST = mark("Publication date must be today or in the future")
PUBLICATION_REAL = mark("Publication date must be a real date, like 25 11 2025")
NOTHING_ADDED = mark("Enter what you want to add")


class InquiryForm(PublicForm):
    """What a journalist fills in. After ``validate`` the whole deadline stands in ``deadline``."""

    need = SelectMultipleField(mark("What do you need?"), choices=list(terms.NEEDS.items()), validate_choice=False)
    interview_form, interview_way, interview_language, interview_minutes, interview_with = (
        forms_details.interview_fields()
    )
    visit_place, visit_days, visit_people, visit_equipment = forms_details.visit_fields()
    subject = StringField(
        mark("Subject"), filters=[line],
        validators=[at_least(3, NO_SUBJECT), at_most(120, mark("Subject must be 120 characters or less"))],
    )  # fmt: skip
    questions = TextAreaField(
        mark("Your questions, one per line"), filters=[text],
        validators=[at_least(10, NO_QUESTIONS), at_most(5000, TOO_MUCH)],
    )  # fmt: skip
    when = RadioField(mark("When do you need an answer?"), choices=list(terms.WHEN.items()), validate_choice=False)
    date = StringField(mark("Date"), filters=[line])
    time = StringField(mark("Time"), filters=[line])
    zone = SelectField(mark("Time zone"), validate_choice=False)
    anyway = BooleanField(mark("We publish even without your answer after this time (optional)"))
    name = StringField(
        mark("Full name"), filters=[line],
        validators=[
            at_least(2, mark("Enter your full name")), at_most(100, mark("Full name must be 100 characters or less")),
        ],
    )  # fmt: skip
    outlet = StringField(
        mark("Outlet"), filters=[line],
        validators=[
            at_least(2, mark("Enter the outlet you work for, or 'freelance'")),
            at_most(120, mark("Outlet must be 120 characters or less")),
        ],
    )  # fmt: skip
    email = StringField(mark("E-mail"), filters=[line], validators=[an_address])
    phone = StringField(
        mark("Phone"), filters=[line],
        validators=[a_number, at_most(60, PHONE_FORMAT)],
    )  # fmt: skip
    channels = SelectMultipleField(
        mark("You may also reach me by (optional)"), choices=list(terms.CHANNELS.items()), validate_choice=False
    )
    handle = StringField(
        mark("Another handle (optional)"), filters=[line],
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
        mark("What is the story about? (optional)"), filters=[text],
        validators=[at_most(1000, mark("Story must be 1,000 characters or less"))],
    )  # fmt: skip
    runs = StringField(mark("Publication or broadcast date (optional)"), filters=[line])
    files, unwanted = forms_files.fields()
    byline = StringField(
        mark("Your byline, profile or editor (optional)"), filters=[line],
        validators=[at_most(300, forms_details.TOO_LONG)],
    )  # fmt: skip
    remember = BooleanField(mark("Remember me on this device"))
    notices = BooleanField(NOTICES)
    about = HiddenField(filters=[line])

    def __init__(
        self, formdata: Any, now: datetime, variant: Variant, office: Office, kept: Inquiry | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """``kept``: the inquiry being edited; its fields fill an empty form, and its deadline stays if untouched.

        ``given``: what is filled in already, by the names of the fields.
        """
        usual = {"zone": office.zone.key, "reply": variant.segment, "terms": terms.ON_RECORD}
        super().__init__(formdata, now, data=_fields_of(kept) if kept else {**usual, **(given or {})})
        self.zone.choices = zones.choices(variant, now, office.zone.key)
        self.deadline: Deadline | None = None
        self.runs_on: date | None = None
        self.file_faults: list[str] = []
        self._kept, self._variant, self._office = kept, variant, office

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, then the rules across fields."""
        fine = bool(super().validate(extra_validators))
        checks = (self._check_need, self._check_deadline, self._check_phone, self._check_publication)
        wrong = [*forms_details.faults(self), *((self.files, message) for message in self.file_faults)]
        return all([fine, *(check() for check in checks), *(self._wrong(*one) for one in wrong)])

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
            publication_on=self.runs_on, details=forms_details.said(self), byline=self.byline.data,
            about=self.about.data or None, without=tuple(self.unwanted.data or ()),
            wants_notices=self.notices.data,
        )  # fmt: skip

    def wants_more(self) -> bool:
        """Whether the folded optional part has something in it that must be seen."""
        folded = (self.channels, self.handle, self.story, self.runs, self.files, self.byline)
        return any(f.data or f.errors for f in folded) or self.terms.data not in (None, "", terms.ON_RECORD)

    def wants_details(self, need: str) -> bool:
        """Whether the folded part about an interview or a visit must be seen."""
        is_filled = any(field.data for field in forms_details.fields(self, need).values())
        return need in (self.need.data or ()) or is_filled

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
        "byline": inquiry.byline, "about": inquiry.about or "", **forms_details.of(inquiry.details),
        "terms": inquiry.terms_wanted, "runs": f"{runs.day}. {runs.month}. {runs.year}." if runs else "",
    }  # fmt: skip


class FollowUpForm(PublicForm):
    """Add to an inquiry: words, files, or both. ``brings_files``: a good one waits below the form's nonce."""

    body = TextAreaField(
        mark("Add to your inquiry"), filters=[text],
        validators=[at_most(5000, mark("The text must be 5,000 characters or less"))],
    )  # fmt: skip
    files, unwanted = forms_files.fields()
    file_faults: Sequence[str] = ()
    brings_files = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Words are needed where no file speaks for itself."""
        fine = bool(super().validate(extra_validators))
        self.files.errors = self.file_faults
        if not (self.brings_files or self.file_faults) and len(self.body.data or "") < 2:
            self.body.errors = [NOTHING_ADDED]
        return fine and not (self.body.errors or self.file_faults)


class FindForm(PublicForm):
    """Reference and e-mail, for a lost link. Whether they belong together is not said."""

    reference = StringField(mark("Reference"), filters=[line], validators=[at_least(1, mark("Enter the reference"))])
    email = StringField(mark("E-mail"), filters=[line], validators=[an_address])
