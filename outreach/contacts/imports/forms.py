"""Forms of imports: the file with its source and basis, what each column holds, what becomes of rows in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from outreach.accounts.forms import cleaned
from outreach.contacts.imports import keeping
from outreach.contacts.imports.fields import BROKEN, FIELDS
from outreach.forms import StaffForm
from outreach.language import mark

BASES = {
    "legitimate_interest": mark("legitimate interest: answering the press"),
    "consent": mark("consent"),
    "public_task": mark("public task"),
}
GUESSED = mark("guess it from the file")
ENCODINGS = {"": GUESSED, "utf-8": "UTF-8", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "utf-16": "UTF-16"}
NOT_USED = mark("not taken in")


class UploadForm(StaffForm):
    file = FileField(mark("File"))
    source = StringField(
        mark("Source"), filters=[cleaned],
        validators=[
            DataRequired(keeping.NO_SOURCE), Length(max=120, message=mark("Use 120 characters at most.")),
        ],
    )  # fmt: skip
    lawful_basis = RadioField(
        mark("Lawful basis"), choices=list(BASES.items()), validators=[DataRequired(keeping.NO_BASIS)]
    )
    encoding = SelectField(mark("Encoding of a CSV"), choices=list(ENCODINGS.items()), default="")

    def validate_file(self, field: FileField) -> None:
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(mark("Choose the file."))


class ColumnsForm(StaffForm):
    """A choice for every column; `columns` are those that are shown, by number."""

    columns: dict[int, Any]


def columns_form(head: Sequence[str], mapping: Mapping[str, str]) -> ColumnsForm:
    """The form for a file with these heads, as it is mapped so far."""
    choices = [("", NOT_USED), *FIELDS.items()]
    shown = [place for place in range(len(head)) if mapping.get(str(place)) != BROKEN]
    fields = {
        f"column-{place}": SelectField(
            head[place] or mark("Column without a head"), choices=choices, default=mapping.get(str(place), "")
        )
        for place in shown
    }
    form: ColumnsForm = type("ColumnsForm", (ColumnsForm,), fields)()
    form.columns = {place: form[f"column-{place}"] for place in shown}
    return form


def chosen(form: ColumnsForm) -> dict[str, str]:
    """The mapping that was chosen: field by number of column."""
    return {str(place): field.data for place, field in form.columns.items() if field.data}
