"""Every mail looks as it did when somebody last read it. A change that is meant: GOLDEN=write pytest tests/golden, then read the difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from outreach.house import House
from outreach.language import Variant
from outreach.mail.compose import Words
from tests.golden.mails import NAMES, words_of

HERE = Path(__file__).parent


@pytest.fixture
def engine() -> str:
    """The words of a mail do not depend on the database."""
    return "sqlite"


def shown(words: Words) -> str:
    """Subject, text part, and what the HTML part shows a reader, with its links."""
    soup = BeautifulSoup("".join(segment.text for segment in words.html), "html.parser")
    for link in soup.find_all("a", href=True):
        link.append(f" [{link['href']}]")
    for unseen in soup.find_all(["style", "title"]):
        unseen.decompose()
    lines = [line.strip() for line in soup.get_text("\n").splitlines() if line.strip()]
    text = "".join(segment.text for segment in words.text)
    return f"Subject: {words.subject}\n\n{text}\n===== HTML =====\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("variant", list(Variant), ids=lambda variant: variant.segment)
@pytest.mark.parametrize("name", NAMES)
def test_a_mail_looks_as_it_did(house: House, name: str, variant: Variant) -> None:
    now = shown(words_of(house, name, variant))
    kept = HERE / f"{name}.{variant.segment}.txt"
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(now)
    assert now == kept.read_text(), f"GOLDEN=write pytest {HERE.relative_to(Path.cwd())} keeps the new one"
