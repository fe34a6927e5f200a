"""Folders of content for the tests: one copy of all of it that every test reads, and folders that a test may change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from config import ROOT

#: What an office cannot do without, and one page.
LITTLE = ("office.toml", "facts.toml", "map.toml", "privacy.en.md", "privacy.sr.md")


def whole(folder: Path) -> Path:
    """All that is delivered in content/, copied to `folder`."""
    return Path(shutil.copytree(ROOT / "content", folder, copy_function=shutil.copyfile))


def little(folder: Path) -> Path:
    """Next to nothing, so that reading it takes a moment."""
    folder.mkdir(parents=True)
    for name in LITTLE:
        shutil.copyfile(ROOT / "content" / name, folder / name)
    return folder


def state(folder: Path) -> set[tuple[str, int]]:
    """Every file and folder with when it was last changed, nanoseconds."""
    found = set()
    for entry in os.scandir(folder):
        found.add((entry.path, entry.stat().st_mtime_ns))
        if entry.is_dir():
            found |= state(Path(entry.path))
    return found
