"""What is new in a mail and what it cites: English and Serbian mail programs, in either script. Nothing is lost, only
folded: both halves together say what the mail said."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 300  # characters of a line that may introduce a citation
REACH = 6  # lines within which a header block has its second line

# "On Tue, 25 Nov 2025 at 10:12, Press <press@…> wrote:" · "Dana 25.11.2025. u 10:12, Press je napisao/la:" · "… пише:"
_WROTE = re.compile(
    r"(?:\bwrote|\bwrites|\b(?:je\s+)?napisa(?:o|la)(?:\s*[/(]\s*(?:la|o)\)?)?(?:\s+je)?|\bpiše"
    r"|(?:је\s+)?написа(?:о|ла)(?:\s*[/(]\s*(?:ла|о)\)?)?(?:\s+је)?|пише)\s*:\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d")
_RULE = re.compile(
    r"-{2,}\s*(?:original message|forwarded message|originalna poruka|prosleđena poruka|izvorna poruka"
    r"|оригинална порука|прослеђена порука|изворна порука)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:from|od|šalje|pošiljalac|од|шаље|пошиљалац)\s*:\*?\s*\S", re.IGNORECASE)
_WHEN = re.compile(r"\*?(?:sent|date|poslato|datum|poslano|послато|датум)\s*:\*?\s*\S", re.IGNORECASE)
_ABOUT = re.compile(
    r"\*?(?:subject|to|naslov|predmet|tema|za|prima|наслов|предмет|тема|за|прима)\s*:\*?", re.IGNORECASE
)


def split(text: str) -> tuple[str, str]:
    """The new words and the cited ones. Answers between cited lines stay where they are, and so does a mail that
    would have no words of its own."""
    lines = text.split("\n")
    start, end = _led(lines), _ended(lines)
    new = lines[start:end]
    if not any(line.strip() for line in new):
        return text.strip("\n"), ""
    cited = [*lines[:start], *lines[end:]]
    return "\n".join(new).strip("\n"), "\n".join(cited).strip("\n")


def _ended(lines: Sequence[str]) -> int:
    """Where the citation at the end begins: all of it is marked, or none, as some programs do."""
    last_new = max((at for at, line in enumerate(lines) if not _is_nothing(line)), default=-1)
    last_cited = max((at for at, line in enumerate(lines) if _is_cited(line)), default=-1)
    for at in range(len(lines)):
        if _is_block(lines, at):
            return at
        length = _introduction(lines, at)
        if length and (last_new < at + length or last_cited < at):
            return at
    return last_new + 1


def _led(lines: Sequence[str]) -> int:
    """Where a citation at the beginning ends, when all that is new stands below it."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    start = at = first + _introduction(lines, first)
    while at < len(lines) and _is_nothing(lines[at]):
        at += 1
    has_cited = any(_is_cited(line) for line in lines[start:at])
    return at if has_cited and not any(_is_cited(line) for line in lines[at:]) else 0


def _introduction(lines: Sequence[str], at: int) -> int:
    """Of how many lines (three at most) the sentence consists that says who wrote, when; none where it is none."""
    said = ""
    for number in range(1, 4):
        line = lines[at + number - 1] if at + number <= len(lines) else ""
        if not line.strip() or _is_cited(line) or len(line) > LONGEST:
            return 0
        said = f"{said} {line.strip()}"
        if _WROTE.search(said):
            return number if _DATED.search(said) or "@" in said else 0
    return 0


def _is_block(lines: Sequence[str], at: int) -> bool:
    """Outlook's way: a rule, or the sender and the date of the mail below."""
    line = lines[at].strip()
    if len(line) > LONGEST:
        return False
    if _RULE.match(line):
        return True
    near = [other.strip()[:LONGEST] for other in lines[at + 1 : at + REACH]]
    if line and not line.strip("_-"):  # a rule without words counts only above such a block
        return len(line) >= 10 and any(_FROM.match(other) for other in near[:2])
    return bool(_FROM.match(line)) and any(map(_WHEN.match, near)) and any(map(_ABOUT.match, near))


def _is_cited(line: str) -> bool:
    return line.startswith(">")


def _is_nothing(line: str) -> bool:
    return _is_cited(line) or not line.strip()
