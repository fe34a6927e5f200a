"""M-02: the text part says what the HTML says; usable for the words of any mail."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from outreach.mail.compose import Words


def assert_both_parts_agree(words: Words) -> None:
    """Every heading and every address of a page in the HTML stands in the text, in the same order; nothing is fetched or run."""
    text = _folded("".join(segment.text for segment in words.text))
    soup = BeautifulSoup("".join(segment.text for segment in words.html), "html.parser")
    at = -1
    for heading in soup.select("h2"):
        found = text.find(_folded(heading.get_text()), at + 1)
        assert found > at, f"heading out of order or missing in the text: {heading.get_text()!r}"
        at = found
    addresses = {str(link["href"]) for link in soup.select("a[href]")}
    missing = [
        address for address in addresses if _folded(address.removeprefix("mailto:").removeprefix("tel:")) not in text
    ]
    assert not missing, f"in the HTML only: {missing}"
    assert not soup.select("img, form, script, link, iframe, object, video, audio, [src], [background]")  # M-04, M-20
    assert not re.search(r"url\(|@import", str(soup))


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()
