"""What every page must be, whatever it is about, and how a browser fills in its forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

LANGUAGES = {"en": "en", "lat": "sr-Latn", "cir": "sr-Cyrl"}
WORD = re.compile(r"[^\W\d_]+")
LATIN, CYRILLIC = re.compile(r"[A-Za-zÀ-ɏ]"), re.compile(r"[\u0400-\u04FF]")
FIELDS = {"input", "select", "textarea"}
TYPED_BY_NOBODY = {"hidden", "submit", "button", "reset", "image"}


def faults(page: str | BeautifulSoup, path: str) -> list[str]:
    """Everything that is wrong with a page of ours, each as one line; an empty list for a good one."""
    soup = BeautifulSoup(page, "html.parser") if isinstance(page, str) else page
    tags = soup.find_all(True)  # once: asked for tag by tag, the tree is walked a dozen times for each page
    return [
        *_head_faults(soup, path),
        *_id_faults(tags),
        *_field_faults(tags),
        *_policy_faults(tags),
        *mixed_script_words(soup),
    ]


def _head_faults(soup: BeautifulSoup, path: str) -> list[str]:
    said = []
    headings = [h.get_text(" ", strip=True) for h in soup.find_all("h1")]
    if len(headings) != 1 or not headings[0]:
        said.append(f"one h1 with words is wanted, found {headings}")
    if soup.title is None or not soup.title.get_text(strip=True):
        said.append("no title")
    lang = str(soup.html.get("lang", "")) if soup.html else ""
    wanted = LANGUAGES.get(path.strip("/").split("/")[0])
    if lang not in LANGUAGES.values() or (wanted and lang != wanted):
        said.append(f"lang is {lang!r}, wanted {wanted or 'one of ours'}")
    return said


def _id_faults(tags: Sequence[Tag]) -> list[str]:
    ids = Counter(str(tag["id"]) for tag in tags if tag.has_attr("id"))
    said = [f"id {name!r} stands {n} times" for name, n in ids.items() if n > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for tag in tags:
            said += [
                f"{attribute}={name!r} points nowhere" for name in _words(tag.get(attribute, "")) if name not in ids
            ]
    return said


def _field_faults(tags: Sequence[Tag]) -> list[str]:
    labels = {
        str(tag["for"]) for tag in tags if tag.name == "label" and tag.has_attr("for") and tag.get_text(strip=True)
    }
    said = []
    for field in tags:
        if field.name not in FIELDS or str(field.get("type", "text")) in TYPED_BY_NOBODY:
            continue
        named = (
            field.get("id") in labels
            or field.find_parent("label")
            or field.get("aria-label")
            or field.get("aria-labelledby")
        )
        if not named:
            said.append(f"no label for field {field.get('name')!r}")
    said += [
        f"button without words: {button}"
        for button in tags
        if button.name == "button" and not (button.get_text(strip=True) or button.get("aria-label"))
    ]
    return said


def _policy_faults(tags: Sequence[Tag]) -> list[str]:
    """What our content security policy would block in a browser."""
    said = [f"inline style on <{tag.name}>" for tag in tags if tag.has_attr("style")]
    said += [
        "inline script"
        for tag in tags
        if tag.name == "script" and not tag.get("src") and tag.get("type") != "application/ld+json"
    ]
    said += [f"inline handler on <{tag.name}>" for tag in tags if any(name.startswith("on") for name in tag.attrs)]
    said += [f"image without alt: {tag.get('src')}" for tag in tags if tag.name == "img" and tag.get("alt") is None]
    return said


def mixed_script_words(soup: BeautifulSoup) -> list[str]:
    """Words written half in Latin and half in Cyrillic letters: they look right and are found by no search."""
    shown = " ".join(
        text for text in soup.find_all(string=True) if text.parent and text.parent.name not in ("script", "style")
    )
    return sorted(
        {f"mixed-script word {word!r}" for word in WORD.findall(shown) if LATIN.search(word) and CYRILLIC.search(word)}
    )


def find_form(soup: BeautifulSoup, path: str, action: str | None = None) -> Tag:
    """The form that posts to `action` (a part of its address), or the only posting form of the page's main part."""
    forms = [form for form in soup.find_all("form") if str(form.get("method", "get")).lower() == "post"]
    if action is None:
        main = [form for form in forms if form.find_parent("main")]
        forms = main if len(main) == 1 else forms
    else:
        forms = [form for form in forms if action in urljoin(path, str(form.get("action") or path))]
    assert len(forms) == 1, f"{path}: {len(forms)} posting forms for {action!r}"
    return forms[0]


def filled(form: Tag, values: dict[str, object], button: str | None = None) -> list[tuple[str, Any]]:
    """What a browser would send: the form's own state, then what the visitor typed. Unknown names are an error.

    A list ticks these boxes (or options) and no others; True and False tick and untick a single box. A field for files
    takes a list of (stream, name).
    `button` is the name=value of the button pressed, or just its name.
    """
    fields = [
        tag for tag in form.find_all(["input", "select", "textarea"]) if tag.get("name") and tag.get("disabled") is None
    ]
    unknown = set(values) - {str(tag["name"]) for tag in fields}
    assert not unknown, (
        f"the form has no field {sorted(unknown)}; it has {sorted({str(tag['name']) for tag in fields})}"
    )
    sent = [pair for tag in fields for pair in _sent(tag, values)]
    if button is not None:
        name, _, value = button.partition("=")
        pressed = form.find(["button", "input"], attrs={"name": name, **({"value": value} if value else {})})
        assert isinstance(pressed, Tag), f"no button {button!r}"
        sent.append((name, str(pressed.get("value", ""))))
    return sent


def _sent(tag: Tag, values: dict[str, object]) -> list[tuple[str, Any]]:
    name, kind = str(tag["name"]), str(tag.get("type", "text"))
    if kind == "file":
        return [(name, chosen) for chosen in values.get(name, [])]  # type: ignore[attr-defined]
    if kind in ("submit", "button", "image", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        value = str(tag.get("value", "on"))
        return [(name, value)] if _is_ticked(tag, value, values) else []
    if tag.name == "select":
        return [(name, value) for value in _chosen(tag, values)]
    if name in values:
        return [(name, str(values[name]))]
    return [(name, tag.get_text() if tag.name == "textarea" else str(tag.get("value", "")))]


def _is_ticked(tag: Tag, value: str, values: dict[str, object]) -> bool:
    wish = values.get(str(tag["name"]))
    if wish is None:
        return tag.get("checked") is not None
    return wish if isinstance(wish, bool) else value in _listed(wish)


def _chosen(tag: Tag, values: dict[str, object]) -> list[str]:
    options = [str(option.get("value", option.get_text(strip=True))) for option in tag.find_all("option")]
    if (wish := values.get(str(tag["name"]))) is not None:
        assert set(_listed(wish)) <= set(options), f"{tag['name']}: {wish!r} is not offered, only {options}"
        return _listed(wish)
    selected = [
        str(option.get("value", option.get_text(strip=True))) for option in tag.find_all("option", selected=True)
    ]
    return selected or ([] if tag.get("multiple") is not None else options[:1])


def _listed(wish: object) -> list[str]:
    return [str(one) for one in wish] if isinstance(wish, list | tuple | set) else [str(wish)]


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value).split()


def local_path(url: str) -> str:
    """The path and query of an absolute address, for a client that knows only paths."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
