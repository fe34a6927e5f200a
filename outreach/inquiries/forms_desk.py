"""The workspace as one form, so that no button loses what was typed for another."""

from __future__ import annotations

import secrets
from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    FieldList,
    HiddenField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length

from outreach.inquiries import drafts, forms_rules, hygiene, terms
from outreach.inquiries.clearance.forms import AskFields
from outreach.inquiries.drafts import Draft
from outreach.inquiries.forms_steps import StepFields
from outreach.inquiries.models import Inquiry
from outreach.language import mark

TOO_LONG = mark("The text must be 10,000 characters or less")
SOURCE_TOO_LONG = mark("A source must be 300 characters or less")
ATTRIBUTION_TOO_LONG = mark("Attribution must be 200 characters or less")
TOO_MANY_COPIES = mark("At most five addresses get a copy")
MOST_COPIES = 5
WHOLE = "whole"


def _long(label: str) -> TextAreaField:
    return TextAreaField(label, filters=[forms_rules.text], validators=[Length(max=10_000, message=TOO_LONG)])


class WorkForm(StepFields, AskFields):
    """Answers per question with source and terms, words around them, a note, and the asking for clearance."""

    version = HiddenField()
    nonce = HiddenField()
    answers = FieldList(_long(mark("Answer")))
    sources = FieldList(
        StringField(mark("Source"), filters=[forms_rules.line], validators=[Length(max=300, message=SOURCE_TOO_LONG)])
    )
    own_terms = FieldList(
        SelectField(
            mark("Terms"), choices=[("", mark("As the whole reply")), *terms.TERMS.items()], validate_choice=False
        )
    )
    wordings = FieldList(_long(mark("Question")))
    new_question = _long(mark("New question"))
    body = _long(mark("Reply"))
    terms = SelectField(mark("Terms"), choices=list(terms.TERMS.items()), validate_choice=False)
    attribution = StringField(
        mark("Attribution"), filters=[forms_rules.line], validators=[Length(max=200, message=ATTRIBUTION_TOO_LONG)]
    )
    copies_to = StringField(mark("Copies to"), filters=[forms_rules.line])
    files = SelectMultipleField(mark("Files to attach"), validate_choice=False)
    new_files = MultipleFileField(mark("Add files"))
    partly = BooleanField(mark("Send without an answer to every question"))
    mixed = BooleanField(mark("Send on these terms all the same"))
    note = _long(mark("Internal note"))
    ask_what = SelectMultipleField(mark("What is to be cleared"), validate_choice=False)

    @classmethod
    def of(cls, kept: Draft, inquiry: Inquiry) -> WorkForm:
        """The form as the desk left it."""
        return cls(
            formdata=None,
            data={
                "version": str(inquiry.version), "nonce": secrets.token_urlsafe(12), "answers": kept.texts,
                "sources": kept.sources, "own_terms": kept.own_terms, "body": kept.body, "terms": kept.terms,
                "attribution": kept.attribution, "copies_to": kept.copies_to, "files": [str(f) for f in kept.files],
                "note": kept.note,
                "wordings": [hygiene.bare(question.text) for question in inquiry.questions],
            },
        )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever; a fault in one of the answers is said once for the list of them."""
        fine = bool(super().validate(extra_validators))
        for listed, message in ((self.answers, TOO_LONG), (self.wordings, TOO_LONG), (self.sources, SOURCE_TOO_LONG)):
            listed.errors = [message] if listed.errors else []
        return fine

    def validate_copies_to(self, field: StringField) -> None:
        typed = drafts.addresses(field.data or "")
        if len(typed) > MOST_COPIES:
            raise ValidationError(TOO_MANY_COPIES)
        for address in typed:
            forms_rules.check_address(address)

    def grown(self, count: int) -> WorkForm:
        """With a place for each of so many questions, when some were added since the page was opened."""
        for listed in (self.answers, self.sources, self.own_terms, self.wordings):
            while len(listed) < count:
                listed.append_entry("")
        return self

    def draft(self) -> Draft:
        version = self.version.data or ""
        return Draft(
            note=self.note.data or "",
            texts=tuple(field.data for field in self.answers), sources=tuple(field.data for field in self.sources),
            own_terms=tuple(field.data if field.data in terms.TERMS else "" for field in self.own_terms),
            body=self.body.data or "",
            terms=self.terms.data if self.terms.data in terms.TERMS else terms.ON_RECORD,
            attribution=self.attribution.data or "", copies_to=self.copies_to.data or "",
            files=[int(one) for one in self.files.data or () if one.isascii() and one.isdigit()],
            partly=bool(self.partly.data), mixed=bool(self.mixed.data), release=bool(self.release.data),
            version=int(version) if version.isascii() and version.isdigit() else 0, nonce=(self.nonce.data or "")[:60],
        )  # fmt: skip


def typed_field() -> tuple[str, str, str]:
    """Of a draft kept as it is typed: the field's name, its text, the print of what it was. Raises ValueError."""
    name, base = request.form.get("name", ""), request.form.get("base", "")
    kind = name.partition("-")[0]
    text = (forms_rules.text if kind in ("answers", "body", "note") else forms_rules.line)(request.form.get("text"))
    if len(text) > drafts.LONGEST.get(kind, 300):
        raise ValueError({"sources": SOURCE_TOO_LONG, "attribution": ATTRIBUTION_TOO_LONG}.get(kind, TOO_LONG))
    return name, _known_term(kind, text), base


def _known_term(kind: str, text: str) -> str:
    if kind not in ("terms", "own_terms") or text in terms.TERMS:
        return text
    return "" if kind == "own_terms" else terms.ON_RECORD
