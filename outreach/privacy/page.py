"""The document about a person as a page that opens by itself, without the site."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import jinja2

from config import ROOT
from outreach.language import Variant, text
from outreach.privacy import reach

JSON, HTML = FORMS = ("json", "html")
MEDIA = {JSON: "application/json", HTML: "text/html; charset=utf-8"}


def written(document: dict[str, Any], form: str, variant: Variant = Variant.EN) -> bytes:
    """The document as a file of this form; the page speaks this language around what is stored."""
    if form == JSON:
        return json.dumps(document, ensure_ascii=False, indent=1).encode()
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    page = templates.get_template("privacy/document.html")
    said = page.render(
        document=document,
        rooms=reach.rooms(document["held"]),
        shown=_shown,
        lang=variant.lang,
        t=partial(text, variant),
    )
    return said.encode()


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
