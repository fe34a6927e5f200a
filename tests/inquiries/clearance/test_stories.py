"""The answer of a story is cleared in its exact words, in both languages, before it leaves to everybody."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.inquiries.stories.models import Story
from tests.inquiries.conftest import case, reference_of
from tests.inquiries.desk import ask_on, clearances, decide, link_in, stop
from tests.inquiries.released.test_memory import rows
from tests.inquiries.stories.test_stories import ENGLISH, SERBIAN, gather, release, three_ask
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
EXPERT = "expert@example.org"


def asked(officer: PageClient, story: Page, *names: str, **typed: Any) -> Page:
    return ask_on(officer, story, *names, action="/desk/stories/", **{"text": ENGLISH, "text_sr": SERBIAN, **typed})


def press(officer: PageClient, page: Page, button: str = "do=release", **typed: Any) -> Page:
    return officer.submit(page, "/desk/stories/", button=button, **typed)


def test_both_languages_are_shown_cleared_and_released(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any, mailbox: Any
) -> None:
    page = asked(officer, gather(officer, *three_ask(ask)), "Legal")
    assert "With Legal since" in page.words
    mail = mailbox.to("legal@example.org")[0].text
    assert all(words in mail for words in (ENGLISH, SERBIAN, "/desk/clearances/"))
    listed = legal.get("/desk/clearances").words
    assert "The depot Shared story Story 1" in listed
    shown = legal.get(f"/desk/clearances/{clearances(house)[0].id}")
    assert [one.get_text(strip=True) for one in shown.soup.select("blockquote")] == [ENGLISH, SERBIAN]
    assert "On the record" in shown.words
    decide(legal, "Story 1")
    alert = mailbox.to("officer@example.org")[-1]
    assert alert.subject == "[Story 1] An approver has decided"
    assert "/desk/stories/1" in alert.text
    cleared = officer.get("/desk/stories/1")
    assert "Cleared by Legal" in cleared.words
    assert "Released." in press(officer, cleared).text
    assert len(rows(house)) == 3
    assert [one.approver_name for one in clearances(house)] == ["Legal"]


@pytest.mark.parametrize(
    "change",
    [{"text": "It is safe."}, {"text_sr": "Безбедно је."}, {"terms": "background"}, {"attribution": "an official"}],
    ids=["English", "Serbian", "terms", "attribution"],
)
def test_any_edit_voids_it_and_the_changed_words_leave_only_after_one_more_tick(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any, change: dict[str, str]
) -> None:
    asked(officer, gather(officer, *three_ask(ask)), "Legal")
    decide(legal, "Story 1")
    page = press(officer, officer.get("/desk/stories/1"), "do=keep", **change)
    assert "Changed since it was cleared" in page.words
    once = press(officer, page)
    assert (once.status_code, rows(house)) == (409, [])
    assert "These words changed since an approver had them." in once.words
    assert press(officer, once, release=True).status_code == 200
    assert len(rows(house)) == 3
    assert [row.asked_by_id == row.approver_id for row in clearances(house)] == [False, True]


@pytest.mark.parametrize("decision", ["", "refused", "change"])
def test_what_an_approver_has_or_refused_does_not_leave(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any, decision: str
) -> None:
    asked(officer, gather(officer, *three_ask(ask)), "Legal")
    if decision:
        decide(legal, "Story 1", decision, words="No date yet.")
    page = officer.get("/desk/stories/1")
    assert ("No date yet." in page.words) == bool(decision)
    stopped = press(officer, page)
    assert (stopped.status_code, rows(house)) == (409, [])
    assert "These words are with an approver, or were refused." in stopped.soup.find(id="ask_whom").parent.get_text()


def test_a_request_is_taken_back_and_the_sender_clears_by_releasing(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any
) -> None:
    asked(officer, gather(officer, *three_ask(ask)), "Legal")
    (row,) = clearances(house)
    page = press(officer, officer.get("/desk/stories/1"), f"do=recall:{row.id}")
    assert "It is no longer asked." in page.text
    assert "Nobody waits for a word from you." in legal.get("/desk/clearances").words
    assert press(officer, page).status_code == 200
    assert [one.decision for one in clearances(house)] == [None, "granted"]
    with house.db.read() as session:
        told = list(session.scalars(select(AuditEntry.action).where(AuditEntry.obj == "story:1")))
    assert [one for one in told if one.startswith("clearance")] == ["clearance.asked", "clearance.withdrawn"]


def test_by_a_signed_link_it_is_decided_once_and_no_more_when_the_words_changed(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any
) -> None:
    story = gather(officer, *three_ask(ask))
    asked(officer, story, ask_email=EXPERT)
    first = link_in(mailbox.to(EXPERT)[0], "/clearance/")
    page = client.get(first)
    assert all(words in page.words for words in (ENGLISH, SERBIAN))
    assert not any(name in page.text for name in ("First", "Second", "Third", "one@", "The depot<"))
    press(officer, officer.get("/desk/stories/1"), "do=keep", text="It is safe.")
    assert "This is no longer asked" in client.submit(page, decision="granted").words
    assert clearances(house)[0].decision is None
    ask_on(officer, officer.get("/desk/stories/1"), action="/desk/stories/", ask_email=EXPERT)
    second = client.get(link_in(mailbox.to(EXPERT)[1], "/clearance/"))
    assert "You have decided" in client.submit(second, decision="granted").words
    client.submit(second, decision="refused", words="No.")
    assert [row.decision for row in clearances(house)] == [None, "granted"]


def test_a_closed_story_asks_nobody_any_more(ask: Ask, officer: PageClient, legal: PageClient) -> None:
    page = asked(officer, gather(officer, *three_ask(ask)), "Legal")
    press(officer, page, "do=end")
    assert "Nobody waits for a word from you." in legal.get("/desk/clearances").words


def test_today_and_the_handover_name_it(ask: Ask, officer: PageClient, legal: PageClient) -> None:
    asked(officer, gather(officer, *three_ask(ask)), "Legal")
    mine = legal.get("/desk/").soup.find(id="mine").parent.get_text(" ", strip=True)
    assert "The depot waits for your clearance" in " ".join(mine.split())
    assert "with Legal since" in officer.get("/desk/").soup.find(id="clear").parent.get_text(" ")
    assert "Story 1 · Shared story · with Legal since" in officer.get("/desk/handover").words


class TestTheTwoPersonRule:
    """TWO_PERSON_RULE=1: nothing leaves that one person alone has read."""

    @pytest.fixture
    def settings(self, settings: Any) -> Any:
        return dataclasses.replace(settings, two_person_rule=True)

    def test_a_second_person_clears_these_very_words_and_then_they_leave(
        self, ask: Ask, officer: PageClient, legal: PageClient, house: Any, mailbox: Any, moment: Moment
    ) -> None:
        story = gather(officer, *three_ask(ask))
        alone = release(officer, story)
        assert (alone.status_code, rows(house)) == (409, [])
        assert "Two-person rule: you own this" in alone.soup.find(id="ask_whom").parent.get_text()
        assert alone.soup.find(id="text").get_text().strip() == ENGLISH
        asked(officer, alone, "Legal")
        decide(legal, "Story 1")
        edited = press(officer, officer.get("/desk/stories/1"), text="It is safe.")
        assert (edited.status_code, rows(house)) == (409, [])
        assert press(officer, officer.get("/desk/stories/1")).status_code == 200
        moment.moves(seconds=30)
        assert ENGLISH in mailbox.to("one@example.org")[-1].text

    def test_owner_and_last_writer_can_neither_be_asked_nor_release_alone(
        self, ask: Ask, officer: PageClient, colleague: PageClient, house: Any
    ) -> None:
        gather(officer, *three_ask(ask))
        press(colleague, colleague.get("/desk/stories/1"), "do=keep", text=ENGLISH)
        for writer, other in ((officer, "colleague@example.org"), (colleague, "officer@example.org")):
            page = writer.get("/desk/stories/1")
            refused = press(writer, page, "do=clearance", ask_email=other)
            assert "Two-person rule" in refused.words
            assert press(writer, page).status_code == 409
        assert (rows(house), clearances(house)) == ([], [])

    def test_somebody_else_clears_by_releasing(
        self, ask: Ask, officer: PageClient, colleague: PageClient, house: Any
    ) -> None:
        press(officer, gather(officer, *three_ask(ask)), "do=keep", text=ENGLISH)
        assert press(colleague, colleague.get("/desk/stories/1")).status_code == 200
        assert [one.approver_name for one in clearances(house)] == ["Deputy, on duty"]

    def test_who_cleared_words_and_then_wrote_them_again_is_no_second_person(
        self, ask: Ask, officer: PageClient, colleague: PageClient, house: Any
    ) -> None:
        asked(officer, gather(officer, *three_ask(ask)), "Deputy, on duty")
        decide(colleague, "Story 1")
        for words in ("Less.", ENGLISH):
            press(colleague, colleague.get("/desk/stories/1"), "do=keep", text=words)
        assert press(officer, officer.get("/desk/stories/1")).status_code == 409
        assert rows(house) == []

    def test_taken_back_before_it_left_is_not_cleared_any_more(
        self, ask: Ask, officer: PageClient, colleague: PageClient, house: Any
    ) -> None:
        pages = three_ask(ask)
        press(officer, gather(officer, *pages[:1]), "do=keep", text=ENGLISH)
        press(colleague, colleague.get("/desk/stories/1"))
        stop(colleague, case(colleague, reference_of(pages[0])))
        assert press(officer, officer.get("/desk/stories/1")).status_code == 409

    def test_what_joins_later_gets_the_cleared_words(
        self, ask: Ask, officer: PageClient, legal: PageClient, house: Any
    ) -> None:
        pages = three_ask(ask)
        asked(officer, gather(officer, *pages[:2]), "Legal")
        decide(legal, "Story 1")
        press(officer, officer.get("/desk/stories/1"))
        form = officer.get(f"/desk/stories/add?ref={reference_of(pages[2])}")
        joined = officer.submit(form, "/desk/stories/add", story=["1"], title="")
        assert press(officer, joined).status_code == 200
        assert len(rows(house)) == 3


def test_who_last_changed_a_story_is_kept(ask: Ask, officer: PageClient, colleague: PageClient, house: Any) -> None:
    gather(officer, *three_ask(ask))
    press(colleague, colleague.get("/desk/stories/1"), "do=keep", text=ENGLISH)
    with house.db.read() as session:
        story = session.scalars(select(Story)).one()
        assert story.edited_by_id not in (None, story.owner_id)
