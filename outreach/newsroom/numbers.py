"""Numbers as a text of one language writes them: 28,000 · 28.000, €1.4 million · 1,4 милиона евра. Pure.

A bare number below 2200 may as well be a year, the number of a resolution or a count, so it says nothing of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

MONEY, TONNES = "money", "tonnes"
LAST_YEAR = 2200
THOUSAND, MILLION, BILLION = 10**3, 10**6, 10**9

_GAP = "[\u00a0\u202f]"
_BETWEEN = r"(?:[ \u00a0\u202f-])?"
_SIGNS = r"€|\$|£|EUR|USD|RSD"
_DIGITS = {
    "en": rf"\d{{1,3}}(?:(?:,|{_GAP})\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?",
    "sr": rf"\d{{1,3}}(?:(?:\.|{_GAP})\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?",
}
_SCALES = {
    "en": {"thousand": THOUSAND, "k": THOUSAND, "million": MILLION, "m": MILLION, "mn": MILLION, "billion": BILLION}
    | {"bn": BILLION},
    "sr": {"хиљад": THOUSAND, "милион": MILLION, "милијард": BILLION},
}
_SCALE = {"en": r"thousand|million|billion|bn|mn|k|m", "sr": r"хиљад[аеу]?|милион[аи]?|милијард[аеиу]?"}
_MONEY = {"en": r"euros?|dollars?|dinars?|US dollars?", "sr": r"евра|евро|долар[аи]?|динар[аи]?"}
_TONNES = {"en": r"tonnes?|tons?", "sr": r"тон[аеу]"}
_NUMBER = {
    of: re.compile(
        rf"(?<![\w.,/-])(?:(?P<sign>{_SIGNS}) ?)?(?P<digits>{_DIGITS[of]})(?!\w(?<![km])|[.,]\d)"
        rf"(?:{_BETWEEN}(?P<scale>{_SCALE[of]})\b)?"
        rf"(?:{_BETWEEN}(?:(?P<money>{_SIGNS}|{_MONEY[of]})|(?P<tonnes>{_TONNES[of]}))(?!\w))?",
        re.IGNORECASE,
    )
    for of in ("en", "sr")
}


@dataclass(frozen=True)
class Number:
    """`value` is whole; `unit` is MONEY, TONNES or None; `said` is how the text has it, from `start` to `end`."""

    value: int
    unit: str | None
    said: str
    start: int
    end: int
    is_bare: bool

    @property
    def may_be_a_year(self) -> bool:
        return self.is_bare and self.value < LAST_YEAR


def found(text: str, language: str) -> Iterator[Number]:
    """The whole numbers of a text in this language, "en" or "sr"; fractions that remain are passed over."""
    for match in _NUMBER[language].finditer(text):
        unit = MONEY if match["sign"] or match["money"] else TONNES if match["tonnes"] else None
        scale = _scale(match["scale"], language) if unit or len(match["scale"] or "") != 1 else 1  # 5 m is a length
        value = Decimal(_plain(match["digits"], language)) * scale
        if value == int(value):
            is_bare = match["digits"].isdigit() and scale == 1 and unit is None
            yield Number(int(value), unit, match[0], match.start(), match.end(), is_bare)


def _plain(digits: str, language: str) -> str:
    group, point = (",", ".") if language == "en" else (".", ",")
    return re.sub(rf"[{re.escape(group)}\u00a0\u202f]", "", digits).replace(point, ".")


def _scale(word: str | None, language: str) -> int:
    said = (word or "").casefold()
    known = _SCALES[language]
    return known.get(said) or next((size for start, size in known.items() if said and said.startswith(start)), 1)
