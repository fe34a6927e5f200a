"""The workspace as one form, so that no button loses what was typed for another."""

from __future__ import annotations

import secrets
from typing import Any

from wtforms import BooleanField, FieldList, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from outreach.inquiries import hygiene, terms
from outreach.inquiries.answers import Draft
from outreach.inquiries.forms_steps import StepFields
from outreach.inquiries.models import Inquiry
from outreach.language import mark

TOO_LONG = mark("The text must be 10,000 characters or less")


def _text(text: Any) -> str:
    return hygiene.clean(str(text or ""))


class WorkForm(StepFields):
    """Answers per question, words around them, terms, attribution, and an internal note."""

    version = HiddenField()
    nonce = HiddenField()
    answers = FieldList(
        TextAreaField(mark("Answer"), filters=[_text], validators=[Length(max=10_000, message=TOO_LONG)])
    )
    body = TextAreaField(mark("Reply"), filters=[_text], validators=[Length(max=10_000, message=TOO_LONG)])
    terms = SelectField(mark("Terms"), choices=list(terms.TERMS.items()), validate_choice=False)
    attribution = StringField(
        mark("Attribution"), filters=[_text],
        validators=[Length(max=200, message=mark("Attribution must be 200 characters or less"))],
    )  # fmt: skip
    partly = BooleanField(mark("Send without an answer to every question"))
    note = TextAreaField(mark("Internal note"), filters=[_text], validators=[Length(max=10_000, message=TOO_LONG)])

    @classmethod
    def of(cls, inquiry: Inquiry, attribution: str) -> WorkForm:
        """The form as the desk left it; ``attribution``: the usual one."""
        kept = inquiry.draft or {}
        return cls(
            formdata=None,
            data={
                "version": str(inquiry.version), "nonce": secrets.token_urlsafe(12),
                "answers": [question.answer for question in inquiry.questions], "body": kept.get("body", ""),
                "terms": kept.get("terms", terms.ON_RECORD), "attribution": kept.get("attribution", attribution),
            },
        )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever; a fault in one of the answers is said once for the list of them."""
        fine = bool(super().validate(extra_validators))
        if self.answers.errors:
            self.answers.errors = [TOO_LONG]
        return fine

    def draft(self) -> Draft:
        version = self.version.data or ""
        return Draft(
            texts=tuple(field.data for field in self.answers), body=self.body.data or "",
            terms=self.terms.data if self.terms.data in terms.TERMS else terms.ON_RECORD,
            attribution=" ".join((self.attribution.data or "").split()), partly=bool(self.partly.data),
            version=int(version) if version.isascii() and version.isdigit() else 0, nonce=(self.nonce.data or "")[:60],
        )  # fmt: skip
