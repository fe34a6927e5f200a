"""Error pages: plain words in the page's language, the way to the press office on each, and no database needed (P15)."""

from __future__ import annotations

from typing import Any

import pytest

from config import Settings
from tests.support.client import PageClient

CODES = (400, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429, 500, 503)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def leads_to_the_press_office(page: Any, variant: str) -> bool:
    return page.soup.main.find("a", href=f"/{variant}/media/inquiry") is not None


@pytest.mark.parametrize(
    ("variant", "heading"),
    [("en", "Page not found"), ("lat", "Strana nije pronađena"), ("cir", "Страна није пронађена")],
)
def test_p15_an_unknown_page_says_so_in_its_language_and_keeps_the_press_contact(
    client: PageClient, variant: str, heading: str
) -> None:
    page = client.get(f"/{variant}/no-such-page")
    assert (page.status_code, page.h1) == (404, heading)
    assert leads_to_the_press_office(page, variant)
    assert page.soup.main.find("input", attrs={"name": "q"}) is not None


def test_p15_an_address_without_a_language_is_answered_in_english(client: PageClient) -> None:
    assert client.get("/no-such-page").soup.html["lang"] == "en"


def test_f09_a_hostile_host_gets_the_page_for_400_and_no_link_with_its_name(client: PageClient) -> None:
    page = client.get("/lat/media/", headers={"Host": "hostile.example"})
    assert page.status_code == 400
    assert "hostile.example" not in page.get_data(as_text=True)
    assert leads_to_the_press_office(page, "lat")


def test_p15_a_fault_is_answered_even_when_the_database_is_gone(client: PageClient, settings: Settings) -> None:
    client.set_cookie("desk", "a key that would be looked up")
    for file in settings.var_dir.glob("outreach.db*"):
        file.write_bytes(b"this is not a database")
    page = client.get("/desk/")
    assert (page.status_code, page.h1) == (500, "Something went wrong on our side")
    assert leads_to_the_press_office(page, "en")


def test_every_code_has_its_own_words_in_every_variant(app: Any) -> None:
    from outreach import web

    for variant in web.Variant:
        with app.test_request_context(f"/{variant.segment}/"):
            said = {code: web._error_page(code).get_data(as_text=True) for code in CODES}
        headings = [page.split("<h1>")[1].split("</h1>")[0] for page in said.values()]
        assert len(set(headings)) >= len(CODES) - 1  # 411 and 415 are the same to a reader
