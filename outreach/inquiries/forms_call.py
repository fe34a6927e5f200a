"""A call in six fields; and, below them, the answer that was given on the spot."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from outreach.forms import Said, StaffForm
from outreach.inquiries import deadlines, hygiene, terms
from outreach.inquiries.deadlines import Deadline, DeadlineError, Typed
from outreach.inquiries.forms import NO_QUESTIONS
from outreach.inquiries.forms_rules import EMAIL_FORMAT, a_number, an_address, at_least, at_most, line, text
from outreach.inquiries.intake import Submission
from outreach.language import Variant, mark

NO_REACH = mark("Enter a phone number or an e-mail address, so that we can answer")
NO_ANSWER = mark("Write down what you answered")
_ADDRESS = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")


class CallForm(StaffForm):
    """After ``validate`` what was understood stands in ``email``, ``phone`` and ``deadline``."""

    nonce = HiddenField()
    who = StringField(
        mark("Who"), filters=[line],
        validators=[at_least(2, mark("Enter who called")), at_most(100, mark("Use 100 characters at most."))],
    )  # fmt: skip
    outlet = StringField(
        mark("Outlet"), filters=[line],
        validators=[
            at_least(2, mark("Enter the outlet, or 'freelance'")),
            at_most(120, mark("Outlet must be 120 characters or less")),
        ],
    )  # fmt: skip
    reach = StringField(mark("Phone or e-mail"), filters=[line])
    what = TextAreaField(
        mark("What they ask"), filters=[text],
        validators=[at_least(3, NO_QUESTIONS), at_most(5000, mark("What they ask must be 5,000 characters or less"))],
    )  # fmt: skip
    due = StringField(mark("Until when"), filters=[line])
    needs = SelectMultipleField(mark("Needs"), choices=list(terms.NEEDS_SHORT.items()), validate_choice=False)
    answer = TextAreaField(
        mark("What you answered"), filters=[text],
        validators=[at_most(10_000, mark("The text must be 10,000 characters or less"))],
    )  # fmt: skip
    terms = SelectField(mark("Terms"), choices=list(terms.TERMS.items()), validate_choice=False)

    @classmethod
    def empty(cls, who: str = "", outlet: str = "", reach: str = "") -> CallForm:
        """A fresh form, with what contacts know of the caller."""
        known = {"who": who, "outlet": outlet, "reach": reach}
        return cls(formdata=None, data={**known, "nonce": secrets.token_urlsafe(12), "needs": ["quote"]})

    def read(self, now: datetime, zone: str, variant: Variant, with_answer: bool) -> bool:
        """Check everything typed; ``with_answer``: the answer was given, so nobody needs to call back."""
        self.email = self.phone = ""
        self.deadline: Deadline | None = Deadline(None, zone, "", deadlines.NONE)
        checks = [self.validate(), self._read_reach(with_answer), self._read_due(now, zone, variant)]
        if with_answer and not self.answer.data:
            checks.append(self._wrong(self.answer, NO_ANSWER))
        return all(checks)

    def submission(self, variant: Variant) -> Submission:
        """What a call carries; its first line is the subject."""
        assert self.deadline is not None
        needs = tuple(need for need in terms.NEEDS if need in (self.needs.data or ())) or ("other",)
        typed = Typed(self.deadline.choice, self.due.data or "", "", self.deadline.zone)
        return Submission(
            needs=needs, subject=(hygiene.lines(self.what.data) or [self.what.data])[0][:120], questions=self.what.data,
            typed=typed, deadline=self.deadline, name=self.who.data, outlet=self.outlet.data, email=self.email,
            phone=self.phone, variant=variant, reply_in="any",
        )  # fmt: skip

    def said_terms(self) -> str:
        """The terms of the answer given."""
        return self.terms.data if self.terms.data in terms.TERMS else terms.ON_RECORD

    def _read_reach(self, with_answer: bool) -> bool:
        """One box for both: what has an @ is an address, the rest a number."""
        typed = self.reach.data or ""
        found = _ADDRESS.search(typed)
        rest = " ".join(_ADDRESS.sub(" ", typed).replace(",", " ").replace(";", " ").split())
        if not typed and not with_answer:
            return self._wrong(self.reach, NO_REACH)
        try:
            self.email = _checked(self.reach, found[0] if found else "", an_address)
            self.phone = _checked(self.reach, rest, a_number)
        except StopValidation as wrong:
            return self._wrong(self.reach, EMAIL_FORMAT if "@" in rest else str(wrong))
        return True

    def _read_due(self, now: datetime, zone: str, variant: Variant) -> bool:
        if not self.due.data:
            return True
        try:
            self.deadline = deadlines.read_box(self.due.data, zone, now)
        except DeadlineError as error:
            return self._wrong(self.due, Said(error.message, **error.values(variant)))
        return True

    @staticmethod
    def _wrong(field: Any, message: object) -> bool:
        field.errors = [*field.errors, message]
        return False


def _checked(field: Any, typed: str, check: Any) -> str:
    """The part of a box as a check of the public form leaves it; nothing stays nothing."""
    if not typed:
        return ""
    whole, field.data = field.data, typed
    try:
        check(None, field)
        return str(field.data)
    finally:
        field.data = whole
