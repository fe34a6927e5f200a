"""Text from outside is text: one Unicode form, no control characters, nothing unseen shown as nothing (F-13, F-14)."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls but newline and tab, and lone surrogates: PostgreSQL and mail refuse them, readers cannot see them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
MOST = 40  # questions in one inquiry
# Direction marks and zero-width characters, which can make one thing look like another.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def clean(text: str | None) -> str:
    """Several lines: NFC, newlines as ``\\n``, control characters out, no space at the ends."""
    if not text or (text.isascii() and text.isprintable()):
        return (text or "").strip()
    straight = re.sub(r"\r\n?|[\u0085\u2028\u2029]", "\n", text)
    return unicodedata.normalize("NFC", _CONTROL.sub("", straight)).strip()


def one_line(text: str | None) -> str:
    """One line: as ``clean``, and every run of white space is one space."""
    return " ".join(clean(text).split())


def lines(text: str | None) -> list[str]:
    """The lines that say something; ``1.``, ``2)`` and bullets before them go, since we number them ourselves."""
    bare = (re.sub(r"^(?:\d{1,2}[.)]|[-–—•*·])\s+", "", line.strip()) for line in clean(text).split("\n"))
    return [line for line in bare if line.strip()]


def questions(text: str | None) -> list[str]:
    """The numbered questions of a text; what stands below the fortieth line belongs to the fortieth."""
    found = lines(text)
    return found if len(found) <= MOST else [*found[: MOST - 1], "\n".join(found[MOST - 1 :])]


def bare(text: str) -> str:
    """The text without its unseen characters, for a field in which staff put it right."""
    return _UNSEEN.sub("", text)


def visible(text: str) -> str:
    """The text with every unseen character written out as ``[U+202E]``, for staff who must see what is there."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
