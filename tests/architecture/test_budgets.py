"""How long a thing may be before it is split by subject."""

from __future__ import annotations

from tests.support import source

FILE, FUNCTION, VIEW = 300, 40, 25


def test_no_file_is_longer_than_300_lines() -> None:
    files = (*source.ours(), *source.modules("tests", "benchmarks"))
    assert [f"{m.name}: {n}" for m in files if (n := len(m.text.splitlines())) > FILE] == []


def test_no_function_is_longer_than_40_lines_and_no_view_than_25() -> None:
    found = [(module.name, f) for module in (*source.ours(), *source.modules("tests")) for f in module.functions()]
    too_long = [
        f"{name}.{f.name}: {n}"
        for name, f in found
        if (n := source.length(f)) > (VIEW if source.is_view(f) else FUNCTION)
    ]
    assert too_long == []


def test_no_file_is_a_second_part_of_another() -> None:
    assert [m.name for m in source.ours() if "_part" in m.stem or m.stem[-1].isdigit()] == []
