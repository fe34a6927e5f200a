"""Every mail has its three files, is sent by somebody, and looks as it did (regenerate: GOLDEN=write pytest tests/golden)."""

from __future__ import annotations

from config import ROOT
from tests.support import source

FRAME = {"frame", "parts"}
TRIO = (".html", ".subject.txt", ".txt")


def mails() -> dict[str, set[str]]:
    """The mails by name, each with the endings it has."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "templates" / "mail").iterdir()):
        name, _, ending = path.name.partition(".")
        if name not in FRAME:
            found.setdefault(name, set()).add(f".{ending}")
    return found


def test_every_mail_has_a_subject_a_text_and_an_html_part() -> None:
    assert {name: sorted(endings) for name, endings in mails().items() if endings != set(TRIO)} == {}


def test_every_mail_is_sent_by_a_room() -> None:
    program = "\n".join(module.text for module in source.modules("outreach"))
    assert [name for name in mails() if f'"{name}"' not in program] == []


def test_every_mail_has_a_golden_file_in_each_variant() -> None:
    kept = {path.name for path in (ROOT / "tests" / "golden").glob("*.txt")}
    assert sorted({f"{name}.{v}.txt" for name in mails() for v in ("en", "lat", "cir")} - kept) == []
