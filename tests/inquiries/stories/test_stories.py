"""Shared stories: several outlets, one answer, one moment; nobody gets it twice or learns of the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from outreach.inquiries.models import InquiryMessage
from outreach.inquiries.stories.models import Story
from outreach.mail.models import OutboxEmail
from tests.inquiries.conftest import case, key_of, reference_of, stored
from tests.inquiries.released.test_memory import answer, rows
from tests.support.client import Page, PageClient
from tests.support.moment import Moment
from tests.support.people import sign_in

Ask = Callable[..., Page]
ENGLISH, SERBIAN = "The depot is safe.", "Складиште је безбедно."


def three_ask(ask: Ask) -> list[Page]:
    return [
        ask("en", questions="Is the depot in Vasiljevac safe?", subject="Safety of the depot in Vasiljevac", outlet="First", email="one@example.org"),
        ask("lat", questions="Da li je skladište u Vasiljevcu bezbedno?", subject="Bezbednost skladišta u Vasiljevcu", outlet="Second", email="two@example.org"),
        ask("cir", questions="Када је складиште прегледано?\nДа ли је складиште у Васиљевцу безбедно?", subject="Складиште у Васиљевцу, безбедност", outlet="Third", email="three@example.org"),
    ]  # fmt: skip


def gather(officer: PageClient, *pages: Page, title: str = "The depot") -> Page:
    query = [("ref", reference_of(page)) for page in pages]
    form = officer.get("/desk/stories/add?" + "&".join(f"{name}={value}" for name, value in query))
    return officer.submit(form, "/desk/stories/add", title=title)


def release(officer: PageClient, page: Page, **typed: Any) -> Page:
    return officer.submit(page, "/desk/stories/", button="do=release", text=ENGLISH, text_sr=SERBIAN, **typed)


def test_all_get_the_answer_at_one_moment_each_in_their_language_and_nobody_sees_the_others(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    pages = three_ask(ask)
    story = gather(officer, *pages)
    assert "Release to 3 journalists" in story.words
    assert "Released." in release(officer, story).text
    with house.db.read() as session:
        leaving = set(session.scalars(select(OutboxEmail.next_at).where(OutboxEmail.kind == "inquiry_answer")))
        assert len(leaving) == 1
        assert len(set(session.scalars(select(InquiryMessage.leaves_at)))) == 1
    assert len(mailbox.to("one@example.org")) == 1, "not before its moment"
    moment.moves(seconds=30)
    one, two, three = (mailbox.to(f"{name}@example.org")[-1].text for name in ("one", "two", "three"))
    assert ENGLISH in one
    assert "Skladište je bezbedno." in two
    assert SERBIAN in three
    for text in (one, two, three):
        assert not any(name in text for name in ("First", "Second", "Third"))
    assert [stored(house, reference_of(page)).state for page in pages] == ["answered"] * 3
    assert {row.story_id for row in rows(house)} == {1}
    assert stored(house, reference_of(pages[0])).questions[0].answer == ENGLISH


def test_releasing_twice_is_once(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    story = gather(officer, *three_ask(ask))
    for _ in range(3):
        assert release(officer, story).status_code == 200
    assert len(rows(house)) == 3


def test_who_is_answered_already_is_skipped_and_listed(ask: Ask, officer: PageClient, house: Any) -> None:
    pages = three_ask(ask)
    answer(officer, reference_of(pages[0]), "Yes, it is.")
    story = gather(officer, *pages)
    assert f"skipped (1) {reference_of(pages[0])}" in story.words
    release(officer, story)
    assert [row.text for row in rows(house)] == ["Yes, it is.", "Skladište je bezbedno.", SERBIAN]


def test_s22_somebody_who_joined_or_wrote_meanwhile_stops_the_release(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    pages = three_ask(ask)
    story = gather(officer, *pages)
    client.submit(client.get(f"/en/i/{key_of(pages[0])}"), body="Only the new depot, please.")
    stopped = release(officer, story)
    assert stopped.status_code == 409
    assert "Look again, then release." in stopped.words
    assert rows(house) == []
    assert stopped.soup.find(id="text").get_text().strip() == ENGLISH  # type: ignore[union-attr]
    assert release(officer, stopped).status_code == 200
    assert len(rows(house)) == 3


def test_an_instant_in_the_future_holds_mail_page_and_memory_back(
    ask: Ask, client: PageClient, officer: PageClient, mailbox: Any, moment: Moment
) -> None:
    pages = three_ask(ask)
    past = release(officer, gather(officer, *pages), release_at="2025-11-25T08:00")
    assert past.status_code == 409
    assert "must be in the future" in past.words
    release(officer, past, release_at="2025-11-25T12:00")  # 12:00 in Belgrade, 11:00 UTC
    moment.moves(minutes=30)
    assert len(mailbox.to("one@example.org")) == 1
    assert ENGLISH not in client.get(f"/en/i/{key_of(pages[0])}").words
    assert ENGLISH not in officer.get("/desk/answers").words
    moment.moves(hours=2)
    sign_in(officer)
    assert ENGLISH in mailbox.to("one@example.org")[-1].text
    assert ENGLISH in client.get(f"/en/i/{key_of(pages[0])}").words
    assert ENGLISH in officer.get("/desk/answers").words


def test_a_later_joiner_is_offered_the_same_answer(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    first, second, third = three_ask(ask)
    story = gather(officer, first, second)
    release(officer, story)
    joined = officer.submit(
        officer.get(f"/desk/stories/add?ref={reference_of(third)}"), "/desk/stories/add", story=["1"], title=""
    )
    assert "Release to 1 journalist" in joined.words
    officer.submit(joined, "/desk/stories/", button="do=release")
    assert [row.text for row in rows(house)] == [ENGLISH, "Skladište je bezbedno.", SERBIAN]


def test_a_released_answer_is_corrected_not_rewritten(ask: Ask, officer: PageClient, house: Any) -> None:
    pages = three_ask(ask)
    story = gather(officer, *pages[:2])
    released = release(officer, story)
    token = released.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    refused = officer.post(
        released.request.path,
        data={"do": "keep", "csrf_token": token, "version": "2", "text": "Other.", "terms": "on_record"},
    )
    assert refused.status_code == 409
    with house.db.read() as session:
        assert session.scalar(select(Story.text)) == ENGLISH


def test_a_draft_shows_both_versions_when_two_write(ask: Ask, officer: PageClient, colleague: PageClient) -> None:
    story = gather(officer, *three_ask(ask))
    colleague.submit(colleague.get(story.request.path), "/desk/stories/", button="do=keep", text="Theirs.")
    both = officer.submit(story, "/desk/stories/", button="do=keep", text="Mine.")
    assert both.status_code == 409
    assert "Kept meanwhile Theirs." in both.words
    assert both.soup.find(id="text").get_text().strip() == "Mine."  # type: ignore[union-attr]


def test_inquiries_that_ask_about_one_thing_are_suggested_across_scripts(ask: Ask, officer: PageClient) -> None:
    pages = three_ask(ask)
    ask(
        "en",
        questions="When is the next press briefing held?",
        subject="Press briefing",
        outlet="Fourth",
        email="four@example.org",
    )
    page = officer.get("/desk/stories")
    boxes = [str(tag["value"]) for tag in page.soup.select("main form input[name=ref]")]
    assert {reference_of(pages[1]), reference_of(pages[2])} <= set(boxes)
    assert "Press briefing" not in page.words


def test_an_inquiry_leaves_a_story_and_the_same_form_makes_one_story(ask: Ask, officer: PageClient, house: Any) -> None:
    pages = three_ask(ask)
    gather(officer, *pages)
    story = gather(officer, *pages)
    with house.db.read() as session:
        assert len(list(session.scalars(select(Story)))) == 1
    left = officer.submit(story, "/desk/stories/", button=f"do=leave:{reference_of(pages[2])}")
    assert "Release to 2 journalists" in left.words
    assert "Add to a story" in case(officer, reference_of(pages[2])).words


def test_a_member_may_still_get_an_answer_of_its_own(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    pages = three_ask(ask)
    release(officer, gather(officer, *pages))
    moment.moves(minutes=1)
    answer(officer, reference_of(pages[2]), "Прегледано је у мају.", partly=True)
    assert rows(house)[-1].text == "Прегледано је у мају."
    assert rows(house)[-1].released_at - rows(house)[0].released_at < timedelta(minutes=5)
