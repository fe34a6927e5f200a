"""One draft for the whole desk: kept field by field as it is typed; both versions when two write in one place (S-22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outreach.inquiries.models import Inquiry
from tests.inquiries.conftest import case, key_of, reference_of, stored
from tests.inquiries.desk import asked_for, stop
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1 = "How much has been destroyed?"


def hidden(page: Page, name: str) -> str:
    return str(page.soup.find("input", attrs={"name": name})["value"])  # type: ignore[index]


def typing(officer: PageClient, page: Page, place: str, text: str, **more: str) -> Any:
    """What the script of the workspace sends while its officer types in a field."""
    work = page.soup.find(id="work")
    field = page.soup.find(attrs={"name": place})
    data = {
        "csrf_token": hidden(page, "csrf_token"), "name": place, "text": text, "base": field["data-base"],  # type: ignore[index]
        "stamp": work["data-stamp"], "version": hidden(page, "version"), **more,  # type: ignore[index]
    }  # fmt: skip
    return officer.post(str(work["data-draft"]), data=data)  # type: ignore[index]


def is_here(officer: PageClient, page: Page, place: str) -> Any:
    work = page.soup.find(id="work")
    data = {"csrf_token": hidden(page, "csrf_token"), "place": place, "version": hidden(page, "version")}
    address, stamp = str(work["data-presence"]), str(work["data-stamp"])  # type: ignore[index]
    return officer.post(address, data={**data, "stamp": stamp}, headers={"X-Renewal": "1"})


def note_of(house: Any, reference: str) -> str:
    """The note that the draft holds."""
    return str((stored(house, reference).draft or {}).get("note", ""))


def said_in(page: Page) -> list[str]:
    """The notes in the thread."""
    return [one.find_all("p")[1].get_text() for one in page.soup.select("ol.thread > .message.internal")]


def test_s22_fields_that_nobody_else_changed_are_kept_side_by_side(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=f"{Q1}\nWho pays?"))
    mine, theirs = case(officer, reference), case(colleague, reference)
    assert typing(officer, mine, "answers-0", "2,000 tonnes.").json["state"] == "kept"
    said = typing(colleague, theirs, "answers-1", "Trust Funds.")
    assert said.json["state"] == "kept"
    assert said.json["fields"]["answers-0"][0] == "2,000 tonnes."  # so that their page shows it too
    assert [question.answer for question in stored(house, reference).questions] == ["2,000 tonnes.", "Trust Funds."]


def test_s22_a_field_that_somebody_else_changed_is_never_overwritten(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    mine, theirs = case(officer, reference), case(colleague, reference)
    typing(colleague, theirs, "answers-0", "Their words.")
    said = typing(officer, mine, "answers-0", "My words.")
    assert (said.status_code, said.json["state"], said.json["theirs"]) == (409, "conflict", "Their words.")
    assert stored(house, reference).questions[0].answer == "Their words."
    base = said.json["fields"]["answers-0"][1]
    assert typing(officer, mine, "answers-0", "My words.", base=base).json["state"] == "kept"  # seen, and meant
    assert stored(house, reference).questions[0].answer == "My words."


def test_an_old_page_is_still_refused_as_a_whole_when_it_sends(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    old = case(officer, reference)
    typing(colleague, case(colleague, reference), "body", "Good day,")
    both = officer.submit(old, button="do=answer", body="Hello,", **{"answers-0": "2,000 tonnes."})
    assert both.status_code == 409
    assert "Kept meanwhile Good day," in both.words
    assert both.soup.find(id="body").get_text().strip() == "Hello,"  # type: ignore[union-attr]


def test_a_page_that_kept_its_own_words_may_send_but_not_past_new_words_of_the_journalist(
    ask: Ask, client: PageClient, officer: PageClient
) -> None:
    page = ask(questions=Q1)
    work = case(officer, reference_of(page))
    version = typing(officer, work, "answers-0", "2,000 tonnes.").json["version"]
    assert version == int(hidden(case(officer, reference_of(page)), "version"))
    client.submit(client.get(f"/en/i/{key_of(page)}"), body="Only the last year, please.")
    assert typing(officer, work, "body", "Good day,").json["version"] is None  # the page must be opened again


def test_typing_is_one_line_of_history_and_shows_at_once_what_it_voids(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1))
    page = asked_for(officer, reference, ask_email="expert@example.org", **{"answers-0": "2"})
    for text in ("2,", "2,0", "2,00"):
        said = typing(officer, case(officer, reference), "answers-0", text)
    assert said.json["void"] == [1]
    with house.db.read() as session:
        verbs = [event.verb for event in session.query(Inquiry).one().events]
    assert verbs == ["received", "answers kept", "clearance asked", "answers kept", "clearance over"]
    assert page.status_code == 200


def test_what_cannot_be_kept_is_said(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    work = case(officer, reference)
    long = typing(officer, work, "answers-0", "x" * 10_001)
    assert (long.status_code, long.json["words"]) == (422, "The text must be 10,000 characters or less")
    for name in ("answers-9", "answers-x", "state", "", "owner_id"):
        assert typing(officer, work, "body", "x", name=name).status_code == 409, name
    assert stored(house, reference).draft == {}


def test_a_draft_is_not_kept_for_an_inquiry_that_is_over(ask: Ask, client: PageClient, officer: PageClient) -> None:
    page = ask(questions=Q1)
    work = case(officer, reference_of(page))
    client.submit(client.get(f"/en/i/{key_of(page)}/withdraw"))
    said = typing(officer, work, "body", "Good day,")
    assert (said.status_code, said.json["words"]) == (409, "This inquiry was withdrawn.")


def test_d3_who_else_is_here_and_where_they_write(
    ask: Ask, officer: PageClient, colleague: PageClient, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1))
    mine, theirs = case(officer, reference), case(colleague, reference)
    assert is_here(officer, mine, "").json["here"] == []
    assert is_here(colleague, theirs, "answers-0").json["here"] == ["Officer, on duty is here"]
    assert is_here(officer, mine, "body").json["here"] == ["Deputy, on duty is writing: Q1"]
    assert "Deputy, on duty is writing: Q1" in case(officer, reference).words  # without a script as well
    moment.moves(minutes=1)
    assert is_here(officer, mine, "").json["here"] == []


def test_s04_being_here_is_no_activity(ask: Ask, officer: PageClient, moment: Moment) -> None:
    work = case(officer, reference_of(ask(questions=Q1)))
    for _ in range(20):
        moment.moves(minutes=2)
        is_here(officer, work, "")
    assert is_here(officer, work, "").status_code == 403
    assert officer.get("/desk/").status_code == 303  # to the sign-in page


def test_a_question_is_added_and_its_wording_put_right(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    work = case(officer, reference)
    added = officer.submit(work, button="do=add", new_question="And all projects?", **{"answers-0": "Half."})
    assert "Question added." in added.words
    assert [question.text for question in stored(house, reference).questions] == [Q1, "And all projects?"]
    assert stored(house, reference).questions[0].answer == "Half."
    changed = officer.submit(added, button="do=reword:2", **{"wordings-1": "And in all projects?"})
    assert stored(house, reference).questions[1].text == "And in all projects?"
    empty = officer.submit(changed, button="do=add", new_question=" ")
    assert empty.status_code == 422
    assert "Enter the question" in empty.words
    again = officer.submit(changed, button="do=add", new_question="And in all projects?")
    assert again.status_code == 200
    assert len(stored(house, reference).questions) == 2


def test_another_wording_of_the_question_voids_what_was_cleared_for_it(
    ask: Ask, officer: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    page = asked_for(officer, reference, ask_email="expert@example.org", **{"answers-0": "Half."})
    officer.submit(page, button="do=reword:1", **{"wordings-0": "How much is left?"})
    shown = case(officer, reference).words
    assert "Changed since it was asked" in shown
    assert "Was: How much has been destroyed? Half. Is: How much is left? Half." in shown
    assert stored(house, reference).state == "accepted"


def test_a_note_is_kept_as_it_is_typed_for_the_whole_desk_and_leaves_the_draft_when_it_is_added(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    mine = case(officer, reference)
    kept = typing(officer, mine, "note", "Ask the expert\nfirst.")
    assert (kept.json["state"], note_of(house, reference)) == ("kept", "Ask the expert\nfirst.")
    theirs = case(colleague, reference)
    assert theirs.soup.find(id="note").get_text().strip() == "Ask the expert\nfirst."
    done = colleague.submit(theirs, button="do=note")
    assert said_in(done) == ["Ask the expertfirst."]  # two lines
    assert note_of(house, reference) == ""
    news = is_here(officer, mine, "").json
    assert (news["fields"]["note"][0], news["version"]) == ("", None)  # the officer's page is told


def test_a_note_of_somebody_else_is_never_overwritten_nor_lost(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    mine, theirs = case(officer, reference), case(colleague, reference)
    typing(colleague, theirs, "note", "Their note.")
    said = typing(officer, mine, "note", "My note.")
    assert (said.status_code, said.json["theirs"]) == (409, "Their note.")
    assert said_in(officer.submit(mine, button="do=note", note="My note.")) == ["My note."]
    assert note_of(house, reference) == "Their note."


def test_without_a_script_a_note_is_kept_with_the_draft_and_an_old_page_shows_both(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    mine, theirs = case(officer, reference), case(colleague, reference)
    assert "Kept. Nothing was sent." in colleague.submit(theirs, button="do=keep", note="Their note.").text
    both = officer.submit(mine, button="do=keep", note="My note.")
    assert both.status_code == 409
    assert "Kept meanwhile Their note." in both.words
    assert both.soup.find(id="note").get_text().strip() == "My note."
    officer.submit(both, button="do=keep")
    assert note_of(house, reference) == "My note."


def test_a_note_that_is_being_written_outlives_the_reply_and_taking_it_back(
    ask: Ask, officer: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    sent = officer.submit(case(officer, reference), button="do=reply", body="Good day,", note="For later.")
    assert note_of(house, reference) == "For later."
    stop(officer, sent)
    assert (note_of(house, reference), stored(house, reference).draft["body"]) == ("For later.", "Good day,")


def test_adding_a_note_twice_is_once_and_leaves_the_next_one_alone(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    page = case(officer, reference)
    typing(officer, page, "note", "First.")
    officer.submit(page, button="do=note", note="First.")
    typing(officer, case(officer, reference), "note", "Second.")
    assert said_in(officer.submit(page, button="do=note", note="First.")) == ["First."]
    assert note_of(house, reference) == "Second."


def test_a_note_on_what_is_over_is_added_and_not_kept_meanwhile(
    ask: Ask, client: PageClient, officer: PageClient
) -> None:
    page = ask(questions=Q1)
    client.submit(client.get(f"/en/i/{key_of(page)}/withdraw"))
    work = case(officer, reference_of(page))
    field = work.soup.find(id="note")
    assert field is not None
    assert "data-base" not in field.attrs
    assert said_in(officer.submit(work, button="do=note", note="They called.")) == ["They called."]
