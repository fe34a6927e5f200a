"""Our words in the language and the script of the one who gets them. Authors write Serbian in either script."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.inquiries.lines.models import Line
from outreach.language import Variant
from outreach.serbian import fold, to_cyrillic, to_latin

ENGLISH = frozenset(("the", "of", "and", "is", "are"))
"""Words that no Serbian sentence has, and hardly an English one does without."""


@dataclass(frozen=True)
class Wording:
    """A text for one reader; ``is_theirs`` is False when it is there in the other language only."""

    text: str
    is_theirs: bool


def of_line(line: Line, variant: Variant) -> Wording:
    """What a line says to a reader of this variant."""
    return choose(line.text_en, line.text_sr, variant)


def choose(english: str, serbian: str, variant: Variant) -> Wording:
    """Of two language versions the reader's own, or the one there is."""
    own, other = (english, serbian) if variant is Variant.EN else (serbian, english)
    text = own or other
    return Wording(text if text == english else in_script(text, variant), bool(own))


def in_script(text: str, variant: Variant) -> str:
    """Serbian text in the script of a variant; English text, and any for an English page, as it was written."""
    if variant is Variant.LAT:
        return to_latin(text)
    if variant is Variant.CIR and not is_cyrillic(text) and not _is_english(text):
        return to_cyrillic(text)
    return text


def _is_english(text: str) -> bool:
    return not ENGLISH.isdisjoint(fold(text).split())


def is_cyrillic(text: str) -> bool:
    """Whether most of its letters are Cyrillic."""
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum("\u0400" <= letter <= "\u052f" for letter in letters) > len(letters)
