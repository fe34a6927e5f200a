"""What we need to know of an interview or a visit: fields that count only when that need is ticked.

They are always on the page, folded, so that they can be filled in without a script.
"""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, StringField

from outreach.inquiries import terms
from outreach.inquiries.forms_rules import line
from outreach.language import mark

LONGEST = 300
NO_FORM = mark("Select whether the interview is live, recorded or written")
NO_PLACE = mark("Enter where you want to film or visit")
TOO_LONG = mark("The text must be 300 characters or less")


def interview_fields() -> tuple[Any, ...]:
    """Live, recorded or written; how it is held; its language, its length, with whom."""
    return (
        RadioField(
            mark("What kind of interview is it?"), choices=list(terms.INTERVIEW_FORMS.items()), validate_choice=False
        ),
        RadioField(
            mark("How is it held? (optional)"), choices=list(terms.INTERVIEW_WAYS.items()), validate_choice=False
        ),
        StringField(mark("Language of the interview (optional)"), filters=[line]),
        StringField(mark("How many minutes? (optional)"), filters=[line]),
        StringField(mark("With whom? (optional)"), filters=[line]),
    )


def visit_fields() -> tuple[Any, ...]:
    """The place, the days, the people who come, their equipment."""
    return (
        StringField(mark("Place"), filters=[line]),
        StringField(mark("Days (optional)"), filters=[line]),
        StringField(mark("How many people, and who? (optional)"), filters=[line]),
        StringField(mark("Equipment (optional)"), filters=[line]),
    )


def fields(form: Any, need: str) -> dict[str, Any]:
    """The fields of one need by their names in `Inquiry.details`."""
    return {name: form[f"{need}_{name}"] for name in terms.DETAILS[need]}


def said(form: Any) -> dict[str, dict[str, str]]:
    """What was said of each need that is ticked, without what was left empty."""
    ticked = [need for need in terms.DETAILS if need in (form.need.data or ())]
    return {need: values for need in ticked if (values := _values(form, need))}


def faults(form: Any) -> list[tuple[Any, str]]:
    """What is wrong with the details of the needs that are ticked: field and message."""
    found: list[tuple[Any, str]] = []
    needs = form.need.data or ()
    if terms.INTERVIEW in needs and form.interview_form.data not in terms.INTERVIEW_FORMS:
        found.append((form.interview_form, NO_FORM))
    if terms.VISIT in needs and len(form.visit_place.data or "") < 2:
        found.append((form.visit_place, NO_PLACE))
    for need in terms.DETAILS:
        every = fields(form, need).values() if need in needs else ()
        found += [(field, TOO_LONG) for field in every if len(field.data or "") > LONGEST]
    return found


def of(details: dict[str, dict[str, str]]) -> dict[str, str]:
    """The details of an inquiry by the names of the form's fields."""
    return {f"{need}_{name}": value for need, values in details.items() for name, value in values.items()}


def _values(form: Any, need: str) -> dict[str, str]:
    values = {name: str(field.data or "") for name, field in fields(form, need).items()}
    return {name: value for name, value in values.items() if value and terms.is_offered(need, name, value)}
