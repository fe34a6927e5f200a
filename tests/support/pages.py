"""What every page must be, whatever it is about, and how a browser fills in its forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

LANGUAGES = {"en": "en", "lat": "sr-Latn", "cir": "sr-Cyrl"}
WORD = re.compile(r"[^\W\d_]+")
LATIN, CYRILLIC = re.compile(r"[A-Za-zÀ-ɏ]"), re.compile(r"[\u0400-\u04FF]")
FIELDS = ("input", "select", "textarea")
TYPED_BY_NOBODY = {"hidden", "submit", "button", "reset", "image"}


def read(page: str) -> HtmlElement:
    """The tree of a page, by a parser that is ten times as fast as the one whose trees are easier to ask."""
    return lxml.html.document_fromstring(page)


def faults(page: str | HtmlElement, path: str) -> list[str]:
    """Everything that is wrong with a page of ours, each as one line; an empty list for a good one."""
    tree = read(page) if isinstance(page, str) else page
    tags = list(tree.iter("*"))
    return [
        *_head_faults(tree, path),
        *_id_faults(tags),
        *_field_faults(tags),
        *_policy_faults(tags),
        *mixed_script_words(tags),
    ]


def said_in(tag: HtmlElement) -> str:
    """The words of an element, white space folded."""
    return " ".join(tag.text_content().split())


def words(tree: HtmlElement) -> str:
    """The main part of a page, or all of one that has none, as a reader sees it, white space folded."""
    main = next(tree.iter("main"), tree)
    return " ".join(" ".join(main.itertext("*")).split())


def _head_faults(tree: HtmlElement, path: str) -> list[str]:
    said = []
    headings = [said_in(h) for h in tree.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        said.append(f"one h1 with words is wanted, found {headings}")
    if not any(said_in(title) for title in tree.iter("title")):
        said.append("no title")
    lang = tree.get("lang", "")
    wanted = LANGUAGES.get(path.strip("/").split("/")[0])
    if lang not in LANGUAGES.values() or (wanted and lang != wanted):
        said.append(f"lang is {lang!r}, wanted {wanted or 'one of ours'}")
    return said


def _id_faults(tags: Sequence[HtmlElement]) -> list[str]:
    ids = Counter(tag.get("id") for tag in tags if tag.get("id") is not None)
    said = [f"id {name!r} stands {n} times" for name, n in ids.items() if n > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for tag in tags:
            said += [
                f"{attribute}={name!r} points nowhere" for name in tag.get(attribute, "").split() if name not in ids
            ]
    return said


def _field_faults(tags: Sequence[HtmlElement]) -> list[str]:
    labels = {tag.get("for") for tag in tags if tag.tag == "label" and tag.get("for") and said_in(tag)}
    said = []
    for field in tags:
        if field.tag not in FIELDS or field.get("type", "text") in TYPED_BY_NOBODY:
            continue
        is_inside = next(field.iterancestors("label"), None) is not None
        if not (field.get("id") in labels or is_inside or field.get("aria-label") or field.get("aria-labelledby")):
            said.append(f"no label for field {field.get('name')!r}")
    said += [
        f"button without words: {button.attrib}"
        for button in tags
        if button.tag == "button" and not (said_in(button) or button.get("aria-label"))
    ]
    return said


def _policy_faults(tags: Sequence[HtmlElement]) -> list[str]:
    """What our content security policy would block in a browser."""
    said = [f"inline style on <{tag.tag}>" for tag in tags if tag.get("style") is not None]
    said += [
        "inline script"
        for tag in tags
        if tag.tag == "script" and not tag.get("src") and tag.get("type") != "application/ld+json"
    ]
    said += [f"inline handler on <{tag.tag}>" for tag in tags if any(name.startswith("on") for name in tag.attrib)]
    said += [f"image without alt: {tag.get('src')}" for tag in tags if tag.tag == "img" and tag.get("alt") is None]
    return said


def mixed_script_words(tags: Sequence[HtmlElement]) -> list[str]:
    """Words written half in Latin and half in Cyrillic letters: they look right and are found by no search."""
    inside = (tag.text for tag in tags if tag.tag not in ("script", "style"))
    shown = " ".join(text for text in (*inside, *(tag.tail for tag in tags)) if text)
    return sorted(
        {f"mixed-script word {word!r}" for word in WORD.findall(shown) if LATIN.search(word) and CYRILLIC.search(word)}
    )


def find_form(tree: HtmlElement, path: str, action: str | None = None) -> HtmlElement:
    """The form that posts to `action` (a part of its address), or the only posting form of the page's main part."""
    forms = [form for form in tree.iter("form") if form.get("method", "get").lower() == "post"]
    if action is None:
        main = [form for form in forms if next(form.iterancestors("main"), None) is not None]
        forms = main if len(main) == 1 else forms
    else:
        forms = [form for form in forms if action in urljoin(path, form.get("action") or path)]
    assert len(forms) == 1, f"{path}: {len(forms)} posting forms for {action!r}"
    return forms[0]


