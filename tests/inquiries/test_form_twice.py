"""The same form twice, and changes within fifteen minutes: one inquiry, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from outreach.inquiries.models import InquiryMessage
from tests.inquiries.conftest import REPORTER, TYPED, count, key_of, only, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def test_f25_double_submit_makes_one_inquiry(
    client: PageClient, ask: Ask, house: Any, moment: Moment, mailbox: Any
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    first = client.submit(form, **TYPED)
    moment.moves(seconds=5)
    second = client.submit(form, **TYPED)
    assert reference_of(first) == reference_of(second)
    assert first.request.full_path == second.request.full_path
    assert count(house) == 1
    assert len(mailbox.to(REPORTER)) == 1


def test_f25_same_form_with_other_words_is_an_edit_and_says_so(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    first = client.submit(form, **TYPED)
    second = client.submit(form, **{**TYPED, "questions": "How much has been destroyed by now?\nWho pays?"})
    assert reference_of(first) == reference_of(second)
    assert "Your changes are in" in second.words
    assert [q.text for q in only(house).questions] == ["How much has been destroyed by now?", "Who pays?"]


def test_f25_after_the_time_for_changes_other_words_are_added_and_nothing_is_lost(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    client.submit(form, **TYPED)
    moment.moves(minutes=16)
    changed = {**TYPED, "questions": "One more thing: what about the mines?"}
    for _ in range(2):
        page = client.submit(form, **changed)
        assert "was added to your inquiry as a message" in page.words
    with house.db.read() as session:
        assert "what about the mines?" in session.scalars(select(InquiryMessage)).one().body
    assert count(house) == 1


def test_p9_edit_within_fifteen_minutes(client: PageClient, ask: Ask, house: Any, moment: Moment, mailbox: Any) -> None:
    page = ask()
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    assert edit.soup.find(id="subject")["value"] == TYPED["subject"]  # type: ignore[index]
    assert edit.soup.find(id="time")["value"] == "16h"  # type: ignore[index]
    moment.moves(minutes=10)
    done = client.submit(edit, subject="Surplus ammunition", email="desk@example.org")
    assert "Your changes are in" in done.words
    stored = only(house)
    assert (stored.subject, stored.email, stored.version) == ("Surplus ammunition", "desk@example.org", 2)
    assert len(mailbox.to("desk@example.org")) == 1


def test_an_untouched_deadline_survives_an_edit_although_it_is_relative(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    page = ask(when=["hour"], phone="+381 11 000 0000")
    before = only(house).deadline_at
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    moment.moves(minutes=10)
    client.submit(edit, subject="Surplus ammunition")
    assert only(house).deadline_at == before


def test_an_edit_is_checked_like_the_form(client: PageClient, ask: Ask) -> None:
    edit = client.get(f"/en/i/{key_of(ask())}/edit")
    page = client.submit(edit, name="")
    assert page.status_code == 422
    assert page.soup.select_one("#name-error") is not None
    assert page.h1 == "Edit your inquiry"


def test_editing_is_over_after_fifteen_minutes_and_the_words_are_added(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    page = ask()
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    moment.moves(minutes=16)
    done = client.submit(edit, questions="Another question altogether?")
    assert "was added to your inquiry as a message" in done.words
    assert len(only(house).questions) == 3
    assert client.get(f"/en/i/{key_of(page)}/edit").h1 == TYPED["subject"]  # the status page instead
