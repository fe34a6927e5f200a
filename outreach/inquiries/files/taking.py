"""Taking a file in: its size, its kind and its name are looked at; a picture loses its metadata."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from outreach.inquiries.files import kinds, names, pictures
from outreach.language import mark

MOST = 3
BIGGEST = 10 * 1024 * 1024

TOO_BIG = mark("The selected file must be smaller than 10 MB")
EMPTY = mark("The selected file is empty")
WRONG_KIND = mark("The selected file must be a PDF, DOCX, ODT, JPG, PNG or TXT")
TOO_MANY = mark("You can only select up to 3 files")
TOO_MANY_PIXELS = mark("The selected picture must have 50 million pixels or less")


class FileRefused(ValueError):
    """Why a file is not taken, in a sentence for its sender: one of the messages above."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Taken:
    """A file that may be kept: what people call it, what it is, its bytes."""

    name: str
    kind: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take(name: str, stream: IO[bytes]) -> Taken:
    """The file of a stream. Raises FileRefused."""
    content = stream.read(BIGGEST)
    if len(content) >= BIGGEST:
        raise FileRefused(TOO_BIG)
    if not content:
        raise FileRefused(EMPTY)
    kind = kinds.kind_of(content, name)
    if kind is None:
        raise FileRefused(WRONG_KIND)
    return Taken(names.shown(name, kind), kind, _without_metadata(content, kind))


def _without_metadata(content: bytes, kind: str) -> bytes:
    if kind not in kinds.PICTURES:
        return content
    try:
        return pictures.cleaned(content, kind)
    except pictures.TooManyPixels:
        raise FileRefused(TOO_MANY_PIXELS) from None
    except ValueError:
        raise FileRefused(WRONG_KIND) from None
