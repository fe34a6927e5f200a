"""References such as ``25-48271-3``: random, dictatable, and safe against slips of the ear and the pen.

Two digits of the year, five random digits, one check digit (Damm 2004) over all seven. The Damm quasigroup
catches every single wrong digit and every swap of two neighbours.
"""

from __future__ import annotations

import secrets
import unicodedata

DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
NUMBERS = 100_000

# What people write or read out in place of a digit, in both scripts.
LOOK_ALIKES = {
    "O": "0", "О": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "І": "1", "Z": "2", "З": "3", "Ч": "4",
    "S": "5", "Ѕ": "5", "Б": "6", "B": "8", "В": "8",
}  # fmt: skip
# Marks that carry nothing: every dash, space, bracket, stop and number sign.
SILENT = {"Pd", "Zs", "Cf", "Cc", "Ps", "Pe", "Po", "Pi", "Pf", "Sm"}


def check_digit(digits: str) -> str:
    """The Damm digit for a string of decimal digits; the digits followed by it check to ``"0"``."""
    interim = 0
    for digit in digits:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def make(year: int, number: int | None = None) -> str:
    """A reference of this year; without ``number`` a random one, never the next in a row."""
    if number is None:
        number = secrets.randbelow(NUMBERS)
    digits = f"{year % 100:02d}{number:05d}"
    return f"{digits[:2]}-{digits[2:]}-{check_digit(digits)}"


def read(text: str) -> str | None:
    """The reference somebody typed, in its one written form; ``None`` when it cannot be one."""
    typed = digits(text)
    if len(typed) != 8 or not (typed.isascii() and typed.isdigit()) or check_digit(typed) != "0":
        return None
    return f"{typed[:2]}-{typed[2:7]}-{typed[7]}"


def digits(text: str) -> str:
    """What was typed with look-alikes as the digits they stand for, and without marks and spaces."""
    return "".join(_digit(char) for char in unicodedata.normalize("NFKC", text).upper())


def _digit(char: str) -> str:
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    if unicodedata.category(char) in SILENT:
        return ""
    return str(unicodedata.digit(char, char))
