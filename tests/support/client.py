"""A test client that reads every page it fetches as a careful visitor would, and fills in forms as a browser does."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.support import pages


class Page(TestResponse):
    """A response with its HTML parsed on demand."""

    @functools.cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.get_data(as_text=True), "html.parser")

    @functools.cached_property
    def tree(self) -> HtmlElement:
        """The same for those who look at every page."""
        return pages.read(self.get_data(as_text=True))

    @property
    def h1(self) -> str:
        """The page's own heading."""
        return pages.said_in(next(self.tree.iter("h1")))

    @property
    def words(self) -> str:
        """The main part as a reader sees it, white space folded."""
        return pages.words(self.tree)


class PageClient(FlaskClient):
    """Fails a test that fetches a page with a fault; set `checks_pages = False` for pages that show hostile text."""

    checks_pages = True

    def open(self, *args: Any, **kwargs: Any) -> Page:  # type: ignore[override]
        page: Page = super().open(*args, **kwargs)  # type: ignore[assignment]
        for answered in (*page.history, page):
            answered.request.environ["wsgi.input"].close()  # a large body lies in a temporary file
        if (
            self.checks_pages
            and page.mimetype == "text/html"
            and page.status_code not in (301, 302, 303, 307, 308)
            and page.data
        ):
            wrong = pages.faults(page.tree, page.request.path)
            assert not wrong, f"{page.request.method} {page.request.path} ({page.status_code}): " + "; ".join(wrong)
        return page

    def submit(
        self, page: Page, action: str | None = None, button: str | None = None, follow: bool = True, **values: object
    ) -> Page:
        """Fill in a form of `page` and send it; `action` picks the form by a part of its address.

        Follows the redirect as a browser would, unless `follow` is False.
        """
        path = page.request.path
        form = pages.find_form(page.tree, path, action)
        address = urljoin(path, form.get("action") or path)
        return self.post(address, data=MultiDict(pages.filled(form, values, button)), follow_redirects=follow)  # type: ignore[return-value]


def open_client(app: Any) -> PageClient:
    """A client with its own cookies."""
    return PageClient(app, Page, use_cookies=True)
