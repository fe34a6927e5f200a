"""Forms of press lists and segments."""

from __future__ import annotations

from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from outreach.accounts.forms import cleaned
from outreach.forms import StaffForm
from outreach.language import mark

TOO_LONG = mark("Use 80 characters at most.")


class ListForm(StaffForm):
    """A press list; `version` is the one that was looked at, empty for a new list."""

    version = IntegerField(widget=HiddenInput())
    name = StringField(
        mark("Name"), filters=[cleaned],
        validators=[DataRequired(mark("Give it a name.")), Length(max=80, message=TOO_LONG)],
    )  # fmt: skip
    purpose = StringField(
        mark("What it is for"), filters=[cleaned],
        validators=[Length(max=300, message=mark("Use 300 characters at most."))],
    )  # fmt: skip


class SegmentForm(StaffForm):
    """A segment: its name and, as a query, what it asks."""

    version = IntegerField(widget=HiddenInput())
    query = HiddenField()
    name = StringField(
        mark("Name"), filters=[cleaned],
        validators=[DataRequired(mark("Give it a name.")), Length(max=80, message=TOO_LONG)],
    )  # fmt: skip
