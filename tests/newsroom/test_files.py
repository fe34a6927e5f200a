"""The content folder: nothing outside of it is read or written (F-18)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from outreach.newsroom import files

OUTSIDE = (
    "../secret.en.md",
    "../../etc/passwd",
    "/etc/passwd",
    "about/../../secret.en.md",
    "about/./../../secret.en.md",
    "..\\secret.en.md",
    "about\\..\\..\\secret.en.md",
    "%2e%2e/secret.en.md",
    "..%2fsecret.en.md",
    "....//secret.en.md",
    "about/%00secret.en.md",
    "secret.en.md/",
    "about",
    "",
    ".",
    "office.toml",
    "linked.en.md",
    "linked/secret.en.md",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder beside a secret, with links that lead to it."""
    root = tmp_path / "content"
    (root / "about").mkdir(parents=True)
    (root / "about" / "page.en.md").write_text("inside")
    (root / "office.toml").write_text("")
    (tmp_path / "secret.en.md").write_text("secret")
    (root / "linked.en.md").symlink_to(tmp_path / "secret.en.md")
    (root / "linked").symlink_to(tmp_path)
    return root


@pytest.mark.parametrize("name", OUTSIDE)
def test_f18_no_name_leads_out_of_the_folder(folder: Path, name: str) -> None:
    with pytest.raises((FileNotFoundError, ValueError)):
        files.read(folder, name)
    with pytest.raises((FileNotFoundError, ValueError)):
        files.replace(folder, name, "changed")
    assert (folder.parent / "secret.en.md").read_text() == "secret"


def test_f18_a_link_out_of_the_folder_is_not_read_but_named(folder: Path) -> None:
    scanned = files.scan(folder)
    assert [one.file for one in scanned.found] == ["about/page.en.md"]
    assert [str(fault) for fault in scanned.faults] == [
        "linked.en.md:1: This is a link to a file outside the content folder; it is not read."
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Page.en.md",
        "page.md",
        "page.de.md",
        "pa ge.en.md",
        "page_one.en.md",
        "страна.sr.md",
        "a--b.en.md",
        "Über/a.en.md",
    ],
)
def test_a_file_with_another_name_is_named(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("")
    assert name in [fault.path for fault in files.scan(folder).faults]


def test_hidden_and_other_files_are_passed_over(folder: Path) -> None:
    for name in (".page.en.md.1.fresh", "notes.txt", ".git/a.en.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("")
    assert len(files.scan(folder).found) == 1


def test_a_file_that_is_too_large_is_named(folder: Path) -> None:
    (folder / "big.en.md").write_bytes(b"x" * (files.BIGGEST + 1))
    assert "big.en.md:1: The file is larger than 512 KB." in [str(f) for f in files.scan(folder).faults]


def test_a_replaced_file_keeps_its_mode_and_leaves_nothing_behind(folder: Path) -> None:
    path = folder / "about" / "page.en.md"
    path.chmod(0o640)
    files.replace(folder, "about/page.en.md", "ћирилица")
    assert path.read_text(encoding="utf-8") == "ћирилица"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(path.parent) == ["page.en.md"]


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert files.scan(tmp_path / "nowhere") == files.Folder((), ())


@pytest.mark.parametrize(
    ("stem", "path"),
    [("about/relations", "about/relations"), ("about/index", "about/"), ("contact", "contact"), ("index", "")],
)
def test_an_index_is_served_as_its_folder(stem: str, path: str) -> None:
    assert files.page_path(stem) == path
