"""The form of the privacy page: whom it is about."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from outreach.contacts.forms_rows import line
from outreach.forms import StaffForm
from outreach.language import mark


class WhomForm(StaffForm):
    """An e-mail address, or the number of a record."""

    whom = StringField(
        mark("E-mail address, or number of the record"), filters=[line],
        validators=[DataRequired(mark("Say whom.")), Length(max=254, message=mark("Say whom."))],
    )  # fmt: skip
