"""A browser window that writes down every fault of the pages it shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}
HEIGHT = 900

#: How far the page is wider than the window, and the first elements that stick out.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return "";
  const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 0.5);
  return `${document.documentElement.scrollWidth} > ${width}: ` + out.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(" | ");
}"""


FILE = re.compile(r"\.(?:vcf|csv|atom|json|ics)(?:\?|$)")  # taken by programs, not shown by the browser
#: Documents of these folders look alike, and so do their histories.
ALIKE = re.compile(r"/(programmes|projects|fact-sheets|updates/\d+|desk/documents)/[\w-]+")


def kind_of(path: str) -> str:
    """/desk/inquiries/26-1?view=new and /desk/inquiries/26-2?view=all are of a kind, and so are any two projects."""
    return re.sub(r"\d+", "0", re.sub(r"=[^&]*", "", ALIKE.sub(r"/\1/one", path)))


class Window:
    """One window; `faults` are lines that name the page and what is wrong with it."""

    def __init__(self, browser: Any, url: str, width: int = 1280, theme: str = "light", script: bool = True) -> None:
        self.url = url
        self.look = f"{width} px, {theme}"
        self.faults: list[str] = []
        self.has_script = script
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHT}, color_scheme=theme, java_script_enabled=script, base_url=url
        )
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._fault(f"script: {error}"))
        self.page.on("request", self._request)

    def visit(self, path: str, status: int = 200) -> Any:
        """Go there; a wrong status is a fault."""
        self._expected = status
        answer = self.page.goto(path)
        if answer is not None and answer.status != status:
            self._fault(f"status {answer.status}, wanted {status}")
        return self.page

    @contextmanager
    def leads_on(self, status: int = 200) -> Iterator[None]:
        """What is done within leads to another page; goes on when that has loaded. A click alone waits for less."""
        self._expected = status
        with self.page.expect_navigation():
            yield

    def examine(self, with_axe: bool = True) -> None:
        """Everything that may be wrong with the page that is shown now; axe takes ten times as long as the rest."""
        self.page.wait_for_load_state()
        if (headings := self.page.locator("h1").count()) != 1:
            self._fault(f"{headings} h1")
        if said := self.page.evaluate(OVERFLOW):
            self._fault(f"wider than the window, {said}")
        if not self.has_script or not with_axe:
            return  # axe is a script itself
        for violation in AXE.run(self.page, options=RULES).response["violations"]:
            node = violation["nodes"][0]
            self._fault(f"axe {violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})")

    def links(self, prefixes: Iterable[str]) -> list[str]:
        """The paths that this page links to below any of the prefixes, without their anchors."""
        found = self.page.eval_on_selector_all(
            "a[href]", "links => links.map(a => (a.href.baseVal ?? a.href).split('#')[0]).filter(a => a)"
        )
        paths = {link.removeprefix(self.url) for link in found if link.startswith(self.url)}
        return sorted(path for path in paths if path.startswith(tuple(prefixes)) and not FILE.search(path))

    def walk(self, start: str, prefixes: tuple[str, ...], of_a_kind: int = 1, axe_every: int = 1) -> list[str]:
        """Examine `start` and what can be reached from it below the prefixes; the paths seen.

        Addresses that differ only in digits or in the values of a query are of a kind; one of each is enough.
        `axe_every`: axe looks at every so many of them only.
        """
        waiting, seen, kinds = [start], [], Counter([kind_of(start)])
        while waiting:
            seen.append(path := waiting.pop(0))
            self.visit(path)
            self.examine(with_axe=len(seen) % axe_every == 0)
            for link in self.links(prefixes):
                if link not in seen and link not in waiting and kinds[kind_of(link)] < of_a_kind:
                    kinds[kind_of(link)] += 1
                    waiting.append(link)
        return seen

    def _fault(self, words: str) -> None:
        self.faults.append(f"{urlsplit(self.page.url).path} [{self.look}] {words}")

    def _console(self, message: Any) -> None:
        """Chromium reports the page's own status as an error; that is wanted on an error page."""
        if message.type in ("error", "warning") and f"status of {getattr(self, '_expected', 200)}" not in message.text:
            self._fault(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:")):
            self._fault(f"asks another host: {request.url}")
