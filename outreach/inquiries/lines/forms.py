"""The form of one line."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from outreach.forms import StaffForm
from outreach.inquiries import forms_rules, terms
from outreach.inquiries.lines.keeping import Said
from outreach.inquiries.lines.models import HOLDING, LINE, Line
from outreach.language import Variant, mark
from outreach.office import Office

KINDS = {LINE: mark("Line to take"), HOLDING: mark("Holding line: what we say until there is more")}
TOO_LONG = mark("The text must be 10,000 characters or less")
NO_WORDS = mark("Write what we say, in one language at least")
LONG_SOURCE = mark("Source must be 300 characters or less")
LONG_ATTRIBUTION = mark("Attribution must be 200 characters or less")


class LineForm(StaffForm):
    """What we say to a question; `version` is that of the line as the officer saw it."""

    version = HiddenField()
    question = StringField(
        mark("Question in plain words"), filters=[forms_rules.line],
        validators=[
            DataRequired(mark("Write the question that this line answers")),
            Length(max=1000, message=mark("The question must be 1,000 characters or less")),
        ],
    )  # fmt: skip
    kind = RadioField(mark("Kind"), choices=list(KINDS.items()))
    text_en = TextAreaField(
        mark("What we say, in English"), filters=[forms_rules.text], validators=[Length(max=10_000, message=TOO_LONG)]
    )
    text_sr = TextAreaField(
        mark("What we say, in Serbian"), filters=[forms_rules.text], validators=[Length(max=10_000, message=TOO_LONG)]
    )
    terms = SelectField(mark("Terms"), choices=list(terms.TERMS.items()))
    attribution = StringField(
        mark("Attribution"), filters=[forms_rules.line], validators=[Length(max=200, message=LONG_ATTRIBUTION)]
    )
    source = StringField(mark("Source"), filters=[forms_rules.line], validators=[Length(max=300, message=LONG_SOURCE)])
    topic = SelectField(mark("Topic"))
    owner = SelectField(mark("Owner"))
    expires_on = DateField(mark("Valid until"), validators=[Optional()])

    def __init__(
        self,
        office: Office,
        variant: Variant,
        owners: dict[int, str],
        values: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """`owners`: who may own a line, by account. `values` fill the form; without them it reads what was sent."""
        given = {"formdata": None, "data": values} if values is not None else {}
        super().__init__(**given, **more)
        self.topic.choices = [
            ("", mark("none")),
            *((topic.id, topic.words.in_variant(variant)) for topic in office.topics),
        ]
        self.owner.choices = [("", mark("nobody")), *((str(id_), name) for id_, name in owners.items())]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, and words in one language at least."""
        fine = bool(super().validate(extra_validators))
        if self.text_en.data or self.text_sr.data:
            return fine
        self.text_en.errors = [*self.text_en.errors, NO_WORDS]
        return False

    def said(self) -> Said:
        """What a valid form carries."""
        return Said(
            kind=self.kind.data, topic=self.topic.data, question=self.question.data, text_en=self.text_en.data,
            text_sr=self.text_sr.data, terms=self.terms.data, attribution=self.attribution.data,
            source=self.source.data, owner_id=int(self.owner.data) if self.owner.data else None,
            expires_on=self.expires_on.data,
        )  # fmt: skip

    def seen_version(self) -> int:
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def values_of(line: Line) -> dict[str, Any]:
    """A line as the form shows it."""
    return {
        "version": str(line.version), "question": line.question, "kind": line.kind, "text_en": line.text_en,
        "text_sr": line.text_sr, "terms": line.terms, "attribution": line.attribution, "source": line.source,
        "topic": line.topic, "owner": str(line.owner_id or ""), "expires_on": line.expires_on,
    }  # fmt: skip


def values_of_new(office: Office, variant: Variant, actor_id: int, valid_until: date) -> dict[str, Any]:
    """What a new line begins with."""
    return {
        "kind": LINE, "terms": terms.ON_RECORD, "attribution": office.name(variant), "owner": str(actor_id),
        "expires_on": valid_until, "topic": "",
    }  # fmt: skip
