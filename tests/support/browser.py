"""A browser without a screen for the journeys: cookies, redirects, forms, and an eye for what is wrong with a page."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup

from tests.support import pages


@dataclass(frozen=True)
class Seen:
    """A page as it came back, after redirects."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def h1(self) -> str:
        heading = self.soup.h1
        return " ".join(heading.get_text(" ").split()) if heading else ""

    @property
    def words(self) -> str:
        """The main part as a reader sees it, white space folded."""
        return pages.words(pages.read(self.html))

    def link(self, words: str) -> str:
        """The address behind the first link that has these words."""
        for link in self.soup.find_all("a", href=True):
            if words in " ".join(link.get_text(" ").split()):
                return urljoin(self.url, str(link["href"]))
        raise AssertionError(f"no link {words!r} at {self.url}")


class Visitor:
    """One person at one browser. Pages are checked as they come; a status that was not expected fails."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def opens(self, address: str, expect: int = 200) -> Seen:
        """Open a path of the site, or a whole address as it stands in a mail."""
        return self._ask(urllib.request.Request(urljoin(self.home, address)), expect)

    def submits(
        self, page: Seen, action: str | None = None, button: str | None = None, expect: int = 200, **values: Any
    ) -> Seen:
        """Fill in a form of the page as a person would and press its button."""
        path = urlsplit(page.url).path
        form = pages.find_form(pages.read(page.html), path, action)
        data = urlencode(pages.filled(form, values, button)).encode()
        request = urllib.request.Request(urljoin(page.url, str(form.get("action") or page.url)), data)
        request.add_header("Sec-Fetch-Site", "same-origin")
        return self._ask(request, expect)

    def posts(self, address: str, data: dict[str, str], expect: int = 200, **headers: str) -> Seen:
        """Send a form as a machine would: no page, no cookie to speak of."""
        return self._ask(urllib.request.Request(urljoin(self.home, address), urlencode(data).encode(), headers), expect)

    def _ask(self, request: urllib.request.Request, expect: int) -> Seen:
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            seen = Seen(answer.url, answer.status, answer.headers, answer.read())
        assert seen.status == expect, (
            f"{request.get_method()} {seen.url}: {seen.status}, {seen.words[:600] if seen.body else ''}"
        )
        if seen.headers.get_content_type() == "text/html" and seen.body:
            wrong = pages.faults(seen.html, urlsplit(seen.url).path)
            assert not wrong, f"{seen.url}: " + "; ".join(wrong)
        return seen
