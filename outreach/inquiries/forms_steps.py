"""The fields of the steps beside answering: each panel of the workspace has its own, and all are one form with it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from outreach.forms import StaffForm
from outreach.inquiries import forms_rules, terms
from outreach.language import mark

LONG = mark("The text must be 10,000 characters or less")
SHORT = mark("Use 200 characters at most.")


def _words(label: str) -> TextAreaField:
    return TextAreaField(label, filters=[forms_rules.text], validators=[Length(max=10_000, message=LONG)])


def _box(label: str) -> StringField:
    return StringField(label, filters=[forms_rules.line], validators=[Length(max=200, message=SHORT)])


class StepFields(StaffForm):
    """What each step asks besides its button; what is not used stays empty."""

    undoes = HiddenField()
    commit_as = RadioField(
        mark("The journalist can count on"), choices=list(terms.COMMITMENTS_DESK.items()), validate_choice=False
    )
    commitment_words = _words(mark("What and when, for the journalist"))
    decline_reason = SelectField(
        mark("Why we cannot answer"), choices=[("", mark("Choose")), *terms.REASONS.items()], validate_choice=False
    )
    decline_words = _words(mark("What we can give instead"))
    refer_to = _box(mark("Who answers this"))
    refer_contact = _box(mark("How to reach them"))
    refer_words = _words(mark("A word to the journalist (optional)"))
    merge_into = _box(mark("Reference of the other inquiry"))
    withdraw_words = _box(mark("What was said (optional)"))
    snooze_until = _box(mark("Until"))
    ask_words = _words(mark("Question to the journalist"))
    hand_to = SelectField(mark("Colleague"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hand_to.choices = []

    def event_id(self) -> int:
        """The step that is to be undone; 0 for none."""
        typed = self.undoes.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0

    def colleague_id(self) -> int:
        """The account chosen; 0 for none."""
        typed = self.hand_to.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0
