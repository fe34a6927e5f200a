"""Forms of released answers: the public quote check, and the correction on the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from outreach.forms import PublicForm
from outreach.inquiries import forms_rules
from outreach.inquiries.clearance.forms import AskFields
from outreach.inquiries.released import codes
from outreach.inquiries.released.corrections import Correction, NewWords
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.inquiries.released.quotes import SHORTEST
from outreach.language import mark
from outreach.serbian import fold

Groups = Mapping[str, Sequence[ReleasedAnswer]]


class CheckForm(PublicForm):
    """A code, or a sentence of at least 25 letters."""

    quote = TextAreaField(mark("Code or sentence"), filters=[forms_rules.text])

    def validate_quote(self, field: TextAreaField) -> None:
        """Something that can be told from other texts."""
        if not field.data:
            raise StopValidation(mark("Enter a code, or paste a sentence"))
        if len(field.data) > 2000:
            raise StopValidation(mark("One sentence is enough: 2,000 characters or less"))
        if codes.read(field.data) is None and len(fold(field.data)) < SHORTEST:
            raise StopValidation(
                mark("Paste a whole sentence, of at least 25 characters, or enter a code like 482715-3")
            )


class CorrectionForm(AskFields):
    """Who is told, and for each wording that is out the new words and a notice (fields `text_…`, `notice_…`)."""

    nonce = HiddenField()
    version = HiddenField()
    to = SelectMultipleField(mark("Who is told"), validate_choice=False)

    def correction(self, groups: Groups) -> Correction:
        """What was filled in: the new words by the fingerprint of the old ones."""
        words = {
            text_hash: NewWords(self[f"text_{text_hash[:12]}"].data, self[f"notice_{text_hash[:12]}"].data)
            for text_hash in groups
        }
        version, nonce = forms_rules.number(self.version.data), (self.nonce.data or "")[:40]
        return Correction(words, self.to.data or (), version, nonce, bool(self.release.data))


def correction_form(groups: Groups, drafted: Correction | None = None) -> CorrectionForm:
    """The form for these wordings; one that nobody has touched says what is drafted."""
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for text_hash in groups:
        name = text_hash[:12]
        fields[f"text_{name}"] = _box(mark("The right words"), mark("Write the right words"))
        fields[f"notice_{name}"] = _box(mark("Notice"), mark("Say what was wrong"))
        if drafted is not None:
            new = drafted.words[text_hash]
            given |= {f"text_{name}": new.text, f"notice_{name}": new.notice}
    form_of_these = type("CorrectionForm", (CorrectionForm,), fields)
    if drafted is not None:
        given |= {"nonce": drafted.nonce, "version": str(drafted.version), "to": drafted.to}
    form: CorrectionForm = form_of_these(formdata=None, data=given) if drafted else form_of_these()
    form.to.choices = [(row.code, row.code) for rows in groups.values() for row in rows]
    return form


def _box(label: str, missing: str) -> TextAreaField:
    too_long = mark("The text must be 10,000 characters or less")
    return TextAreaField(
        label, filters=[forms_rules.text], validators=[DataRequired(missing), Length(max=10_000, message=too_long)]
    )
