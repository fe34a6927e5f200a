"""Filing on a phone, counted in taps; and what the form's script adds: kept text, folded details, help without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.window import Window
from tests.support.moment import Moment

OpenWindow = Callable[..., Window]
PAGE = "/en/media/inquiry"


@dataclass
class Thumb:
    """A thumb on a phone: typing is free, every touch of the page is counted."""

    phone: Window
    taps: int = 0

    @property
    def page(self) -> Any:
        return self.phone.page

    def tap(self, target: str) -> None:
        self.taps += 1
        self.page.locator(target).first.click()

    def lands(self, target: str) -> None:
        """Tap what leads to another page."""
        with self.phone.leads_on():
            self.tap(target)

    def types(self, target: str, text: str) -> None:
        self.tap(target)
        self.page.keyboard.type(text)


def asks(thumb: Thumb) -> None:
    """The question and its deadline, as on every visit."""
    thumb.tap("label:has([name=need][value=quote])")
    thumb.types("#subject", "Surplus ammunition")
    thumb.types("#questions", "How much has been destroyed?")
    thumb.types("#time", "sutra 10")  # the whole deadline: no radio is needed


@pytest.mark.parametrize("script", [True, False])
def test_filing_takes_at_most_twelve_taps_and_six_on_a_remembered_device(
    furnished: Any, window: OpenWindow, moment: Moment, script: bool
) -> None:
    phone = window(width=360, script=script)
    phone.visit("/en/")
    thumb = Thumb(phone)
    thumb.lands('main a:has-text("Ask the press office")')
    asks(thumb)
    thumb.types("#name", "Reporter, daily")
    thumb.types("#outlet", "Example daily")
    thumb.types("#email", "reporter@example.org")
    thumb.tap("label:has(#remember)")
    moment.moves(seconds=30)
    thumb.lands(".btn-send")
    assert thumb.page.locator(".reference").count() == 1
    assert thumb.taps <= 12

    phone.visit(PAGE)
    again = Thumb(phone)
    assert again.page.input_value("#email") == "reporter@example.org"
    phone.examine()
    asks(again)
    moment.moves(seconds=30)
    again.lands(".btn-send")
    assert again.page.locator(".reference").count() == 1
    assert again.taps <= 6
    assert phone.faults == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("variant", "width", "theme"), [("en", 360, "light"), ("cir", 320, "dark"), ("lat", 1280, "light")]
)
def test_the_error_state_with_everything_wrong_is_without_fault(
    furnished: Any, window: OpenWindow, moment: Moment, variant: str, width: int, theme: str, script: bool
) -> None:
    shown = window(width=width, theme=theme, script=script)
    page = shown.visit(f"/{variant}/media/inquiry")
    page.check("[name=need][value=interview]")
    page.check("[name=need][value=visit]")
    page.locator("details.more > summary").last.click()
    good = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"a note"}
    page.set_input_files("#files", [good, {"name": "photo.png", "mimeType": "image/png", "buffer": b"<svg/>"}])
    moment.moves(seconds=30)
    with shown.leads_on(422):
        page.locator(".btn-send").click()
    summary = page.locator(".error-summary a")
    assert summary.count() == 10
    for target in summary.evaluate_all("links => links.map(a => a.getAttribute('href'))"):
        assert page.locator(target).is_visible(), target
    assert page.locator("[name=unwanted]").count() == 1
    shown.examine()
    assert shown.faults == []


def test_details_show_when_they_are_wanted_and_fold_away_again(live_site: Any, window: OpenWindow) -> None:
    page = window(width=360).visit(PAGE)
    details = page.locator("[data-need=interview]")
    assert details.is_hidden()
    page.check("[name=need][value=interview]")
    assert details.is_visible()
    assert page.locator("#interview_with").is_visible()
    page.uncheck("[name=need][value=interview]")
    assert details.is_hidden()
    plain = window(width=360, script=False).visit(PAGE)
    assert plain.locator("[data-need=interview]").is_visible()
    assert plain.locator("#interview_with").is_hidden()


def test_what_is_typed_stays_on_the_device_only_when_that_was_ticked(
    live_site: Any, window: OpenWindow, moment: Moment
) -> None:
    shown = window(width=360)
    page = shown.visit(PAGE)
    page.fill("#subject", "not kept")
    assert page.evaluate("localStorage.length") == 0
    page.locator("[data-keeps] label").click()
    page.fill("#questions", "Kept while I write?")
    page.check("[name=need][value=visit]")
    page.fill("#visit_place", "Kragujevac")
    page.check("[name=when][value=none]")
    page = shown.visit(PAGE)
    assert page.locator("[data-restored]").is_visible()
    assert (page.input_value("#questions"), page.input_value("#visit_place")) == ("Kept while I write?", "Kragujevac")
    assert page.locator("[data-need=visit]").is_visible()
    assert page.is_checked("[name=when][value=none]")
    shown.examine()
    page.locator("[data-keeps] [data-clear]").click()
    assert page.evaluate("localStorage.length") == 0
    assert shown.visit(PAGE).input_value("#questions") == ""
    assert shown.faults == []


def test_what_was_kept_is_gone_once_it_is_sent_or_a_day_old(live_site: Any, window: OpenWindow, moment: Moment) -> None:
    shown = window(width=360)
    page = shown.visit(PAGE)
    page.locator("[data-keeps] label").click()
    page.fill("#subject", "Surplus ammunition")
    kept = page.evaluate("localStorage.getItem('inquiry')")
    assert "form_token" not in kept
    page.evaluate(
        "kept => localStorage.setItem('inquiry', JSON.stringify({...JSON.parse(kept), at: Date.now() - 25 * 3600 * 1000}))",
        kept,
    )
    page = shown.visit(PAGE)
    assert page.input_value("#subject") == ""
    assert page.evaluate("localStorage.length") == 0

    page.locator("[data-keeps] label").click()
    page.check("[name=need][value=quote]")
    page.fill("#subject", "Surplus ammunition")
    page.fill("#questions", "How much has been destroyed?")
    page.check("[name=when][value=none]")
    page.fill("#name", "Reporter, daily")
    page.fill("#outlet", "Example daily")
    page.fill("#email", "reporter@example.org")
    moment.moves(seconds=30)
    with shown.leads_on():
        page.locator(".btn-send").click()
    assert page.locator(".reference").count() == 1
    assert page.evaluate("localStorage.length") == 0
    assert shown.faults == []


def test_without_a_network_nothing_is_lost_and_other_ways_are_offered(live_site: Any, window: OpenWindow) -> None:
    live_site.house.office.__dict__.update(email="press@example.org", phone="+381 11 000 0000")
    shown = window(width=360)
    page = shown.visit(PAGE)
    page.fill("#subject", "Surplus ammunition")
    page.fill("#questions", "How much?\nWho pays?")
    page.check("[name=need][value=quote]")
    shown.context.set_offline(True)
    page.wait_for_function("() => !navigator.onLine")
    page.locator(".btn-send").click()
    help_box = page.locator("[data-offline]")
    assert help_box.is_visible()
    assert page.input_value("#questions") == "How much?\nWho pays?"
    address = help_box.locator("[data-by-mail]").get_attribute("href")
    assert address.startswith("mailto:press@example.org?subject=Surplus%20ammunition&body=")
    assert "How%20much%3F" in address
    assert "What%20do%20you%20need%3F%3A%20An%20answer%20I%20can%20quote" in address
    assert help_box.locator("a[href^='tel:']").count() == 1
    shown.examine()
    shown.context.set_offline(False)
    assert shown.faults == []


def test_files_that_are_too_many_or_too_large_are_told_before_they_travel(live_site: Any, window: OpenWindow) -> None:
    page = window(width=360).visit(PAGE)
    page.locator("details.more > summary").last.click()
    page.set_input_files("#files", [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"a"} for n in range(4)])
    assert page.locator("[data-files]").inner_text() == "You can only select up to 3 files"
    page.set_input_files("#files", [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"a" * (10 * 1024 * 1024)}])
    assert page.locator("[data-files]").inner_text() == "The selected file must be smaller than 10 MB"
    page.set_input_files("#files", [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}])
    assert page.locator("[data-files]").is_hidden()
