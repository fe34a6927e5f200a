"""The document about a person as a page that opens by itself, without the site."""

from __future__ import annotations

import json
from typing import Any

import jinja2

from config import ROOT

JSON, HTML = FORMS = ("json", "html")
MEDIA = {JSON: "application/json", HTML: "text/html; charset=utf-8"}


def written(document: dict[str, Any], form: str) -> bytes:
    """The document as a file of this form."""
    if form == JSON:
        return json.dumps(document, ensure_ascii=False, indent=1).encode()
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return templates.get_template("privacy/document.html").render(document=document, shown=_shown).encode()


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
