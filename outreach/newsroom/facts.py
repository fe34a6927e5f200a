"""The figures of the newsroom, from content/facts.toml: a text quotes one by name and never retypes its number.

A figure is said per language, English or Serbian Cyrillic; Serbian Latin is derived with the rest of the text. Pure.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from outreach import language
from outreach.language import NBSP, Variant, mark
from outreach.newsroom import localtime
from outreach.newsroom.heads import NAME
from outreach.newsroom.localtime import PartialDate
from outreach.office import Words

QUOTE = re.compile(rf"\{{\{{\s*({NAME.pattern})\s*\}}\}}")
UNKNOWN = "unknown"
MILLIONS = "millions"
TONNES = "tonnes"
QUALIFIERS = {"over": mark("over {figure}"), "almost": mark("almost {figure}")}
CURRENCIES = ("EUR", "USD", "RSD")


@dataclass(frozen=True)
class Figure:
    """`value` is the whole number; `as_of` None means not dated, for `reason`; `currency` "unknown": not stated."""

    name: str
    value: int
    words: Words
    source: str
    as_of: PartialDate | None
    reason: Words | None
    review_by: date | None
    unit: str | None
    currency: str | None
    qualifier: str | None
    in_millions: bool

    def number(self, variant: Variant) -> str:
        """The bare number as it is written: 28,000 · 1.4 million · 9,6 милиона."""
        if not self.in_millions:
            return language.number(variant, self.value)
        millions = Decimal(self.value) / 1_000_000
        if millions == int(millions):
            return language.plural(variant, "{count} million", "{count} million", int(millions))
        return language.text(variant, "{number} million", number=language.number(variant, millions.normalize()))

    def said(self, of: str) -> str:
        """The figure as a text in this language, "en" or "sr", says it: number, unit or currency, qualifier."""
        variant = Variant.EN if of == "en" else Variant.CIR
        phrase = self._with_unit(variant, self.number(variant))
        if self.qualifier:
            phrase = language.text(variant, QUALIFIERS[self.qualifier], figure=phrase)
        return phrase.replace(" ", NBSP) if len(phrase) < 24 else phrase

    def _with_unit(self, variant: Variant, number: str) -> str:
        if self.unit == TONNES:
            return language.plural(variant, "{count} tonne", "{count} tonnes", self.value)
        if self.currency == UNKNOWN:
            return language.text(variant, "{number} (currency not stated)", number=number)
        if self.currency == "EUR":
            return language.text(variant, "€{number}", number=number)
        return f"{number} {self.currency}" if self.currency else number


@dataclass(frozen=True)
class ShownFigure:
    """A figure as a page of one variant shows it; `as_of` None means not dated, and `reason` says why."""

    name: str
    said: str
    words: str
    as_of: PartialDate | None
    reason: str | None
    source: str
    value: int
    currency: str | None


@dataclass(frozen=True)
class Facts:
    """All figures and sources by name; `digest` changes with any of them, `lines` is where each figure stands."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    sources: Mapping[str, Words] = field(default_factory=dict)
    digest: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def quoted(self, text: str, of: str) -> str:
        """A text with every quoted figure said in this language, "en" or "sr"."""
        return QUOTE.sub(lambda found: self._said(found[1], of), text) if "{{" in text else text

    def source(self, name: str | None, variant: Variant) -> str | None:
        return self.sources[name].in_variant(variant) if name and name in self.sources else None

    def shown(self, names: Iterable[str], variant: Variant) -> tuple[ShownFigure, ...]:
        """These figures as a page shows them, in order; unknown names are left out."""
        return tuple(self._shown(self.figures[name], variant) for name in names if name in self.figures)

    def _shown(self, figure: Figure, variant: Variant) -> ShownFigure:
        return ShownFigure(
            name=figure.name,
            said=Words(figure.said("en"), figure.said("sr")).in_variant(variant),
            words=figure.words.in_variant(variant),
            as_of=figure.as_of,
            reason=figure.reason.in_variant(variant) if figure.reason else None,
            source=self.sources[figure.source].in_variant(variant),
            value=figure.value,
            currency=figure.currency,
        )

    def _said(self, name: str, of: str) -> str:
        if name in self.figures:
            return self.figures[name].said(of)
        return language.text(Variant.EN if of == "en" else Variant.CIR, mark("[figure missing]"))


