"""A correction is kept as a draft of the whole desk, cleared in its exact words and notices, and then sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.inquiries.released.models import CorrectionDraft
from tests.inquiries.conftest import case, reference_of
from tests.inquiries.desk import ask_on, asked_for, clearances, decide, link_in
from tests.inquiries.released.test_corrections import NEW, OLD, look, send, two_holders
from tests.inquiries.released.test_memory import rows
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
EXPERT, NOTICE = "expert@example.org", "Погрешна бројка."


@pytest.fixture
def code(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> str:
    """The code of an answer that two journalists hold."""
    two_holders(ask, officer, moment)
    return rows(house)[0].code


def opened(officer: PageClient, code: str) -> Page:
    return officer.get(f"/desk/answers/{code}/correct")


def asked(officer: PageClient, code: str, *names: str, **typed: Any) -> Page:
    return ask_on(officer, look(officer, code), *names, action="/correct", **typed)


def press(officer: PageClient, page: Page, button: str, **typed: Any) -> Page:
    return officer.submit(page, "/correct", button=button, **typed)


def words_in(page: Page) -> list[str]:
    return [box.get_text().strip() for box in page.soup.select("main textarea")]


def changed(page: Page, text: str) -> dict[str, str]:
    return {str(page.soup.select("main textarea")[0]["name"]): text}


def test_a_draft_is_kept_with_who_is_told_and_found_again(
    ask: Ask, officer: PageClient, colleague: PageClient, code: str, house: Any, mailbox: Any
) -> None:
    press(officer, look(officer, code, to=[code]), "do=keep")
    assert "A correction is drafted." in colleague.get(f"/desk/answers/{code}").words
    page = opened(colleague, code)
    assert words_in(page) == [NEW, NOTICE]
    assert [box["value"] for box in page.soup.select("input[name=to][checked]")] == [code]
    assert "Correction sent to 1 journalist." in send(colleague, page).text
    assert len(mailbox.to("two@example.org")) == 2


def test_the_approver_reads_old_and_new_words_and_the_notice(
    officer: PageClient, legal: PageClient, code: str, house: Any, mailbox: Any
) -> None:
    asked(officer, code, "Legal")
    mail = mailbox.to("legal@example.org")[0].text
    assert all(words in mail for words in (OLD, NEW, NOTICE))
    assert f"Correction {code}" in legal.get("/desk/clearances").words
    shown = legal.get(f"/desk/clearances/{clearances(house)[-1].id}")
    assert [one.get_text(strip=True) for one in shown.soup.select("blockquote")] == [NEW, NOTICE]
    assert "Was: Уништено је две хиљаде тона. Is: Уништено је три хиљаде тона." in shown.words
    decide(legal, code)
    assert mailbox.to("officer@example.org")[-1].subject == f"[{code}] An approver has decided"
    page = opened(officer, code)
    assert "Cleared by Legal" in page.words
    assert "Correction sent to 2 journalists." in send(officer, page).text
    assert [one.approver_name for one in clearances(house)[2:]] == ["Legal"]


@pytest.mark.parametrize("place", [0, 1], ids=["words", "notice"])
def test_other_words_or_another_notice_void_it(
    officer: PageClient, legal: PageClient, code: str, house: Any, place: int
) -> None:
    asked(officer, code, "Legal")
    decide(legal, code)
    page = opened(officer, code)
    name = str(page.soup.select("main textarea")[place]["name"])
    page = press(officer, page, "do=keep", **{name: "Нешто друго."})
    assert "Changed since it was cleared" in page.words
    once = send(officer, page)
    assert (once.status_code, len(rows(house))) == (409, 2)
    assert "These words changed since an approver had them." in once.words
    assert press(officer, once, "do=send", release=True).status_code == 200
    assert len(rows(house)) == 4


def test_who_is_told_is_no_part_of_what_is_cleared(officer: PageClient, legal: PageClient, code: str) -> None:
    asked(officer, code, "Legal")
    decide(legal, code)
    page = press(officer, opened(officer, code), "do=keep", to=[code])
    assert "Cleared by Legal" in page.words


@pytest.mark.parametrize("decision", ["", "refused", "change"])
def test_what_an_approver_has_or_refused_is_not_sent(
    officer: PageClient, legal: PageClient, code: str, house: Any, decision: str
) -> None:
    asked(officer, code, "Legal")
    if decision:
        decide(legal, code, decision, words="Which year?")
    stopped = send(officer, opened(officer, code))
    assert (stopped.status_code, len(rows(house))) == (409, 2)
    assert "These words are with an approver, or were refused." in stopped.soup.find(id="ask_whom").parent.get_text()


def test_a_request_is_taken_back_and_everything_is_logged(
    officer: PageClient, legal: PageClient, code: str, house: Any
) -> None:
    asked(officer, code, "Legal")
    page = press(officer, opened(officer, code), f"do=recall:{clearances(house)[-1].id}")
    assert "It is no longer asked." in page.text
    assert send(officer, page).status_code == 200
    with house.db.read() as session:
        told = list(session.scalars(select(AuditEntry.action).where(AuditEntry.obj == f"answer:{code}")))
    assert told == ["correction.kept", "clearance.asked", "clearance.withdrawn"]


def test_nothing_is_asked_about_words_that_do_not_change(officer: PageClient, code: str, house: Any) -> None:
    page = press(officer, look(officer, code, text=OLD), "do=clearance", ask_email=EXPERT)
    assert page.status_code == 409
    assert "There are no words to clear yet." in page.words
    with house.db.read() as session:
        assert session.scalar(select(CorrectionDraft)) is None


def test_two_who_write_at_once_see_both_versions(officer: PageClient, colleague: PageClient, code: str) -> None:
    mine = look(officer, code)
    theirs = look(colleague, code, text="Њихове речи.")
    press(colleague, theirs, "do=keep")
    both = press(officer, mine, "do=keep")
    assert both.status_code == 409
    assert "Kept meanwhile Њихове речи." in both.words
    assert words_in(both) == [NEW, NOTICE]
    assert press(officer, both, "do=keep").status_code == 200
    assert words_in(opened(colleague, code)) == [NEW, NOTICE]


def test_by_a_signed_link_it_is_decided_once_and_no_more_when_the_words_changed(
    client: PageClient, officer: PageClient, code: str, house: Any, mailbox: Any
) -> None:
    asked(officer, code, ask_email=EXPERT)
    page = client.get(link_in(mailbox.to(EXPERT)[0], "/clearance/"))
    assert all(words in page.words for words in (NEW, NOTICE, "Was:"))
    assert not any(name in page.text for name in ("First", "Second", "one@"))
    before = opened(officer, code)
    press(officer, before, "do=keep", **changed(before, "Друго."))
    assert "This is no longer asked" in client.submit(page, decision="granted").words
    after = opened(officer, code)
    press(officer, after, "do=keep", **changed(after, NEW))
    assert "You have decided" in client.submit(page, decision="granted").words
    client.submit(page, decision="refused", words="No.")
    assert clearances(house)[-1].decision == "granted"


def test_a_correction_that_was_sent_asks_nobody_any_more(
    officer: PageClient, colleague: PageClient, legal: PageClient, code: str, house: Any
) -> None:
    asked(officer, code, "Legal")
    other = rows(house)[1].code
    send(colleague, look(colleague, other))
    assert rows(house)[0].superseded_by_id is not None
    assert "Nobody waits for a word from you." in legal.get("/desk/clearances").words
    late = opened(officer, code)
    assert "This answer was corrected already." in late.words


class TestTheTwoPersonRule:
    """TWO_PERSON_RULE=1: nothing leaves that one person alone has read."""

    @pytest.fixture
    def settings(self, settings: Any) -> Any:
        return dataclasses.replace(settings, two_person_rule=True)

    @pytest.fixture
    def code(self, ask: Ask, officer: PageClient, legal: PageClient, house: Any, moment: Moment) -> str:
        reference = reference_of(ask("cir", questions="Koliko je municije uništeno?"))
        asked_for(officer, reference, "Legal", **{"answers-0": OLD})
        decide(legal, reference)
        officer.submit(case(officer, reference), button="do=answer")
        moment.moves(minutes=1)
        return rows(house)[0].code

    def test_a_second_person_clears_these_very_words_and_then_they_leave(
        self, officer: PageClient, legal: PageClient, code: str, house: Any, mailbox: Any
    ) -> None:
        alone = send(officer, look(officer, code))
        assert (alone.status_code, len(rows(house))) == (409, 1)
        assert "Two-person rule: you own this" in alone.soup.find(id="ask_whom").parent.get_text()
        assert words_in(alone) == [NEW, NOTICE]
        ask_on(officer, alone, "Legal", action="/correct")
        decide(legal, code)
        page = opened(officer, code)
        edited = send(officer, press(officer, page, "do=look", **changed(page, "Друго.")))
        assert (edited.status_code, len(rows(house))) == (409, 1)
        assert "Correction sent to 1 journalist." in send(officer, page).text
        assert NEW in mailbox.to("reporter@example.org")[-1].text

    def test_owner_and_last_writer_can_neither_be_asked_nor_send_alone(
        self, officer: PageClient, colleague: PageClient, code: str, house: Any
    ) -> None:
        press(officer, look(officer, code, text="Прво."), "do=keep")
        page = opened(colleague, code)
        press(colleague, page, "do=keep", **changed(page, NEW))
        for writer, other in ((officer, "colleague@example.org"), (colleague, "officer@example.org")):
            refused = press(writer, opened(writer, code), "do=clearance", ask_email=other)
            assert "Two-person rule" in refused.words
            assert send(writer, opened(writer, code)).status_code == 409
        assert len(rows(house)) == 1

    def test_somebody_else_clears_by_sending_and_may_change_who_is_told(
        self, officer: PageClient, colleague: PageClient, code: str, house: Any
    ) -> None:
        press(officer, look(officer, code, to=[]), "do=keep")
        assert press(colleague, opened(colleague, code), "do=send", to=[code]).status_code == 200
        assert [row.approver_name for row in clearances(house)] == ["Legal", "Deputy, on duty"]