def filled(form: HtmlElement, values: dict[str, object], button: str | None = None) -> list[tuple[str, Any]]:
    """What a browser would send: the form's own state, then what the visitor typed. Unknown names are an error.

    A list ticks these boxes (or options) and no others; True and False tick and untick a single box. A field for files
    takes a list of (stream, name).
    `button` is the name=value of the button pressed, or just its name.
    """
    fields = [tag for tag in form.iter(*FIELDS) if tag.get("name") and tag.get("disabled") is None]
    names = {tag.get("name") for tag in fields}
    assert set(values) <= names, f"the form has no field {sorted(set(values) - names)}; it has {sorted(names)}"
    sent = [pair for tag in fields for pair in _sent(tag, values)]
    if button is not None:
        name, _, value = button.partition("=")
        pressed = [
            tag for tag in form.iter("button", "input")
            if tag.get("name") == name and (not value or tag.get("value") == value)
        ]  # fmt: skip
        assert pressed, f"no button {button!r}"
        sent.append((name, pressed[0].get("value", "")))
    return sent


def _sent(tag: HtmlElement, values: dict[str, object]) -> list[tuple[str, Any]]:
    name, kind = tag.get("name", ""), tag.get("type", "text")
    if kind == "file":
        return [(name, chosen) for chosen in values.get(name, [])]  # type: ignore[attr-defined]
    if kind in ("submit", "button", "image", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        value = tag.get("value", "on")
        return [(name, value)] if _is_ticked(tag, value, values) else []
    if tag.tag == "select":
        return [(name, value) for value in _chosen(tag, values)]
    if name in values:
        return [(name, str(values[name]))]
    return [(name, tag.text_content() if tag.tag == "textarea" else tag.get("value", ""))]


def _is_ticked(tag: HtmlElement, value: str, values: dict[str, object]) -> bool:
    wish = values.get(tag.get("name", ""))
    if wish is None:
        return tag.get("checked") is not None
    return wish if isinstance(wish, bool) else value in _listed(wish)


def _chosen(tag: HtmlElement, values: dict[str, object]) -> list[str]:
    options = {option: option.get("value", said_in(option)) for option in tag.iter("option")}
    if (wish := values.get(tag.get("name", ""))) is not None:
        assert set(_listed(wish)) <= set(options.values()), (
            f"{tag.get('name')}: {wish!r} is not offered, only {list(options.values())}"
        )
        return _listed(wish)
    selected = [value for option, value in options.items() if option.get("selected") is not None]
    return selected or ([] if tag.get("multiple") is not None else list(options.values())[:1])


def _listed(wish: object) -> list[str]:
    return [str(one) for one in wish] if isinstance(wish, list | tuple | set) else [str(wish)]


def local_path(url: str) -> str:
    """The path and query of an absolute address, for a client that knows only paths."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
