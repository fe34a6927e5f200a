"""Files that are added on the private page: under the rules of the form, and shown with the message they came with."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from outreach.inquiries import follow_up
from outreach.inquiries.models import InquiryMessage
from tests.inquiries.conftest import case, key_of, only
from tests.inquiries.files.conftest import SAMPLES, on_disk, rows, sample
from tests.support.client import Page, PageClient

Status = Callable[..., Page]


@pytest.fixture
def status(client: PageClient, ask: Callable[..., Page]) -> Status:
    """status("lat"): the private page of a new inquiry."""
    return lambda variant="en": client.get(f"/{variant}/i/{key_of(ask(variant))}")


def messages(house: Any) -> list[tuple[str, list[str]]]:
    """The words of each message, and the names of its files."""
    with house.db.read() as session:
        found = session.scalars(select(InquiryMessage).order_by(InquiryMessage.id)).all()
    return [(one.body, [row.name for row in rows(house) if row.message_id == one.id]) for one in found]


def thread(page: Page) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.soup.select("ol.thread > li")]


def test_files_stand_with_their_message_on_the_private_page_and_on_the_desk(
    status: Status, client: PageClient, officer: PageClient, house: Any
) -> None:
    done = client.submit(status("cir"), body="Уз питање и план.", files=[sample("pdf", "План.pdf"), sample("png")])
    assert messages(house) == [("Уз питање и план.", ["План.pdf", "note.png"])]
    assert "Уз питање и план. План.pdf (1 KB) note.png" in thread(done)[0]
    link = done.soup.find("a", string="План.pdf")
    assert link is not None
    with client.get(str(link["href"])) as answer:
        assert (answer.data, answer.headers["Content-Type"]) == (SAMPLES["pdf"], "application/octet-stream")
    desk = case(officer, only(house).reference)
    assert "Уз питање и план. План.pdf (1 KB) note.png" in thread(desk)[1]
    assert {row.origin for row in rows(house)} == {"form"}


def test_a_file_needs_no_words_and_neither_is_nothing(status: Status, client: PageClient, house: Any) -> None:
    page = status()
    empty = client.submit(page, body=" ")
    assert (empty.status_code, messages(house)) == (422, [])
    assert empty.soup.select_one('.error-summary a[href="#body"]') is not None
    done = client.submit(page, body="", files=[sample("txt")])
    assert "Your words are in." in done.words
    assert messages(house) == [("", ["note.txt"])]
    assert "The answers above." not in done.words


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([("photo.png", b"<html></html>")], "The selected file must be a PDF, DOCX, ODT, JPG, PNG or TXT"),
        ([("a.txt", b"a" * (10 * 1024 * 1024))], "The selected file must be smaller than 10 MB"),
        ([(f"{n}.txt", f"text {n}".encode()) for n in range(4)], "You can only select up to 3 files"),
    ],
)
def test_the_rules_of_the_form_hold_and_what_was_typed_stays(
    status: Status, client: PageClient, house: Any, files: list[tuple[str, bytes]], message: str
) -> None:
    page = client.submit(status(), body="With this.", files=[(BytesIO(content), name) for name, content in files])
    assert page.status_code == 422
    assert page.soup.select_one("#files-error").get_text(strip=True).endswith(message)
    assert page.soup.find(id="body").get_text(strip=True) == "With this."
    assert page.soup.select_one("#body-error") is None
    assert messages(house) == []


def test_good_files_wait_while_the_words_are_put_right(status: Status, client: PageClient, house: Any) -> None:
    page = client.submit(status(), body="x" * 5001, files=[sample("pdf"), sample("txt")])
    assert page.status_code == 422
    assert "Remove note.pdf" in page.words
    unwanted = page.soup.select("[name=unwanted]")[1]["value"]
    client.submit(page, body="Shorter.", unwanted=[unwanted])
    assert messages(house) == [("Shorter.", ["note.pdf"])]
    assert on_disk(house, waiting=True) == []


def test_when_the_day_is_used_up_the_files_wait_as_well(
    status: Status, client: PageClient, house: Any, moment: Any
) -> None:
    page = status()
    with house.db.transaction() as session:
        inquiry = session.merge(only(house))
        for number in range(follow_up.MOST_A_DAY):
            follow_up.add(session, house, moment.now(), inquiry, f"Message {number}", f"nonce {number}")
    again = client.submit(page, body="One too many", files=[sample("pdf")])
    assert again.status_code == 429
    assert "Remove note.pdf" in again.words
    moment.moves(hours=25)
    client.submit(again)
    assert messages(house)[-1] == ("One too many", ["note.pdf"])


def test_f25_the_same_form_twice_is_one_message_and_with_other_words_or_files_a_further_one(
    status: Status, client: PageClient, house: Any
) -> None:
    page = status()
    for _ in range(2):
        client.submit(page, body="With this.", files=[sample("pdf")])
    client.submit(page, body="With this.")
    assert messages(house) == [("With this.", ["note.pdf"])]
    for _ in range(2):
        client.submit(page, body="With this.", files=[sample("txt")])
        client.submit(page, body="And the total, please.")
    assert messages(house)[1:] == [("With this.", ["note.txt"]), ("And the total, please.", [])]
    assert (len(on_disk(house)), on_disk(house, waiting=True)) == (2, [])


def test_what_the_inquiry_has_already_is_not_taken_twice(status: Status, client: PageClient, house: Any) -> None:
    page = status()
    client.submit(page, body="With this.", files=[sample("pdf")])
    again = client.get(page.request.path)
    assert "Your words are in." in client.submit(again, body="", files=[sample("pdf")]).words
    assert messages(house) == [("With this.", ["note.pdf"])]
    assert on_disk(house, waiting=True) == []


def test_a_wrong_link_takes_no_file(status: Status, client: PageClient, house: Any) -> None:
    path = status().request.path
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert client.post(f"{wrong}/follow-up", data={"body": "Words", "files": sample("pdf")}).status_code == 404
    assert on_disk(house, waiting=True) == []
