"""What people call a file: one line, no path, nothing unseen, and the ending that its content has."""

from __future__ import annotations

import re
import unicodedata

from outreach.inquiries import hygiene
from outreach.inquiries.files.kinds import DOCX, JPG, ODT, PDF, PNG, TXT

LONGEST = 120
ENDINGS = {PDF: ("pdf",), DOCX: ("docx",), ODT: ("odt",), JPG: ("jpg", "jpeg"), PNG: ("png",), TXT: ("txt", "text")}
_KNOWN = tuple(f".{ending}" for endings in ENDINGS.values() for ending in endings)


def shown(name: str, kind: str) -> str:
    """`C:\\fakepath\\Note.PDF` becomes `Note.PDF`, a JPG called `photo.png` becomes `photo.jpg`; never empty."""
    bare = re.split(r"[/\\]", hygiene.one_line(name))[-1]
    bare = "".join(char for char in bare if unicodedata.category(char)[0] != "C")
    bare = re.sub(r"[\"*:<>?|]", "_", bare).strip(" .")
    stem, dot, ending = bare.rpartition(".")
    if not dot or ending.lower() not in ENDINGS[kind]:
        stem, ending = (stem if bare.lower().endswith(_KNOWN) else bare), kind
    return f"{stem[:LONGEST].strip(' .') or 'file'}.{ending}"
