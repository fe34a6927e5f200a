"""The form of an export: format, purpose, and the password once more."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from outreach.accounts.forms import cleaned
from outreach.contacts.exports.files import CSV, JSON, VCARD, XLSX
from outreach.forms import StaffForm
from outreach.language import mark

FORMATS = {
    CSV: mark("CSV, for any program that reads tables"),
    XLSX: mark("XLSX, for spreadsheet programs, 50,000 people at most"),
    VCARD: mark("vCard, for address books"),
    JSON: mark("JSON, with everything in its place, for programs"),
}
SAY_WHY = mark("Say what the file is for, so that it can be answered for later.")


class AgainForm(StaffForm):
    """That it is really the one who is signed in."""

    password = PasswordField(
        mark("Your password"),
        validators=[
            DataRequired(mark("Enter your password.")),
            Length(max=1000, message=mark("This is not your password.")),
        ],
    )


class ExportForm(AgainForm):
    """What is taken out, what for, and that it is really the one who is signed in."""

    form = RadioField(mark("Format"), choices=list(FORMATS.items()), default=CSV)
    purpose = TextAreaField(
        mark("What is it for?"), filters=[cleaned],
        validators=[
            DataRequired(SAY_WHY), Length(min=5, message=SAY_WHY),
            Length(max=300, message=mark("Use 300 characters at most.")),
        ],
    )  # fmt: skip
