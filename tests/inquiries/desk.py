"""What an office does about clearance, as its tests say it."""

from __future__ import annotations

import re
from typing import Any

from bs4 import Tag
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from outreach.inquiries.clearance.models import Clearance
from tests.inquiries.conftest import case
from tests.support import pages
from tests.support.client import Page, PageClient


def asked_for(officer: PageClient, reference: str, *names: str, what: list[str] | None = None, **typed: Any) -> Page:
    """Ask these approvers, by the names of their accounts, for the first answer or for ``what``."""
    return ask_on(officer, case(officer, reference), *names, ask_what=what or ["1"], **typed)


def ask_on(officer: PageClient, page: Page, *names: str, action: str | None = None, **typed: Any) -> Page:
    """Ask these approvers on the page that holds the words."""
    labels = {
        box.find_parent("label").get_text(strip=True): box["value"] for box in page.soup.select("[name=ask_whom]")
    }  # type: ignore[union-attr]
    whom = {"ask_whom": [labels[name] for name in names]} if names else {}
    done = officer.submit(page, action, button="do=clearance", **whom, **typed)
    assert done.status_code == 200, done.words
    assert "Clearance asked." in done.words
    return done


def decide(approver: PageClient, reference: str, decision: str = "granted", words: str = "") -> Page:
    """The approver opens what is asked first about this inquiry, and decides."""
    row = approver.get("/desk/clearances").soup.find("td", string=reference).find_parent("tr")  # type: ignore[union-attr]
    page: Any = approver.get(str(row.find("a")["href"]))  # type: ignore[union-attr,index]
    return approver.submit(page, "/desk/clearances/", decision=decision, words=words)


def stop(officer: PageClient, page: Page, **typed: object) -> Page:
    """Press Stop beside the message that has not left; as every button, it sends the whole form."""
    button = page.soup.find("button", string="Stop")
    assert isinstance(button, Tag)
    form = pages.find_form(page.tree, page.request.path)
    fields = MultiDict(pages.filled(form, typed, None))
    return officer.post(str(button["formaction"]), data=fields, follow_redirects=True)  # type: ignore[return-value]


def clearances(house: Any) -> list[Clearance]:
    with house.db.read() as session:
        return list(session.scalars(select(Clearance).order_by(Clearance.id)))


def link_in(mail: Any, part: str) -> str:
    """The path in a mail's text that has this part."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S+)", mail.text)
    assert found, mail.text
    return found[1]
