"""The deadline receipt: the office says whether it will make it, and if nobody has, the page says so itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.inquiries.conftest import REPORTER, case, key_of, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment
from tests.support.people import sign_in

Ask = Callable[..., Page]
UNSAID = "Nobody here has said yet whether we will make your deadline."


@pytest.fixture
def content_read(content_dir: Path) -> Path:
    """The office has a telephone."""
    office = content_dir / "office.toml"
    office.write_text(f'phone = "+381 11 000 0000"\n{office.read_text()}')
    return content_dir


def commit(officer: PageClient, reference: str, said: str, words: str = "") -> Page:
    page = case(officer, reference)
    return officer.submit(page, button="do=commit", commit_as=[said], commitment_words=words)


def test_the_page_says_by_itself_that_nobody_has_committed_and_gives_the_phone(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment
) -> None:
    page = ask(time="16h")
    key, reference = key_of(page), reference_of(page)
    inquiry = stored(house, reference)
    assert UNSAID not in client.get(f"/en/i/{key}").words
    moment.is_at(inquiry.commit_by_at)
    moment.moves(seconds=1)
    shown = client.get(f"/en/i/{key}")
    assert UNSAID in shown.words
    assert shown.soup.select_one("main a[href^='tel:']") is not None
    sign_in(officer)
    assert "nobody has said whether we make it" in case(officer, reference).words
    commit(officer, reference, "will")
    assert UNSAID not in client.get(f"/en/i/{key}").words


def test_the_suspense_and_the_commit_by_time_are_never_shown_to_the_journalist(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    page = ask(time="16h")
    inquiry = stored(house, reference_of(page))
    zone = house.office.zone
    ours = [f"{at.astimezone(zone):%H:%M}" for at in (inquiry.suspense_at, inquiry.commit_by_at)]
    work, theirs = case(officer, reference_of(page)).words, client.get(f"/en/i/{key_of(page)}").text
    assert [at in work for at in ours] == [True, True]
    assert [at in theirs for at in ours] == [False, False]


@pytest.mark.parametrize(
    ("variant", "partly"),
    [
        ("en", "We can answer a part of it by your deadline."),
        ("lat", "Do vašeg roka možemo da odgovorimo na jedan deo."),
        ("cir", "До вашег рока можемо да одговоримо на један део."),
    ],
)
def test_bad_news_is_on_the_page_and_in_a_mail_with_its_words(
    ask: Ask, client: PageClient, officer: PageClient, mailbox: Any, variant: str, partly: str
) -> None:
    page = ask(variant, reply=[variant])
    reference = reference_of(page)
    assert commit(officer, reference, "partly", "Brojke u podne").status_code == 200
    shown = client.get(f"/{variant}/i/{key_of(page)}").words
    assert partly in shown
    assert "Brojke u podne" in shown
    mail = mailbox.to(REPORTER)[-1]
    assert partly in mail.text
    assert "Brojke u podne" in mail.text
    assert mail.message["Auto-Submitted"] == "no"


def test_bad_news_needs_words(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask())
    page = commit(officer, reference, "wont")
    assert page.status_code == 422
    assert "Say what the journalist can count on, and when" in page.words
    assert stored(house, reference).commitment is None


def test_good_news_is_mailed_only_as_the_first_word_or_to_take_bad_news_back(
    ask: Ask, officer: PageClient, mailbox: Any, house: Any
) -> None:
    accepted = reference_of(ask())
    officer.submit(case(officer, accepted), button="do=accept")
    commit(officer, accepted, "will")
    assert len(mailbox.to(REPORTER)) == 2  # receipt, accepted
    commit(officer, accepted, "wont", "Tomorrow at noon.")
    commit(officer, accepted, "will")
    assert len(mailbox.to(REPORTER)) == 4
    untouched = reference_of(ask(subject="Another subject"))
    commit(officer, untouched, "will")
    assert len(mailbox.to(REPORTER)) == 6
    assert stored(house, untouched).acknowledged_at is not None
    assert stored(house, untouched).state == "received"


def test_every_change_is_logged_and_the_same_word_twice_is_one(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask())
    for said, words in (("will", ""), ("will", ""), ("partly", "Half of it."), ("will", "")):
        commit(officer, reference, said, words)
    history = case(officer, reference).soup.select("aside.case-facts ol li")
    assert sum("commitment given" in entry.get_text() for entry in history) == 3
    assert stored(house, reference).state == "received"


def test_the_clock_never_pauses(ask: Ask, client: PageClient, officer: PageClient, moment: Moment) -> None:
    page = ask(time="16h")
    reference = reference_of(page)
    officer.submit(case(officer, reference), button="do=ask", ask_words="Which year do you mean?")
    moment.moves(hours=7)
    assert "Your deadline has passed and we have not answered." in client.get(f"/en/i/{key_of(page)}").words
