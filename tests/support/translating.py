"""What Python makes of a test file is kept beside it; with pytest's assertions that takes longer than most tests.

The processes of a run would all begin with the same file and each translate them all. So each takes its share first, and
finds the rest done by the others."""

from __future__ import annotations

import contextlib
import importlib
import sys

from config import ROOT


def share(number: int, of: int) -> None:
    """Load every `of`-th file of tests, from `number` on. A file with a fault is loaded again when its turn comes, and told then."""
    if sys.dont_write_bytecode:
        return
    for file in sorted((ROOT / "tests").rglob("test_*.py"))[number::of]:
        with contextlib.suppress(Exception):
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
