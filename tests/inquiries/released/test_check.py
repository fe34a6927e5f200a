"""The quote check: only what is on the record or published, by code or sentence, and not too often (F-03)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outreach import serbian
from outreach.inquiries.released import codes
from outreach.newsroom import intake
from tests.inquiries.conftest import reference_of
from tests.inquiries.released.test_memory import answer, rows
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q = "Koliko je municije uništeno?"
SAID = "Уништено је две хиљаде тона вишка муниције у четири године."


def check(client: PageClient, moment: Moment, quote: str, variant: str = "en", follow: bool = True) -> Page:
    form = client.get(f"/{variant}/check/")
    moment.moves(seconds=5)
    return client.submit(form, "/check/", quote=quote, follow=follow)


def test_a_code_says_issued_on_and_current(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment
) -> None:
    answer(officer, reference_of(ask("cir", questions=Q)), SAID)
    moment.moves(minutes=1)
    code = rows(house)[0].code
    page = client.get(f"/en/check/{code}")
    assert "Ours, issued on 25 November 2025, current." in page.words
    assert SAID in page.words
    assert page.headers["Cache-Control"] == "no-store"
    assert "Ours, issued" in check(client, moment, code.replace("-", " ")).words


def test_the_short_address_leads_to_the_readers_language(client: PageClient) -> None:
    for reads, variant in (("sr-Cyrl", "cir"), ("sr", "lat"), ("de", "en")):
        answer = client.get("/check/482715-3", headers={"Accept-Language": reads})
        assert answer.headers["Location"].endswith(f"/{variant}/check/482715-3")
        assert "Accept-Language" in answer.headers["Vary"]
    assert client.get("/check/").headers["Location"].endswith("/en/check/")


def test_a_sentence_is_found_in_either_script_and_not_in_the_address(
    ask: Ask, client: PageClient, officer: PageClient, moment: Moment
) -> None:
    answer(officer, reference_of(ask("cir", questions=Q)), SAID)
    moment.moves(minutes=1)
    for quote in (
        "dve hiljade tona viška municije",
        "ДВЕ ХИЉАДЕ ТОНА ВИШКА  муниције",
        "dve hiljade tona\nviska municije",
    ):
        page = check(client, moment, quote)
        assert "Ours, issued on 25 November 2025, current." in page.words, quote
        assert page.request.query_string == b""


def test_a_superseded_answer_says_so_with_the_present_words(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q))
    answer(officer, reference, "Two thousand tonnes were destroyed.")
    answer(officer, reference, "Three thousand tonnes were destroyed.")
    moment.moves(minutes=1)
    old, new = rows(house)
    page = client.get(f"/en/check/{old.code}")
    assert "superseded on 25 November 2025" in page.words
    assert "Three thousand tonnes were destroyed." in page.words
    assert new.code in page.words


def test_background_and_unknown_codes_look_the_same(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment
) -> None:
    answer(officer, reference_of(ask(questions=Q)), "Two thousand tonnes were destroyed.", terms="background")
    moment.moves(minutes=1)
    code = rows(house)[0].code
    other = next(known for known in map(codes.make, range(10)) if known != code)
    mine, unknown = (client.get(f"/en/check/{one}") for one in (code, other))
    assert "Not ours, as far as we know." in mine.words
    assert mine.words.replace(code, "") == unknown.words.replace(other, "")
    assert mine.status_code == unknown.status_code == client.get("/en/check/nonsense").status_code
    assert "Not ours" in check(client, moment, "Two thousand tonnes were destroyed.").words


def test_a_background_correction_of_an_answer_on_the_record_is_not_shown(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q))
    answer(officer, reference, "Two thousand tonnes were destroyed.")
    answer(officer, reference, "We are not quite sure about that.", terms="background")
    moment.moves(minutes=1)
    page = client.get(f"/en/check/{rows(house)[0].code}")
    assert "superseded" in page.words
    assert "not quite sure" not in page.words


def test_the_journalists_question_is_not_ours(
    ask: Ask, client: PageClient, officer: PageClient, moment: Moment
) -> None:
    answer(officer, reference_of(ask(questions="Is it true that the money was stolen by the ministry?")), "No.")
    moment.moves(minutes=1)
    assert "Not ours" in check(client, moment, "the money was stolen by the ministry").words


def test_a_published_sentence_is_found_with_its_page(client: PageClient, house: Any, moment: Moment) -> None:
    with house.db.transaction() as session:
        intake.read_content(session, house, moment.now())
    published = client.get("/cir/about/relations", follow_redirects=True)
    assert published.status_code == 200
    paragraph = max((" ".join(p.get_text().split()) for p in published.soup.select("main .prose p")), key=len)
    page = check(client, moment, serbian.to_latin(paragraph)[:120].rsplit(" ", 1)[0])
    assert "Published by us" in page.words
    assert page.soup.select_one("main a[href='/en/about/relations']") is not None


def test_a_short_or_empty_quote_is_asked_again(client: PageClient, moment: Moment) -> None:
    assert check(client, moment, "Yes, we did.").status_code == 422
    assert "Enter a code, or paste a sentence" in check(client, moment, "").words


def test_f03_a_network_that_checks_too_often_is_asked_to_wait(client: PageClient, moment: Moment) -> None:
    answers = [client.get("/en/check/482715-3").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    refused = check(client, moment, "A sentence that is long enough to be looked for.")
    assert refused.status_code == 429
    assert "A sentence that is long enough" in refused.text
    moment.moves(hours=1)
    assert client.get("/en/check/482715-3").status_code == 200


def test_f14_the_naughtiest_strings_get_an_answer(client: PageClient, moment: Moment) -> None:
    client.checks_pages = False
    for typed in (
        "\x00" * 30,
        "' OR 1=1 --" * 5,
        "%" * 40,
        "\u202e" * 40,
        "𝕋𝕙𝕖 𝕢𝕦𝕚𝕔𝕜 𝕓𝕣𝕠𝕨𝕟 𝕗𝕠𝕩 𝕛𝕦𝕞𝕡𝕤",
        "<script>alert(1)</script>" * 3,
    ):
        assert check(client, moment, typed).status_code in (200, 422), repr(typed)
