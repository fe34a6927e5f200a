"""Files that come with the form: taken in, kept beside a row, never lost by a fault elsewhere, never twice."""

from __future__ import annotations

import stat
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event

from outreach.inquiries.files import jobs
from outreach.inquiries.files.models import StoredFile
from tests.inquiries.conftest import TYPED, count, key_of, only, reference_of
from tests.inquiries.files.conftest import SAMPLES, jpg, on_disk, rows, sample
from tests.support.client import Page, PageClient, open_client
from tests.support.moment import Moment

Form, Send = Callable[..., Page], Callable[..., Page]


def test_three_files_are_kept_outside_the_web_root_for_our_account_alone(form: Form, send: Send, house: Any) -> None:
    page = send(form(), files=[sample("pdf"), sample("docx", "Белешка.docx"), sample("jpg")])
    assert page.h1 == "Your inquiry is with us"
    kept = rows(house)
    assert [(row.name, row.kind, row.origin) for row in kept] == [
        ("note.pdf", "pdf", "form"), ("Белешка.docx", "docx", "form"), ("note.jpg", "jpg", "form"),
    ]  # fmt: skip
    assert sorted(row.key for row in kept) == [path.name for path in on_disk(house)]
    assert on_disk(house, waiting=True) == []
    for path in on_disk(house):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert house.settings.files_folder == house.settings.var_dir / "files"
    assert stat.S_IMODE(house.settings.files_folder.stat().st_mode) == 0o700
    assert list(house.settings.files_folder.glob("waiting/*")) == []  # nor what was written down about them
    first = house.settings.files_folder / kept[0].key
    assert (first.read_bytes(), kept[0].size) == (SAMPLES["pdf"], len(SAMPLES["pdf"]))


@pytest.mark.parametrize(
    ("variant", "big", "kind", "many"),
    [
        ("en", "The selected file must be smaller than 10 MB", "The selected file must be a PDF, DOCX, ODT, JPG, PNG or TXT", "You can only select up to 3 files"),
        ("lat", "Datoteka mora biti manja od 10 MB", "Datoteka mora biti PDF, DOCX, ODT, JPG, PNG ili TXT", "Možete izabrati najviše 3 datoteke"),
        ("cir", "Датотека мора бити мања од 10 MB", "Датотека мора бити PDF, DOCX, ODT, JPG, PNG или TXT", "Можете изабрати највише 3 датотеке"),
    ],
)  # fmt: skip
def test_size_kind_and_number_have_their_messages_beside_the_field_and_in_the_summary(
    form: Form, send: Send, house: Any, variant: str, big: str, kind: str, many: str
) -> None:
    cases = {
        big: [(BytesIO(b"a" * (10 * 1024 * 1024)), "a.txt")],
        kind: [(BytesIO(b"<html></html>"), "photo.png")],
        many: [(BytesIO(f"text {n}".encode()), f"{n}.txt") for n in range(4)],
    }
    for message, files in cases.items():
        page = send(form(variant), files=files)
        assert page.status_code == 422
        assert message in page.soup.select_one("#files-error").get_text()  # type: ignore[union-attr]
        assert message in page.soup.select_one('.error-summary a[href="#files"]').get_text()  # type: ignore[union-attr]
        assert page.soup.find(id="subject")["value"] == TYPED["subject"]  # type: ignore[index]
    assert count(house) == 0


def test_good_files_wait_while_the_rest_of_the_form_is_put_right(form: Form, send: Send, house: Any) -> None:
    page = send(form(), name="", files=[sample("pdf"), (BytesIO(b"MZ\x00"), "run.exe"), sample("png")])
    assert page.status_code == 422
    assert [label.get_text(" ", strip=True) for label in page.soup.select("label:has([name=unwanted])")] == [
        "Remove note.pdf (1\u00a0KB)", f"Remove note.png ({max(path.stat().st_size for path in on_disk(house, waiting=True)) // 1024 + 1}\u00a0KB)",
    ]  # fmt: skip
    unwanted = page.soup.select("[name=unwanted]")[1]["value"]
    done = send(page, unwanted=[unwanted], files=[sample("txt")])
    assert done.h1 == "Your inquiry is with us"
    assert [row.name for row in rows(house)] == ["note.pdf", "note.txt"]
    assert len(on_disk(house)) == 2
    assert on_disk(house, waiting=True) == []


