"""A file leaves as a download and as nothing else, to those who may have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.inquiries.files import keeping, waiting
from outreach.inquiries.files.taking import Taken
from outreach.inquiries.models import NOTE, OUT, Inquiry, InquiryMessage
from tests.inquiries.conftest import key_of, only
from tests.inquiries.files.conftest import SAMPLES, rows, sample
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Form, Send = Callable[..., Page], Callable[..., Page]


def assert_is_download(answer: Any, name: str) -> None:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert f"filename*=UTF-8''{quote(name)}" in disposition or f"filename={name}" in disposition
    assert "\n" not in disposition


def taken(client: PageClient, address: str) -> bytes:
    """The bytes of a download, its file closed."""
    with client.get(address) as answer:
        assert answer.status_code == 200
        return answer.data


def test_the_journalist_downloads_what_was_sent_from_the_private_page(
    form: Form, send: Send, client: PageClient
) -> None:
    page = send(form("cir"), files=[sample("pdf", "Питања.pdf")])
    link = page.soup.find("a", string="Питања.pdf")
    assert link is not None
    assert link["href"] in {a["href"] for a in client.get(f"/cir/i/{key_of(page)}").soup.find_all("a", href=True)}
    with client.get(str(link["href"])) as answer:
        assert_is_download(answer, "Питања.pdf")
        assert answer.data == SAMPLES["pdf"]


def test_an_officer_downloads_it_from_the_desk_and_that_is_noted(
    form: Form, send: Send, house: Any, officer: PageClient, staff: Any
) -> None:
    send(form(), files=[sample("docx")])
    inquiry, file = only(house), rows(house)[0]
    address = f"/desk/inquiries/{inquiry.reference}/files/{file.key}"
    assert address in {
        a["href"] for a in officer.get(f"/desk/inquiries/{inquiry.reference}").soup.find_all("a", href=True)
    }
    with officer.get(address) as answer:
        assert_is_download(answer, "note.docx")
    with house.db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "file.read")).one()
    assert (entry.obj, entry.detail) == (inquiry.ref, {"file": file.key})
    assert staff("editor", email="editor@example.org").get(address).status_code == 403


def test_nobody_gets_a_file_by_another_inquirys_address_or_by_guessing(
    form: Form, send: Send, house: Any, client: PageClient, officer: PageClient
) -> None:
    first = send(form(), files=[sample("pdf")])
    second = send(form(), subject="Another question", files=[sample("txt")])
    theirs = rows(house)[1].key
    assert client.get(f"/en/i/{key_of(first)}/files/{theirs}").status_code == 404
    assert taken(client, f"/en/i/{key_of(second)}/files/{theirs}") == SAMPLES["txt"]
    for key in ("..", "..%2f..%2foutreach.db", "waiting", theirs + "%00", "x"):
        assert client.get(f"/en/i/{key_of(second)}/files/{key}").status_code in (404, 308)
    assert client.get(f"/en/i/{'x' * 40}/files/{theirs}").status_code == 404
    for path in (f"/files/{theirs}", f"/var/files/{theirs}", f"/static/files/{theirs}"):
        assert client.get(path).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(form: Form, send: Send, house: Any, client: PageClient) -> None:
    page = send(form(), files=[sample("pdf")])
    waiting.place(house, rows(house)[0].key).unlink()
    assert client.get(f"/en/i/{key_of(page)}/files/{rows(house)[0].key}").status_code == 404


def test_our_own_file_shows_once_it_has_left_and_never_if_it_was_taken_back_or_is_a_notes(
    form: Form, send: Send, house: Any, client: PageClient, moment: Moment
) -> None:
    page = send(form())
    now = moment.now()
    leaves = now + timedelta(seconds=20)
    messages = {
        "answer.txt": InquiryMessage(direction=OUT, at=now, body="-", leaves_at=leaves),
        "undone.txt": InquiryMessage(direction=OUT, at=now, body="-", leaves_at=leaves, undone_at=now),
        "secret.txt": InquiryMessage(direction=NOTE, at=now, body="-"),
    }
    for name, message in messages.items():
        waiting.put(house, now, name, Taken(name, "txt", name.encode()))
        with house.db.transaction() as session:
            inquiry = session.scalars(select(Inquiry)).one()
            inquiry.messages.append(message)
            session.flush()
            keeping.keep(session, house, now, inquiry, name, keeping.DESK, message)
    address = f"/en/i/{key_of(page)}"
    assert "answer.txt" not in client.get(address).words
    moment.moves(seconds=30)
    shown = client.get(address).words
    assert [name in shown for name in messages] == [True, False, False]
    ours, undone, notes = rows(house)
    assert taken(client, f"{address}/files/{ours.key}") == b"answer.txt"
    assert [client.get(f"{address}/files/{file.key}").status_code for file in (undone, notes)] == [404, 404]
