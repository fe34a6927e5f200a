"""The form of a pair: which value of each field stays, and what was decided."""

from __future__ import annotations

from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from outreach.contacts.duplicates.judging import NO_JUDGEMENT
from outreach.contacts.duplicates.merging import BOTH, FIELDS, MINE, THEIRS
from outreach.contacts.duplicates.models import JUDGEMENTS
from outreach.forms import StaffForm

CHOICE = "choice_"


class PairForm(StaffForm):
    """`low_version` and `high_version`: of the two records as they were seen."""

    low_version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    high_version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    judgement = StringField(validators=[AnyOf(JUDGEMENTS, message=NO_JUDGEMENT)])

    def choices(self) -> dict[str, str]:
        """Whose value stays, by field."""
        return {field: self[CHOICE + field].data for field in FIELDS if self[CHOICE + field].data}


for each in FIELDS:
    setattr(
        PairForm, CHOICE + each, RadioField(choices=[(way, way) for way in (MINE, THEIRS, BOTH)], validate_choice=False)
    )