def test_f25_the_same_form_twice_is_one_inquiry_with_its_files_once(
    form: Form, send: Send, house: Any, client: PageClient
) -> None:
    empty = form()
    first = send(empty, files=[sample("pdf"), sample("jpg")])
    second = send(empty, files=[sample("pdf"), sample("jpg")])
    assert first.request.full_path == second.request.full_path
    assert (count(house), len(rows(house)), len(on_disk(house))) == (1, 2, 2)
    assert on_disk(house, waiting=True) == []


def test_f25_the_same_words_with_another_file_are_an_edit_and_later_a_message(
    form: Form, send: Send, house: Any, moment: Moment, officer: PageClient
) -> None:
    empty = form()
    send(empty, files=[sample("pdf")])
    assert "Your changes are in" in send(empty, files=[sample("txt")]).words
    moment.moves(minutes=16)
    late = send(empty, files=[sample("odt", "late.odt")])
    assert "was added to your inquiry as a message" in late.words
    assert [(row.name, row.message_id is None) for row in rows(house)] == [
        ("note.pdf", True), ("note.txt", True), ("late.odt", False),
    ]  # fmt: skip
    send(empty, files=[sample("odt", "late.odt")])
    assert len(rows(house)) == 3
    assert "late.odt" in officer.get(f"/desk/inquiries/{only(house).reference}").words


def test_an_edit_removes_a_file_and_adds_another_and_three_stay_the_most(
    form: Form, send: Send, house: Any, client: PageClient
) -> None:
    page = send(form(), files=[sample("pdf"), sample("txt")])
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    first = rows(house)[0].key
    too_many = client.submit(edit, files=[sample("jpg"), sample("png")])
    assert "You can only select up to 3 files" in too_many.words
    done = client.submit(too_many, unwanted=[first], files=[sample("odt")])
    assert "Your changes are in" in done.words
    assert [row.name for row in rows(house)] == ["note.txt", "note.jpg", "note.odt"]
    assert first not in [path.name for path in on_disk(house)]


def test_over_the_quota_the_field_says_so_and_nothing_else_is_lost(
    house: Any, form: Form, send: Send, moment: Moment
) -> None:
    object.__setattr__(house.settings, "files_quota", 1)
    noise = b"".join(bytes([65 + n % 26]) for n in range(700_000))
    assert send(form(), files=[(BytesIO(noise), "a.txt")]).status_code == 200
    page = send(form(), files=[(BytesIO(noise + b"b"), "b.txt")])
    assert "There is no room for files just now" in page.soup.select_one("#files-error").get_text()  # type: ignore[union-attr]
    assert page.soup.find(id="name")["value"] == TYPED["name"]  # type: ignore[index]
    assert send(page, subject="The other question").status_code == 200
    assert [row.name for row in rows(house)] == ["a.txt"]


def test_what_waits_long_gives_way_when_there_is_no_room(house: Any, form: Form, send: Send, moment: Moment) -> None:
    object.__setattr__(house.settings, "files_quota", 1)
    noise = b"".join(bytes([65 + n % 26]) for n in range(700_000))
    assert send(form(), name="", files=[(BytesIO(noise), "a.txt")]).status_code == 422
    empty = form()
    moment.moves(minutes=20)
    assert send(empty, files=[(BytesIO(noise + b"b"), "b.txt")]).status_code == 200
    assert [row.name for row in rows(house)] == ["b.txt"]


