"""The confirmation shows at most three published pages that may answer already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from outreach.newsroom import intake as newsroom
from tests.inquiries.conftest import TYPED
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def offered(page: Page) -> list[str]:
    heading = page.soup.find(["h2"], string=lambda text: bool(text) and text.startswith(("Perhaps", "Možda", "Можда")))
    return [str(a["href"]) for a in heading.find_next("ul").find_all("a")] if heading else []  # type: ignore[union-attr]


@pytest.fixture(autouse=True)
def _published(house: Any, moment: Moment) -> None:
    with house.db.transaction() as session:
        newsroom.read_content(session, house, moment.now())


@pytest.mark.parametrize(
    ("variant", "subject"),
    [("en", "Trust Fund projects and surplus ammunition"), ("lat", "Povereničk fond: projekti uništavanja municije"), ("cir", "Пројекти повереничких фондова у Србији")],
)  # fmt: skip
def test_at_most_three_pages_on_the_subject_are_offered_in_the_language_of_the_page(
    ask: Ask, client: PageClient, variant: str, subject: str
) -> None:
    found = offered(ask(variant, subject=subject))
    assert 0 < len(found) <= 3
    for path in found:
        assert path.startswith(f"/{variant}/")
        assert client.get(path).status_code == 200


def test_nothing_is_offered_when_nothing_answers(ask: Ask) -> None:
    assert offered(ask(subject="Zzyzx qwertz")) == []


def test_the_page_it_is_about_is_not_offered_again(client: PageClient, moment: Moment, ask: Ask) -> None:
    ask()
    update = client.get("/en/updates/2026/action-plan-concluded")
    form = client.get(str(update.soup.select_one('main a[href*="?about="]')["href"]))  # type: ignore[index]
    moment.moves(seconds=20)
    sent = client.submit(form, **{**TYPED, "when": ["none"], "subject": "Individual Partnership Action Plan concluded"})
    assert offered(sent)
    assert "/en/updates/2026/action-plan-concluded" not in offered(sent)
