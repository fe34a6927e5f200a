"""A journalist who fills in the form, with every answer changeable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from outreach.inquiries import deadlines
from outreach.inquiries.intake import Submission
from outreach.inquiries.models import Inquiry
from outreach.language import Variant
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

TUESDAY = datetime(2025, 11, 25, 8, 42, tzinfo=UTC)  # 09:42 in Belgrade
REPORTER = "reporter@example.org"

TYPED: dict[str, Any] = {
    "need": ["quote", "background"],
    "subject": "Surplus ammunition: progress and cost",
    "questions": "How much has been destroyed so far?\nWho pays, and how much?\nWhen will it end?",
    "when": ["today"],
    "time": "16h",
    "name": "Reporter, daily",
    "outlet": "Daily",
    "email": REPORTER,
}


@pytest.fixture
def ask(client: PageClient, moment: Moment) -> Callable[..., Page]:
    """ask("lat", subject="…"): opens the form, takes twenty seconds, sends it; the page that comes back.

    Before the first call it is Tuesday 25 November 2025, 09:42 in Belgrade.
    """
    moment.is_at(TUESDAY)

    def asked(variant: str = "en", seconds: float = 20, visitor: PageClient = client, **changes: Any) -> Page:
        form = visitor.get(f"/{variant}/media/inquiry")
        moment.moves(seconds=seconds)
        follow = changes.pop("follow", True)
        return visitor.submit(form, follow=follow, **{**TYPED, **changes})

    return asked


def key_of(page: Page) -> str:
    """The token in the address of the confirmation page."""
    return parse_qs(urlsplit(page.request.url).query)["key"][0]


def reference_of(page: Page) -> str:
    return page.soup.select_one(".reference").get_text(strip=True)  # type: ignore[union-attr]


def count(house: Any) -> int:
    with house.db.read() as session:
        return session.scalar(select(func.count()).select_from(Inquiry)) or 0


def only(house: Any) -> Inquiry:
    """The one inquiry there is."""
    with house.db.read() as session:
        return session.scalars(select(Inquiry)).one()


def stored(house: Any, reference: str) -> Inquiry:
    with house.db.read() as session:
        return session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()


def case(officer: PageClient, reference: str) -> Page:
    """The workspace of an inquiry."""
    return officer.get(f"/desk/inquiries/{reference}")  # type: ignore[return-value]


@pytest.fixture
def colleague(staff: Any) -> PageClient:
    return staff("officer", email="colleague@example.org", name="Deputy, on duty")


def submission(**changes: Any) -> Submission:
    """What a valid form carries, with no fixed deadline."""
    said = deadlines.Typed("none", "", "", "Europe/Belgrade")
    usual = {
        "needs": ("quote",), "subject": TYPED["subject"], "questions": TYPED["questions"], "typed": said,
        "deadline": deadlines.read(said, TUESDAY), "name": TYPED["name"], "outlet": TYPED["outlet"], "email": REPORTER,
        "variant": Variant.EN,
    }  # fmt: skip
    return Submission(**{**usual, **changes})