def test_a_disk_that_refuses_is_said_beside_the_field(house: Any, form: Form, send: Send) -> None:
    house.settings.files_folder.write_text("a file where the folder should be")
    page = send(form(), files=[sample("pdf")])
    assert "Files cannot be stored just now" in page.soup.select_one("#files-error").get_text()  # type: ignore[union-attr]
    assert send(page).h1 == "Your inquiry is with us"


def test_f26_a_transaction_that_fails_leaves_no_file_behind_and_the_form_still_has_it(
    own_app: Any, moment: Moment, house: Any, form: Form
) -> None:
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    own_app.extensions["house"] = house
    visitor = open_client(own_app)
    moment.is_at(moment.now())
    empty = visitor.get("/en/media/inquiry")
    moment.moves(seconds=20)

    def fails(*_: object) -> None:
        raise OSError("the database has gone")

    event.listen(StoredFile, "after_insert", fails)
    try:
        page = visitor.submit(empty, **{**TYPED, "when": ["none"], "files": [sample("pdf")]})
    finally:
        event.remove(StoredFile, "after_insert", fails)
    assert page.status_code == 500
    assert on_disk(house) == []
    assert "Remove note.pdf" in page.words
    assert reference_of(visitor.submit(page, "media/inquiry"))
    assert [row.name for row in rows(house)] == ["note.pdf"]


def test_what_nobody_sent_is_swept_after_a_day_and_what_has_no_row_after_an_hour(
    form: Form, send: Send, house: Any, moment: Moment
) -> None:
    send(form(), files=[sample("pdf")])
    send(form(), name="", files=[sample("txt")])
    orphan = house.settings.files_folder / ("0" * 32)
    orphan.write_bytes(b"left by a process that was killed")
    moment.is_at(moment.now().replace(year=2035))  # the orphan's own time is that of this machine
    assert len(on_disk(house, waiting=True)) == 1
    jobs.sweep(house)
    assert on_disk(house, waiting=True) == []
    assert [path.name for path in on_disk(house)] == [rows(house)[0].key]


def test_a_file_that_waits_is_not_swept_before_its_day_is_over(
    form: Form, send: Send, house: Any, moment: Moment
) -> None:
    page = send(form(), name="", files=[sample("txt")])
    moment.moves(hours=23)
    jobs.sweep(house)
    assert send(page).h1 == "Your inquiry is with us"
    assert [row.name for row in rows(house)] == ["note.txt"]


def test_only_the_routes_that_take_files_take_large_bodies(form: Form, send: Send, client: PageClient) -> None:
    assert send(form(), files=[(BytesIO(b"a" * 9_000_000), "a.txt")]).status_code == 200
    large = {"reference": "x" * 300_000, "email": "a@example.org"}
    assert client.post("/en/media/inquiry/find", data=large).status_code == 413
    too_large = {**TYPED, "files": (BytesIO(b"a" * (65 * 1024 * 1024)), "a.txt")}
    answer = client.post("/en/media/inquiry", data=too_large)
    assert answer.status_code == 413
    assert "choose smaller files" in answer.words


def test_a_text_in_the_place_of_a_file_is_ignored(client: PageClient, form: Form, house: Any) -> None:
    token = form().soup.find("input", attrs={"name": "form_token"})["value"]  # type: ignore[index]
    sent = {**TYPED, "files": "../../etc/passwd", "unwanted": "../../x", "when": "none", "form_token": token}
    answer = client.post("/en/media/inquiry", data={**sent, "zone": "Europe/Belgrade", "reply": "en"})
    assert answer.status_code == 303
    assert rows(house) == []


def test_a_picture_is_kept_without_its_metadata(form: Form, send: Send, house: Any) -> None:
    send(form(), files=[(BytesIO(jpg(comment=b"taken by a person")), "photo.jpg")])
    assert b"taken by a person" not in on_disk(house)[0].read_bytes()
