"""Forms of stories: gathering inquiries, the one answer, the moment of its release."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from outreach.forms import StaffForm
from outreach.inquiries import forms_rules, terms
from outreach.inquiries.clearance.forms import AskFields
from outreach.inquiries.stories.gathering import Answer
from outreach.inquiries.stories.models import Story
from outreach.language import mark

TOO_LONG = mark("The text must be 10,000 characters or less")
NOBODY = mark("Tick at least one inquiry")
NO_TITLE = mark("Give the story a title, or choose one that is there")


class GatherForm(StaffForm):
    """Inquiries for a story: one that is there, or a new one by its title."""

    ref = SelectMultipleField(mark("Inquiries"), validate_choice=False)
    story = RadioField(mark("Shared story"), validate_choice=False, default="")
    title = StringField(
        mark("Title of a new story"), filters=[forms_rules.line],
        validators=[Length(max=120, message=mark("The title must be 120 characters or less"))],
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one inquiry, and a story for it."""
        fine = bool(super().validate(extra_validators))
        if not self.ref.data:
            self.ref.errors = [NOBODY]
        if not self.title.data and not self.story.data:
            self.title.errors = [*self.title.errors, NO_TITLE]
        return fine and not self.ref.errors and not self.title.errors


class StoryForm(AskFields):
    """The one answer, who is to clear it, and when it leaves.

    `seen` holds who waits for it and in which version: 25-48271-3=4.
    """

    version = HiddenField()
    seen = HiddenField()
    text = TextAreaField(
        mark("Answer, in English"), filters=[forms_rules.text], validators=[Length(max=10_000, message=TOO_LONG)]
    )
    text_sr = TextAreaField(
        mark("Answer, in Serbian"), filters=[forms_rules.text], validators=[Length(max=10_000, message=TOO_LONG)]
    )
    terms = SelectField(mark("Terms"), choices=list(terms.TERMS.items()))
    attribution = StringField(
        mark("Attribution"), filters=[forms_rules.line],
        validators=[Length(max=200, message=mark("Attribution must be 200 characters or less"))],
    )  # fmt: skip
    release_at = DateTimeLocalField(
        mark("Release at"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[Optional()]
    )

    def answer(self) -> Answer:
        return Answer(self.text.data, self.text_sr.data, self.terms.data, self.attribution.data)

    def seen_version(self) -> int:
        return forms_rules.number(self.version.data)

    def seen_members(self) -> dict[str, int]:
        """The version of each inquiry that was shown as waiting."""
        pairs = (pair.partition("=") for pair in (self.seen.data or "").split())
        return {reference: forms_rules.number(version) for reference, _, version in pairs}

    def instant(self, zone: ZoneInfo) -> datetime | None:
        """The moment of release, UTC; None for now."""
        at: datetime | None = self.release_at.data
        return at.replace(tzinfo=zone).astimezone(UTC) if at else None


def values_of(story: Story) -> dict[str, Any]:
    """A story as its form shows it."""
    return {
        "version": str(story.version), "text": story.text, "text_sr": story.text_sr, "terms": story.terms,
        "attribution": story.attribution,
    }  # fmt: skip
