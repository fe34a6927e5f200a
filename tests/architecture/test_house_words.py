"""One word for one thing (house.md's table), and no drawer for odds and ends."""

from __future__ import annotations

import re

from tests.support import source

BANNED = re.compile(
    r"\b(enquir\w+|tickets?|blacklist\w*|whitelist\w*|unsubscribe.?list|mailing.?list\w*|newsletters?|due.?date|todo|fixme)\b",
    re.IGNORECASE,
)
DRAWERS = re.compile(r"(^|_)(utils?|helpers?|services?|common|misc|manager|base)$")


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    names = {part for module in source.ours() for part in module.name.split("/")}
    assert sorted(name for name in names if DRAWERS.search(name)) == []


def test_words_of_the_table_and_only_these() -> None:
    files = {m.name: m.text for m in source.ours()}
    files |= source.texts("templates", ".html", ".txt", ".xml") | source.texts("content", ".md", ".toml")
    assert [(name, word) for name, text in files.items() for word in BANNED.findall(text)] == []


def test_every_room_says_what_it_is() -> None:
    rooms = [m for m in source.modules("outreach") if m.stem == "__init__"]
    assert [m.name for m in rooms if not (m.text.strip().startswith('"""') and len(m.text.split()) > 5)] == []


def test_every_public_function_of_the_rooms_has_a_docstring_or_says_it_by_its_type() -> None:
    """A verb that staff would say needs a sentence; a view, a test and a one-line question do not."""
    import ast

    verbs = [(m, f) for m in source.modules("outreach") for f in m.tree.body if isinstance(f, source.Function)]
    silent = [
        f"{m.name}.{f.name}"
        for m, f in verbs
        if not f.name.startswith("_") and not source.is_view(f) and source.length(f) > 8 and not ast.get_docstring(f)
    ]
    assert silent == []
