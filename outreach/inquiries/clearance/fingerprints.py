"""Fingerprints of the exact words that are cleared: a clearance holds for the text with its hash and for no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence


def of_answer(question: str, answer: str, terms: str, attribution: str) -> str:
    """64 hexadecimal digits over one answer, the question it belongs to, and how it may be used."""
    return _hash("answer", question, answer, terms, attribution)


def of_whole(body: str, answers: Sequence[tuple[str, str, str]], terms: str, attribution: str) -> str:
    """64 hexadecimal digits over a whole reply; ``answers``: question, answer and terms of each, in their order."""
    return _hash("whole", body, answers, terms, attribution)


def of_story(text: str, text_sr: str, terms: str, attribution: str) -> str:
    """64 hexadecimal digits over the answer of a story in its two languages, and how it may be used."""
    return _hash("story", text, text_sr, terms, attribution)


def of_correction(wordings: Sequence[Sequence[str]]) -> str:
    """64 hexadecimal digits over a correction; ``wordings``: old words, new words and notice of each that changes."""
    return _hash("correction", wordings)


def _hash(*parts: object) -> str:
    # JSON keeps the parts apart: no two different texts run together into the same bytes.
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
