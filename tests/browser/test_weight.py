"""What a first visit costs, in bytes as they travel (screens.md §14): everything that the browser really fetched."""

from __future__ import annotations

import gzip
from collections import Counter
from typing import Any

import pytest

from tests.browser.test_pages import OpenWindow

KB = 1024
HTML, CSS, SCRIPT = 20 * KB, 40 * KB, 8 * KB
FORM, HOME = 80 * KB, 150 * KB
LONG_READS = ("about/relations", "fact-sheets/trust-fund-projects", "projects/", "map", "timeline", "updates/")


def weigh(shown: Any, path: str) -> Counter[str]:
    """Bytes by kind of what one visit fetches, compressed as a proxy would; `requests` counts them."""
    answers: list[Any] = []

    def fetched(answer: Any) -> None:
        answers.append(answer)  # its bytes are asked for when all have come

    shown.page.on("response", fetched)
    shown.visit(path)
    shown.page.wait_for_load_state("networkidle")
    shown.page.remove_listener("response", fetched)
    weight: Counter[str] = Counter(requests=len(answers))
    for answer in answers:
        weight[answer.request.resource_type] += len(gzip.compress(answer.body(), 6))
    return weight


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_a_first_visit_stays_within_its_weight(furnished: Any, window: OpenWindow, variant: str) -> None:
    for path, most in {"": HOME, "media/inquiry": FORM, **dict.fromkeys(LONG_READS, HOME)}.items():
        shown = window(width=360)  # a new window each: nothing is kept from the page before
        weight = weigh(shown, f"/{variant}/{path}")
        assert weight["document"] <= HTML, (path, weight)
        assert weight["stylesheet"] <= CSS, (path, weight)
        assert weight["script"] <= SCRIPT, (path, weight)
        assert sum(weight.values()) - weight["requests"] <= most, (path, weight)
        assert shown.faults == []
