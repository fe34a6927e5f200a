"""An officer adds files in the workspace: they lie with the inquiry and go with the mail."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.inquiries.conftest import REPORTER, case, reference_of, stored
from tests.inquiries.files.conftest import SAMPLES
from tests.support.client import PageClient
from tests.support.moment import Moment

ANSWER = "Two thousand tonnes."


def a_file(kind: str = "pdf", name: str = "Преглед.pdf") -> tuple[BytesIO, str]:
    return BytesIO(SAMPLES[kind]), name


def test_files_are_added_without_losing_what_was_typed_and_go_with_the_answer(
    ask: Any, officer: PageClient, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions="How much has been destroyed?"))
    work = officer.submit(
        case(officer, reference),
        button="do=attach",
        new_files=[a_file()],
        **{"answers-0": ANSWER, "body": "Thank you."},
    )
    assert "ticked to go with the next mail" in work.words
    assert work.soup.select_one("#answers-0").get_text(strip=True) == ANSWER  # type: ignore[union-attr]
    assert work.soup.select_one("[name=files][checked]") is not None
    officer.submit(work, button="do=answer")
    moment.moves(seconds=30)
    parts = [part for part in mailbox.to(REPORTER)[-1].message.walk() if part.get_filename()]
    assert [(part.get_filename(), part.get_content_type()) for part in parts] == [("Преглед.pdf", "application/pdf")]
    assert parts[0].get_payload(decode=True) == SAMPLES["pdf"]


def test_a_file_that_lies_about_its_type_is_refused_and_nothing_is_lost(
    ask: Any, officer: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions="How much has been destroyed?"))
    lies = (BytesIO(b"MZ" + b"\0" * 200), "report.pdf")
    again = officer.submit(case(officer, reference), button="do=answer", new_files=[lies], **{"answers-0": ANSWER})
    assert again.status_code == 422
    assert "PDF, DOCX, ODT, JPG, PNG or TXT" in again.words
    assert again.soup.select_one("#answers-0").get_text(strip=True) == ANSWER  # type: ignore[union-attr]
    assert stored(house, reference).state == "received"


@pytest.mark.parametrize("button", ["do=keep", "do=note"])
def test_whichever_button_is_pressed_a_chosen_file_is_kept(ask: Any, officer: PageClient, button: str) -> None:
    reference = reference_of(ask(questions="How much has been destroyed?"))
    work = officer.submit(
        case(officer, reference), button=button, new_files=[a_file("txt", "list.txt")], note="See file."
    )
    assert "list.txt" in work.words
