"""The filled-in form as an e-mail to the office, for when it cannot be sent: one address that a mail program opens."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from outreach import language
from outreach.inquiries.forms import InquiryForm
from outreach.language import Variant

LEFT_OUT = ("form_token", "website", "files", "unwanted", "remember", "notices", "about")


def address(form: InquiryForm, variant: Variant, office: str) -> str:
    """`mailto:` with subject and every field that says something; "" when the office has no address."""
    if not office:
        return ""
    lines = [(_label(field, variant), _said(field, variant)) for field in form if field.name not in LEFT_OUT]
    body = "\r\n".join(f"{label}: {said}" for label, said in lines if said)
    subject = quote(form.subject.data or "", safe="")
    return f"mailto:{quote(office, safe='@+')}?subject={subject}&body={quote(body, safe='')}"


def _label(field: Any, variant: Variant) -> str:
    return re.sub(r"\s*\([^)]*\)$|\?$", "", language.text(variant, field.label.text))


def _said(field: Any, variant: Variant) -> str:
    if isinstance(field, BooleanField):
        return "✓" if field.data else ""
    if isinstance(field, SelectMultipleField | RadioField | SelectField):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        known = dict(field.choices)
        return ", ".join(language.text(variant, known[value]) for value in chosen if value in known)
    return str(field.data or "").replace("\n", "\r\n")
