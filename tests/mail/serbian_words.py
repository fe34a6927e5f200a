"""Random Serbian as people write it: Latin, Cyrillic and both in one line, with the signs that headers trip over."""

from __future__ import annotations

import random

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
LATIN = "abcčćdđefghijklmnopqrsštuvwxyzžABCČĆDĐEFGHIJKLMNOPRSŠTUVZŽ"
SIGNS = [
    "–",
    "„",
    "“",
    "’",
    ",",
    ".",
    ":",
    "(",
    ")",
    '"',
    "'",
    "@",
    ";",
    "\\",
    "=",
    "?",
    "_",
    "&",
    "№",
    "€",
    "…",
    "🙂",
    "e\u0301",
]


def phrase(rng: random.Random, longest: int = 190) -> str:
    """One to twenty words with single or double spaces between, sometimes a space at either end."""
    alphabets = rng.choice([[CYRILLIC], [LATIN], [CYRILLIC, LATIN], [LATIN[:10]]])
    parts = []
    for _ in range(rng.randint(1, 20)):
        letters = rng.choice(alphabets)
        word = "".join(rng.choice(letters) for _ in range(rng.randint(1, 14)))
        parts.append(word + (rng.choice(SIGNS) if rng.random() < 0.3 else ""))
    text = rng.choice([" ", " ", " ", "  "]).join(parts)
    text = rng.choice(["", "", "", " "]) + text + rng.choice(["", "", "", " "])
    return text[:longest].replace("=?", "?=")
