"""A device remembers its journalist when asked to, in a signed cookie, and nothing of that reaches a shared page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outreach.inquiries import remembering
from tests.inquiries.conftest import REPORTER, TYPED, only
from tests.support.client import Page, PageClient, open_client
from tests.support.moment import Moment

Ask = Callable[..., Page]
PAGE = "/en/media/inquiry"


def value(page: Page, name: str) -> str:
    return str(page.soup.find(id=name).get("value", ""))  # type: ignore[union-attr]


def test_nothing_is_remembered_unless_it_was_ticked(client: PageClient, ask: Ask) -> None:
    ask()
    assert client.get_cookie(remembering.COOKIE) is None
    page = client.get(PAGE)
    assert value(page, "email") == ""
    assert page.headers["Cache-Control"] == "no-cache"


def test_five_fields_are_remembered_for_180_days(client: PageClient, ask: Ask, moment: Moment) -> None:
    ask(remember=True, phone="+381 11 000 0000", reply="cir", story="nobody's business", byline="nor this")
    cookie = client.get_cookie(remembering.COOKIE)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 180 * 24 * 3600)
    page = client.get(PAGE)
    assert [value(page, name) for name in ("name", "outlet", "email", "phone")] == [
        TYPED["name"], TYPED["outlet"], REPORTER, "+381 11 000 0000",
    ]  # fmt: skip
    assert page.soup.select_one("[name=reply][checked]")["value"] == "cir"  # type: ignore[index]
    assert "nobody's business" not in page.text
    assert value(page, "subject") == ""
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in page.headers["Vary"]
    moment.moves(days=181)
    assert value(client.get(PAGE), "email") == ""


def test_another_visitor_and_the_cached_pages_see_nothing_of_it(client: PageClient, ask: Ask, app: Any) -> None:
    ask(remember=True)
    assert REPORTER not in open_client(app).get(PAGE).text
    for path in ("/en/", "/en/media/", "/en/updates/", "/en/search?q=reporter"):
        assert client.get(path).data == open_client(app).get(path).data
        assert REPORTER not in client.get(path).text


def test_a_remembered_device_needs_only_the_question(client: PageClient, ask: Ask, house: Any, moment: Moment) -> None:
    ask(remember=True)
    form = client.get("/lat/media/inquiry")
    moment.moves(seconds=20)
    sent = client.submit(
        form, "media/inquiry", need=["check"], subject="A figure", questions="Is it 28,000 or 29,000?", when=["none"]
    )
    assert sent.h1 == "Vaš upit je kod nas"
    assert client.get_cookie(remembering.COOKIE) is not None


def test_it_is_forgotten_by_its_button_and_by_unticking(client: PageClient, ask: Ask) -> None:
    ask(remember=True)
    page = client.submit(client.get(PAGE), "remembered")
    assert value(page, "email") == ""
    assert client.get_cookie(remembering.COOKIE) is None
    ask(remember=True)
    assert client.get_cookie(remembering.COOKIE) is not None
    form = client.get(PAGE)
    client.submit(form, "media/inquiry", **{**TYPED, "when": ["none"], "remember": False})
    assert client.get_cookie(remembering.COOKIE) is None


def test_a_cookie_that_we_did_not_write_is_ignored(client: PageClient, house: Any, moment: Moment) -> None:
    other = house.tokens.make("inquiry", '{"email": "someone@example.org"}')
    for forged in ("", "x", "a.b.c.d", other, "\u00e9", "x" * 4000):
        client.set_cookie(remembering.COOKIE, forged)
        page = client.get(PAGE)
        assert page.status_code == 200
        assert value(page, "email") == ""


def test_a_remembered_text_that_is_hostile_stays_text(client: PageClient, ask: Ask, house: Any) -> None:
    ask(remember=True, name='"><script>alert(1)</script>')
    page = client.get(PAGE)
    assert "<script>alert" not in page.text
    assert value(page, "name") == '"><script>alert(1)</script>' == only(house).name