def names_in(text: str) -> tuple[str, ...]:
    """The figures that a text quotes, each once, in order."""
    return tuple(dict.fromkeys(QUOTE.findall(text)))


def read(text: str) -> Facts:
    """The file's text as facts; ValueError says which entry is wrong and how."""
    data = tomllib.loads(text)
    for name, entries in data.items():
        if name not in ("figure", "source"):
            raise ValueError(f"[{name}]: only [figure.…] and [source.…] are known")
        if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
            raise ValueError(f"[{name}]: each stands in a table of its own, [{name}.…]")
    sources = {name: _words(f"source.{name}", entry) for name, entry in data.get("source", {}).items()}
    figures = {name: _figure(name, entry, sources) for name, entry in data.get("figure", {}).items()}
    lines = {name: line_of(text, f"figure.{name}") for name in figures}
    return Facts(figures, sources, hashlib.sha256(text.encode()).hexdigest()[:16], lines)


def line_of(text: str, table: str) -> int:
    """The line of a TOML text on which this table begins, else the first."""
    found = re.search(rf"^[ \t]*\[{re.escape(table)}\]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _words(place: str, entry: Mapping[str, Any]) -> Words:
    words = [entry.get(name) for name in ("en", "sr")]
    if not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError(f"[{place}]: en and sr must both be texts")
    return Words(*map(str, words))


_ENTRIES = {
    "value": int,
    "en": str,
    "sr": str,
    "source": str,
    "as_of": str,
    "reason": dict,
    "review_by": date,
    "unit": str,
    "currency": str,
    "qualifier": str,
    "shown_in": str,
}
_CHOICES = {
    "unit": (TONNES,),
    "currency": (*CURRENCIES, UNKNOWN),
    "qualifier": tuple(QUALIFIERS),
    "shown_in": (MILLIONS,),
}


def _figure(name: str, entry: Mapping[str, Any], sources: Mapping[str, Words]) -> Figure:
    place = f"figure.{name}"
    _check(place, name, entry, sources)
    as_of = _as_of(place, entry["as_of"])
    return Figure(
        name=name,
        value=entry["value"],
        words=_words(place, entry),
        source=entry["source"],
        as_of=as_of,
        reason=_words(f"{place}.reason", entry["reason"]) if as_of is None else None,
        review_by=entry.get("review_by"),
        unit=entry.get("unit"),
        currency=entry.get("currency"),
        qualifier=entry.get("qualifier"),
        in_millions=entry.get("shown_in") == MILLIONS,
    )


def _as_of(place: str, text: str) -> PartialDate | None:
    try:
        return None if text == UNKNOWN else localtime.partial_date(text)
    except ValueError:
        raise ValueError(f"[{place}]: as_of must be a year, a month, a day or {UNKNOWN}, not {text}") from None


def _check(place: str, name: str, entry: Mapping[str, Any], sources: Mapping[str, Words]) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"[{place}]: a name has small letters, digits and hyphens")
    for key, value in entry.items():
        _check_entry(place, key, value)
    for key in ("value", "as_of", "source"):
        if key not in entry:
            raise ValueError(f"[{place}]: {key} is missing")
    if entry["source"] not in sources:
        raise ValueError(f"[{place}]: the source {entry['source']} is not in the file")
    if entry["as_of"] == UNKNOWN and "reason" not in entry:
        raise ValueError(f"[{place}]: as_of unknown needs a reason in both languages")
    if "unit" in entry and ("currency" in entry or "shown_in" in entry):
        raise ValueError(f"[{place}]: a figure with a unit has neither currency nor shown_in")


def _check_entry(place: str, key: str, value: Any) -> None:
    if key not in _ENTRIES or type(value) is not _ENTRIES[key]:  # true is an int for isinstance, an instant a date
        raise ValueError(f"[{place}]: {key} is not known here, or not of the right type")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ValueError(f"[{place}]: {key} must be one of {', '.join(_CHOICES[key])}")
