"""HTML lives in templates/, every template is used, and none holds what our policy would block."""

from __future__ import annotations

import re

from tests.support import source

WEB = {
    name: text
    for name, text in source.texts("templates", ".html", ".txt", ".xml").items()
    if not name.startswith("mail/")
}
TAG = re.compile(r"</?(?:p|div|a|span|ul|ol|li|h[1-6]|strong|em|b|table|tr|td|form|input|br)\b[^\"'\n]*>")


def test_every_template_is_used() -> None:
    """A page by its name in a view, a part by an include, a mail by its bare name, an error page by its code."""
    speakers = [m.text for m in source.ours()] + list(source.texts("templates", ".html", ".txt", ".xml").values())
    words = "\n".join(speakers)
    bare = [name for name in WEB if f'"{name}"' not in words and f"'{name}'" not in words]
    assert [name for name in bare if not re.fullmatch(r"errors/\d+\.html", name)] == []


def test_html_lives_only_in_templates() -> None:
    """Markdown's renderer makes HTML of content/; nothing else does."""
    written = [m for m in source.ours() if not m.name.startswith("outreach/newsroom/markdown")]
    assert [(m.name, tag.group()) for m in written for tag in TAG.finditer(m.text)] == []


def test_no_web_template_has_an_inline_style_script_or_handler() -> None:
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\s(?:src=|type=\"application/ld\+json\"))|javascript:")
    assert [
        (name, found) for name, text in WEB.items() if name.endswith(".html") for found in inline.findall(text)
    ] == []


def test_every_link_to_an_asset_and_every_word_goes_through_its_function() -> None:
    by_hand = re.compile(
        r"(?:href|src)=\"/?static/|https?://(?!www\.w3\.org|schema\.org|www\.sitemaps\.org|purl\.org)[a-z]"
    )
    assert [(name, found) for name, text in WEB.items() for found in by_hand.findall(text)] == []
