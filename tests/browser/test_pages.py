"""Every page, as a browser shows it: axe finds nothing, nothing sticks out, nothing is asked from elsewhere, no error is logged.

`make test` walks one public page of each kind in English and every desk page, in one look; axe looks at all of the public
ones and at every other one of the desk. `make prove` walks them in every variant and look, all with axe.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from tests.browser.window import Window

WIDTHS, THEMES, VARIANTS = (320, 360, 768, 1280), ("light", "dark"), ("en", "lat", "cir")
#: variant, width, theme, and at which part of the pages axe looks
SAMPLE = [("en", 360, "light", 1)]
MATRIX = [(*look, 1) for look in product(VARIANTS, WIDTHS, THEMES) if (*look, 1) not in SAMPLE]
FORMS_SAMPLE = [("en", 360, "light")]
FORMS_MATRIX = [look for look in product(VARIANTS, WIDTHS, THEMES) if look not in FORMS_SAMPLE]
DESK_SAMPLE = [(360, "dark", 2)]
DESK_MATRIX = [(*look, 1) for look in product(WIDTHS, THEMES)]

OpenWindow = Callable[..., Window]


def in_every_look(names: str, sample: list[Any], matrix: list[Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(names, [*sample, *(pytest.param(*look, marks=pytest.mark.prove) for look in matrix)])


@in_every_look("variant, width, theme, axe_every", SAMPLE, MATRIX)
def test_every_public_page_is_without_fault(
    furnished: Any, window: OpenWindow, variant: str, width: int, theme: str, axe_every: int
) -> None:
    shown = window(width=width, theme=theme)
    seen = shown.walk(f"/{variant}/", (f"/{variant}/",), axe_every=axe_every)
    assert {
        f"/{variant}/{page}" for page in ("updates/", "media/", "media/inquiry", "subscribe", "contact", "privacy")
    } <= set(seen)
    shown.visit(f"/{variant}/search?q=Beograd")
    shown.examine()
    shown.visit(f"/{variant}/search?q=zzzz")
    shown.examine()
    shown.visit(f"/{variant}/no-such-page", status=404)
    shown.examine()
    assert shown.faults == []


@in_every_look("variant, width, theme", FORMS_SAMPLE, FORMS_MATRIX)
def test_a_form_that_comes_back_with_errors_is_without_fault(
    furnished: Any, window: OpenWindow, variant: str, width: int, theme: str
) -> None:
    shown = window(width=width, theme=theme)
    for path in ("media/inquiry", "subscribe", "media/inquiry/find"):
        shown.visit(f"/{variant}/{path}")
        with shown.leads_on(422):
            shown.page.locator("main form[method=post] .btn-primary").click()
        summary = shown.page.locator(".error-summary")
        assert summary.get_attribute("role") == "alert", path
        shown.page.wait_for_function("() => document.activeElement.className === 'error-summary'")
        for target in summary.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))"):
            assert shown.page.locator(target).count() == 1, target
        shown.examine()
    assert shown.faults == []


@in_every_look("width, theme, axe_every", DESK_SAMPLE, DESK_MATRIX)
def test_every_desk_page_is_without_fault(
    furnished: Any, window: OpenWindow, width: int, theme: str, axe_every: int
) -> None:
    shown = window(officer=theme, width=width, theme=theme)
    seen = shown.walk("/desk/", ("/desk",), axe_every=axe_every)
    assert {"/desk/inquiries", "/desk/contacts", "/desk/documents", "/desk/digests", "/desk/log", "/desk/me"} <= {
        path.split("?")[0] for path in seen
    }
    assert shown.faults == []


def test_the_sign_in_page_is_without_fault(furnished: Any, window: OpenWindow) -> None:
    shown = window(width=360)
    shown.visit("/staff/login")
    shown.examine()
    assert shown.faults == []


def test_the_theme_is_chosen_on_the_device_and_follows_the_system_until_then(
    furnished: Any, window: OpenWindow
) -> None:
    shown = window(theme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert shown.visit("/en/").evaluate(ground) == "rgb(17, 24, 31)"
    shown.page.get_by_role("button", name="Light").click()
    assert shown.page.evaluate(ground) == "rgb(246, 244, 239)"
    assert shown.visit("/en/contact").evaluate(ground) == "rgb(246, 244, 239)"
    shown.page.get_by_role("button", name="Automatic").click()
    assert shown.page.evaluate(ground) == "rgb(17, 24, 31)"
    assert window(theme="dark", script=False).visit("/en/").locator(".theme-switch").is_hidden()
    assert shown.faults == []
