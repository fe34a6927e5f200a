"""Forms of the desk: find one subscriber, stop for them, upload a list."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach.accounts.forms import cleaned
from outreach.forms import Said, StaffForm
from outreach.language import mark
from outreach.mail import addresses
from outreach.subscriptions import uploads
from outreach.subscriptions.forms import LANGUAGES
from outreach.subscriptions.lists import NOT_UTF8

# Kept as they stand, in the log too; a reason in free words would put names there.
REASONS = {
    "asked by telephone": mark("Asked by telephone"),
    "asked by e-mail": mark("Asked by e-mail"),
    "asked in person": mark("Asked in person"),
    "left the address": mark("Nobody reads this address any more"),
    "subscribed by mistake": mark("Was subscribed by mistake"),
}
TOO_LARGE = mark("The file is larger than {limit} MB. Use the command line: python -m outreach subscribers import")


class FindForm(StaffForm):
    address = StringField(
        mark("E-mail address of a subscriber"),
        filters=[cleaned],
        validators=[DataRequired(mark("Enter an e-mail address.")), Length(max=254)],
    )

    def validate_address(self, field: StringField) -> None:
        try:
            field.data = addresses.check(field.data or "")
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None


class StopForm(StaffForm):
    reason = RadioField(
        mark("Reason"), choices=list(REASONS.items()), validators=[DataRequired(mark("Choose a reason."))]
    )


class ListForm(StaffForm):
    """A list from elsewhere and the proof of its consent."""

    file = FileField(mark("CSV file"))
    proof = TextAreaField(
        mark("What these people agreed to"),
        filters=[cleaned],
        validators=[
            DataRequired(mark("Write what they agreed to, in the words they saw.")),
            Length(max=2000, message=mark("Use 2,000 characters at most.")),
        ],
    )
    variant = RadioField(mark("Language of lines that name none"), choices=LANGUAGES, default="lat")
    content = ""

    def validate_file(self, field: FileField) -> None:
        """Read the upload into `content`."""
        if not field.data or not field.data.filename:
            raise ValidationError(mark("Choose a file."))
        with field.data.stream as stream:
            raw = stream.read(uploads.MOST_BYTES + 1)
        if len(raw) > uploads.MOST_BYTES:
            raise ValidationError(Said(TOO_LARGE, limit=uploads.MOST_BYTES // 1024 // 1024))
        try:
            self.content = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(NOT_UTF8) from None
        if "\0" in self.content:
            raise ValidationError(NOT_UTF8)
