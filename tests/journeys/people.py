"""The people of the journeys, each with the few verbs of their day. Nobody here is real."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.support.browser import Seen, Visitor
from tests.support.people import PASSWORD
from tests.support.processes import wait_until
from tests.support.smtp_server import Received

ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def link_in(mail: Received, part: str) -> str:
    """The address in a mail's text that has this part, as a reader clicks it."""
    found = [link for link in ADDRESS.findall(mail.text) if part in link]
    assert found, f"no link with {part!r} in:\n{mail.text}"
    return str(found[0])


@dataclass
class Journalist:
    """Asks, reads the receipt, looks at the private page."""

    home: str
    variant: str
    address: str
    name: str = "Reporter, daily"
    outlet: str = "Test Daily"
    browser: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Visitor(self.home)

    def opens_the_form(self) -> Seen:
        return self.browser.opens(f"/{self.variant}/media/inquiry")

    def sends(self, form: Seen, expect: int = 200, **more: object) -> Seen:
        """Fill in what is required, and what the story adds; send."""
        told = {"name": self.name, "outlet": self.outlet, "email": self.address}
        return self.browser.submits(form, expect=expect, **{**told, **more})

    def looks_at(self, mail: Received) -> Seen:
        """Open the private page that the mail links to."""
        return self.browser.opens(link_in(mail, "/i/"))


@dataclass
class Officer:
    """Opens an account by the one-time link, works the queue."""

    home: str
    address: str = "officer@example.org"
    name: str = "Officer, on duty"
    browser: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Visitor(self.home)

    def opens_the_account(self, link: str) -> Seen:
        page = self.browser.opens(link)
        return self.browser.submits(page, "/staff/invitation/", name=self.name, email=self.address, password=PASSWORD)

    def signs_in(self) -> Seen:
        page = self.browser.opens("/desk/")
        return self.browser.submits(page, "/staff/login", email=self.address, password=PASSWORD)

    def opens_the_queue(self) -> Seen:
        return self.browser.opens("/desk/inquiries")

    def presses(self, button: str, reference: str, **typed: object) -> Seen:
        """One button of the workspace of an inquiry, with what was typed in it."""
        path = f"/desk/inquiries/{reference}"
        page = self.browser.opens(path)
        return self.browser.submits(page, f"{path}", button=f"do={button}", **typed)

    def finds_document(self, title: str) -> Seen:
        """The page of a document, once the office has read its file."""
        wait_until(lambda: title in self.browser.opens("/desk/documents").words)
        return self.browser.opens(self.browser.opens("/desk/documents").link(title))

    def publishes(self, document: Seen) -> Seen:
        return self.browser.submits(document, "/publish")


@dataclass
class Reader:
    """Subscribes, confirms, changes, stops; has no account anywhere."""

    home: str
    variant: str
    address: str
    browser: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Visitor(self.home)

    def opens_the_form(self) -> Seen:
        return self.browser.opens(f"/{self.variant}/subscribe")

    def subscribes(self, form: Seen, **choice: object) -> Seen:
        return self.browser.submits(form, address=self.address, variant=self.variant, **choice)

    def confirms(self, mail: Received) -> Seen:
        page = self.browser.opens(link_in(mail, "/confirm/"))
        return self.browser.submits(page)

    def opens_preferences(self, mail: Received) -> Seen:
        return self.browser.opens(link_in(mail, "/preferences/"))

    def changes(self, preferences: Seen, **choice: object) -> Seen:
        """Save other choices on the preferences page, without an account."""
        return self.browser.submits(preferences, "/preferences/", **choice)

    def stops_with_one_click(self, mail: Received) -> Seen:
        """What a mail program does with the header of RFC 8058: one POST without a cookie."""
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.search(r"<(https?://[^>]+)>", str(mail.message["List-Unsubscribe"]))
        assert link is not None, mail.message["List-Unsubscribe"]
        return Visitor(self.home).posts(link.group(1), {"List-Unsubscribe": "One-Click"})
