"""What an officer may fill in on the flight check."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length, ValidationError

from outreach import serbian
from outreach.forms import StaffForm
from outreach.language import mark

LONGEST = 400
TOO_LONG = mark("Keep it to 400 characters.")
CYRILLIC = mark("Write the Serbian sentence in Cyrillic; Latin is made from it.")


class LineForm(StaffForm):
    en = TextAreaField(mark("In English"), validators=[Length(max=LONGEST, message=TOO_LONG)])
    sr = TextAreaField(mark("In Serbian, in Cyrillic"), validators=[Length(max=LONGEST, message=TOO_LONG)])

    def validate_sr(self, field: TextAreaField) -> None:
        if field.data and serbian.to_cyrillic(field.data) != field.data:
            raise ValidationError(CYRILLIC)

    @property
    def line(self) -> tuple[str | None, str | None]:
        """Both sentences, each on one line; None for one that was left empty."""
        en, sr = (" ".join((field.data or "").split()) or None for field in (self.en, self.sr))
        return en, sr
