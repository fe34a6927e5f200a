"""The content folder: which files it has, reading one, replacing one. Nothing outside the folder is ever touched.

Names come from the folder itself, never from a request: a page is looked up among the documents that were found here.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from outreach.language import mark
from outreach.newsroom.faults import Fault
from outreach.newsroom.heads import NAME

FACTS, MAP = DATA_FILES = ("facts.toml", "map.toml")
FILE_NAME = re.compile(rf"({NAME.pattern})\.(en|sr)\.md")
LONGEST_PATH = 180
BIGGEST = 512 * 1024


@dataclass(frozen=True)
class Found:
    """One content file. `stem` is its path without the language, "about/relations"; `raw` its bytes."""

    file: str
    stem: str
    language: str
    raw: bytes

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def path(self) -> str:
        return page_path(self.stem)


def page_path(stem: str) -> str:
    """Where a page is served, below the variant: "about/relations", "about/" for an index."""
    folder, _, name = stem.rpartition("/")
    if name == "index":
        return f"{folder}/" if folder else ""
    return stem


@dataclass(frozen=True)
class Folder:
    """The Markdown files that were found, the bytes of the data files beside them, and what could not be read."""

    found: tuple[Found, ...]
    faults: tuple[Fault, ...]
    data: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes with any name, any byte and any fault of the folder."""
        lines = [f"{f.file} {f.content_hash}" for f in self.found] + [str(f) for f in self.faults]
        lines += [f"{name} {hashlib.sha256(raw).hexdigest()}" for name, raw in self.data.items()]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def scan(content_dir: Path) -> Folder:
    """Read every Markdown file below the folder and its data files; a folder that is not there has none."""
    root = content_dir.resolve()
    data = {name: (root / name).read_bytes() for name in DATA_FILES if (root / name).is_file()}
    read = [_read(root, path, path.relative_to(root).as_posix()) for path in _markdown_below(root)]
    found = tuple(one for one in read if isinstance(one, Found))
    return Folder(found, tuple(one for one in read if isinstance(one, Fault)), data)


def _markdown_below(root: Path) -> Iterator[Path]:
    for folder, names, file_names in os.walk(root):
        names[:] = sorted(n for n in names if not n.startswith("."))
        for name in sorted(file_names):
            if name.endswith(".md") and not name.startswith("."):
                yield Path(folder, name)


def _read(root: Path, path: Path, name: str) -> Found | Fault:
    matched = FILE_NAME.fullmatch(path.name)
    folders = name.split("/")[:-1]
    if not matched or not all(NAME.fullmatch(f) for f in folders) or len(name) > LONGEST_PATH:
        return Fault(name, 1, mark("The name must be like some-words.en.md or some-words.sr.md, in small letters."))
    try:
        if not path.resolve().is_relative_to(root):
            return Fault(name, 1, mark("This is a link to a file outside the content folder; it is not read."))
        with path.open("rb") as file:
            raw = file.read(BIGGEST + 1)
    except OSError as wrong:
        return Fault(name, 1, mark("The file cannot be opened: {problem}."), {"problem": wrong.strerror or str(wrong)})
    if len(raw) > BIGGEST:
        return Fault(name, 1, mark("The file is larger than {most} KB."), {"most": BIGGEST // 1024})
    stem = "/".join([*folders, matched[1]])
    return Found(name, stem, matched[2], raw)


def read(content_dir: Path, file: str) -> bytes:
    """The bytes of a file that `scan` found; FileNotFoundError when it is gone or is not inside the folder."""
    return _inside(content_dir, file).read_bytes()


def replace(content_dir: Path, file: str, text: str) -> None:
    """Put a new text in the place of a file in one step: a reader sees the old or the new one, never half."""
    path = _inside(content_dir, file)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.fresh")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(fresh, path.stat().st_mode & 0o777)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _inside(content_dir: Path, file: str) -> Path:
    root = content_dir.resolve()
    path = (root / file).resolve()
    if not path.is_relative_to(root) or not FILE_NAME.fullmatch(path.name) or not path.is_file():
        raise FileNotFoundError(file)
    return path
