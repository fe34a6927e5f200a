"""Words of a mail from its three templates, in segments: what many mails share, and each person's own part.

Plain Jinja, so that planner and worker need no Flask: `templates/mail/<name>.subject.txt`, `.txt` and `.html`.
In a template `own()` encloses what concerns one person, `piece()` a shared part that is stored by itself (one item of
a digest); both are widened to the whole lines they touch. Words that many mails share are rendered once, with
`place(n)` wherever each mail's own value of that number will stand.
"""

from __future__ import annotations

import re
import secrets
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from config import ROOT
from outreach import language
from outreach.house import House
from outreach.language import Variant
from outreach.mail import headers
from outreach.mail.message import Pieces, Segment, plain

TEMPLATES = ROOT / "templates"
COLUMNS = 72  # of the text part

_SECRET = secrets.token_hex(8)  # nobody outside can write a mark
MARKS = {"own": (f"\ue000{_SECRET}<", f"\ue000{_SECRET}>"), "piece": (f"\ue001{_SECRET}<", f"\ue001{_SECRET}>")}
_ANY_MARK = re.compile(f"[\ue000\ue001]{_SECRET}[<>]")
_PLACE = re.compile(f"\ue002{_SECRET}([0-9]+);")
_RUN = re.compile(f"\ue003{_SECRET}([0-9]+);\n?")
_BLANK_LINES = re.compile(f"\n((?:(?:{_ANY_MARK.pattern})*\n){{2,}})")


@dataclass(frozen=True)
class Words:
    """What a mail says in one variant, not yet encoded."""

    subject: str
    text: list[Segment]
    html: list[Segment]


def render(house: House, name: str, variant: Variant, **values: Any) -> Words:
    """Fill the three templates of the mail `name`; raises headers.BadHeader when the subject cannot be sent."""
    about: dict[str, Any] = {
        **language.jinja_globals(variant, house.office.zone),
        "office": house.office,
        "settings": house.settings,
        "url": house.url,
        **values,
    }
    subject = " ".join(environment().get_template(f"mail/{name}.subject.txt").render(about).split())
    about["subject"] = headers.clean(subject)
    text, html = (environment().get_template(f"mail/{name}.{kind}").render(about) for kind in ("txt", "html"))
    return Words(subject, [Segment(wrapped(s.text), s.shared) for s in segments(spaced(text))], segments(html))


def place(number: int) -> str:
    """What stands, in words that many mails share, for each mail's own value of this number."""
    return f"\ue002{_SECRET}{number};"


def run(number: int) -> str:
    """A segment by itself: here each mail has the blocks that its own value of this number names (`blocks.run`)."""
    return f"\ue003{_SECRET}{number};\n"


def pieces(text: str) -> Pieces:
    """The text cut at its places: strings, and the numbers of own values between them."""
    cut: list[str | int] = list(_PLACE.split(text))
    cut[1::2] = [int(number) for number in cut[1::2]]
    return [piece for piece in cut if piece != ""] or [""]


def run_number(text: str) -> int | None:
    """The number of a run, when the segment is one."""
    found = _RUN.fullmatch(text)
    return int(found[1]) if found else None


def spaced(marked: str) -> str:
    """The text part with never more than one blank line in a row."""
    one = _BLANK_LINES.sub(lambda found: "\n" + "".join(_ANY_MARK.findall(found[1])) + "\n", plain(marked))
    return one.strip("\n")


def segments(marked: str) -> list[Segment]:
    """Cut a rendered template where own() and piece() begin and end, at the ends of lines."""
    owned = groupby(_owned_lines(plain(marked).removesuffix("\n").split("\n")), key=itemgetter(0))
    return [Segment("".join(line for _, line in group), owner != "own") for owner, group in owned]


def _owned_lines(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Each line without its marks, under its owner: "own", "piece 1", "piece 2" … or "frame"."""
    kind, pieces = "frame", 0
    for line in lines:
        owners = [kind]
        for mark in _ANY_MARK.findall(line):
            if mark.endswith("<") and kind != "frame":
                raise ValueError("own() and piece() do not nest")
            pieces += mark == MARKS["piece"][0]
            kind = {MARKS["own"][0]: "own", MARKS["piece"][0]: f"piece {pieces}"}.get(mark, "frame")
            owners.append(kind)
        owner = "own" if "own" in owners else max(owners)  # "piece …" comes after "frame"
        yield owner, _ANY_MARK.sub("", line) + "\n"


@cache
def environment() -> Environment:
    """The one Jinja environment of all mails: HTML is escaped, text is not, a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update({kind: _marker(kind) for kind in MARKS})
    return made


def _marker(kind: str) -> Any:
    start, end = MARKS[kind]

    def mark(caller: Any) -> Any:
        content = caller()
        ending = "\n" if content.endswith("\n") else ""
        return type(content)(f"{start}{content.removesuffix(ending)}{end}{ending}")

    return mark


def wrapped(text: str) -> str:
    """The text part's lines, none longer than 72 columns unless it is one long word."""
    return "".join(_wrapped_line(line) for line in text.splitlines(keepends=True))


def _wrapped_line(line: str) -> str:
    if len(line) <= COLUMNS + 1:
        return line
    margin = " " * (len(line) - len(line.lstrip(" ")))
    return textwrap.fill(
        line.strip(), COLUMNS, subsequent_indent=margin, initial_indent=margin,
        break_long_words=False, break_on_hyphens=False,
    ) + "\n"  # fmt: skip
