"""Subscribers on the desk: counts, one address, its history, a stop on their behalf, and lists from elsewhere."""

from __future__ import annotations

import csv
import io

import pytest

from outreach.audit import AuditEntry
from outreach.language import Variant
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import erasure, jobs, optin, uploads
from outreach.subscriptions.models import Consent, ListImport, Subscriber
from tests.digests.givens import MONDAY, READER, changed, stopped, subscribed, wish
from tests.subscriptions.visits import everything, rows_of
from tests.support.client import open_client

LIST = "address,consent_date\na@example.org,2025-05-03\nb@example.org,2025-05-03\nnobody,2025-05-03\n"


def sent(client, content, name="list.csv", **more):
    """Uploads a list as a browser does; the body is written by hand, since it may be larger than the client keeps."""
    page = client.get("/desk/subscribers/lists")
    token = page.soup.find("input", {"name": "csrf_token"})["value"]
    values = {"csrf_token": token, "proof": "Yes, send me your news.", "variant": "en", **more}
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in values.items()
    ]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode()
    parts.append(head + (content if isinstance(content, bytes) else content.encode()) + b"\r\n")
    body = b"".join(b"--limit\r\n" + part for part in parts) + b"--limit--\r\n"
    return client.post(
        "/desk/subscribers/lists", data=body, content_type="multipart/form-data; boundary=limit", follow_redirects=True
    )


def found(client, address):
    return client.submit(client.get("/desk/subscribers"), "/find", address=address)


def test_the_desk_counts_by_state_and_by_rhythm_and_language(officer, house, moment):
    moment.is_at(MONDAY)
    for n, choice in enumerate(
        (wish(), wish(cadence="weekly", variant=Variant.CIR), wish(cadence="weekly", variant=Variant.CIR))
    ):
        subscribed(house, f"reader{n}@example.org", choice)
    changed(house, subscribed(house, "paused@example.org"), wish(), paused_until=moment.now().replace(year=2027))
    stopped(house, subscribed(house, "stopped@example.org"))
    with house.db.transaction() as session:
        optin.request(
            session, house, moment.now(), address="asked@example.org", choice=wish(), shown=Variant.EN, source="x"
        )
        gone = optin.queries.by_address(session, house, "stopped@example.org")
    gone = subscribed(house, "gone@example.org")
    with house.db.transaction() as session:
        erasure.erase(session, house, moment.now(), gone)
    words = officer.get("/desk/subscribers").words
    for line in ("Confirmed 3", "Paused 1", "Not confirmed yet 1", "Stopped 1", "Address deleted 1"):
        assert line in words
    assert "One e-mail a day, on working days 2 0 0" in words
    assert "One e-mail a week, on Friday 0 0 2" in words
    assert "example.org" not in words


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_one_address_is_found_without_standing_in_any_address_of_a_page(officer, house, moment, variant):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    page = officer.get("/desk/me")
    officer.submit(page, "/desk/me", variant=variant)
    page = found(officer, " Reader@Example.org ".strip())
    assert page.request.path == f"/desk/subscribers/{reader}"
    assert "example" not in page.request.full_path
    [consent] = rows_of(house, Consent)
    assert consent.wording in page.words
    assert consent.version in page.words
    assert READER in page.words
    assert [entry.action for entry in rows_of(house, AuditEntry)][-1] == "subscriber.read"


def test_an_unknown_address_says_so_and_why_it_is_not_mailed(officer, house, moment):
    moment.is_at(MONDAY)
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "bounced@example.org", "all", "hard bounce", moment.now())
    page = found(officer, "unknown@example.org")
    assert "No subscriber has this address." in page.words
    page = found(officer, "bounced@example.org")
    assert "23 November 2026" in page.words
    assert "hard bounce" in page.words
    page = found(officer, "nonsense")
    assert page.status_code == 422
    assert page.soup.find(id="address-error")
    assert page.soup.find("input", {"name": "address"})["value"] == "nonsense"


def test_an_officer_stops_for_a_subscriber_with_a_reason(officer, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    page = found(officer, READER)
    moment.moves(hours=1)
    assert officer.submit(page, "/stop").status_code == 422
    page = officer.submit(page, "/stop", reason="asked by telephone")
    assert "Asked by telephone" in page.words
    assert "Officer, on duty" in page.words
    [subscriber] = rows_of(house, Subscriber)
    assert (subscriber.id, subscriber.ended_reason) == (reader, "asked by telephone")
    assert {mail.state for mail in rows_of(house, OutboxEmail)} == {"cancelled"}
    [entry] = [entry for entry in rows_of(house, AuditEntry) if entry.action == "subscription.stopped"]
    assert entry.actor_id is not None
    assert not page.soup.find("form", action=f"/desk/subscribers/{reader}/stop")
    assert officer.post(f"/desk/subscribers/{reader + 1}/stop").status_code in (400, 404)


def test_the_history_tells_what_was_agreed_changed_stopped_and_mailed(officer, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    mailbox.deliver()
    moment.moves(days=1)
    changed(house, reader, wish("science", cadence="weekly"))
    moment.moves(days=1)
    stopped(house, reader)
    words = officer.get(f"/desk/subscribers/{reader}").words
    for said in (
        "Subscription confirmed",
        "Subscription changed",
        "Subscription stopped",
        "Confirm your subscription Handed over",
    ):
        assert said in words
    assert "Scientific cooperation, One e-mail a week, on Friday" in words
    with house.db.transaction() as session:
        erasure.erase(session, house, moment.now(), reader)
    page = officer.get(f"/desk/subscribers/{reader}")
    assert page.h1 == f"Subscriber {reader}"
    assert READER not in page.text
    assert officer.get("/desk/subscribers/4711").status_code == 404


def test_who_may_look_and_who_may_act(app, staff, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    stranger = open_client(app)
    for path in ("/desk/subscribers", f"/desk/subscribers/{reader}", "/desk/subscribers/lists"):
        assert stranger.get(path).status_code == 303
    for role, may in (("reader", 403), ("editor", 403), ("data_protection", 200), ("contacts", 200), ("admin", 200)):
        client = staff(role, email=f"{role}@example.org")
        assert client.get("/desk/subscribers").status_code == may, role
        assert client.get(f"/desk/subscribers/{reader}").status_code == may, role
        assert client.get("/desk/subscribers/lists").status_code == (200 if role in ("contacts", "admin") else 403), (
            role
        )


def test_a_list_is_looked_at_then_taken_in_by_itself_with_a_report_of_every_line(staff, house, moment):
    moment.is_at(MONDAY)
    client = staff("contacts")
    page = sent(client, LIST)
    assert "What would become of every line" in page.words
    assert "taken in 2" in page.words
    assert "not an e-mail address 1" in page.words
    assert "a@example.org" in page.words
    assert rows_of(house, Subscriber) == []
    page = client.submit(page, "/take-in")
    assert "being taken in" in page.words
    jobs.take_in_lists(house)
    page = client.get(page.request.path)
    assert "The list was taken in" in page.words
    assert [row.address for row in rows_of(house, Subscriber)] == ["a@example.org", "b@example.org"]
    report = list(csv.reader(io.StringIO(client.get(page.request.path + "/report.csv").text.lstrip("\ufeff"))))
    assert [row[::2] for row in report[1:]] == [["2", "new"], ["3", "new"], ["4", "address"]]
    assert "a@example.org" not in "".join(row.content or "" for row in rows_of(house, ListImport))
    [entry] = [entry for entry in rows_of(house, AuditEntry) if entry.action == "subscribers.list_taken_in"]
    assert entry.detail == {"new": 2, "address": 1}
    assert client.get("/desk/subscribers").soup.find("a", href=page.request.path)


def test_a_list_may_be_discarded_and_is_then_gone(staff, house, moment):
    moment.is_at(MONDAY)
    client = staff("contacts")
    page = client.submit(sent(client, LIST), "/discard")
    assert "discarded" in page.words
    assert "a@example.org" not in everything(house)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", ""),
        (b"\xff\xfea\x00", "list.csv"),
        ("адреса\n".encode("cp1251"), "list.csv"),
        (b"x" * (uploads.MOST_BYTES + 1), "list.csv"),
    ],
)
def test_a_file_that_is_no_list_comes_back_with_the_proof_as_typed(staff, house, content, name):
    client = staff("contacts")
    page = sent(client, content, name)
    assert page.status_code == 422
    assert page.soup.find(id="file-error")
    assert page.soup.find("textarea").get_text(strip=True) == "Yes, send me your news."
    assert rows_of(house, ListImport) == []


def test_f15_a_body_larger_than_any_list_is_refused_and_other_forms_stay_small(staff, house):
    client = staff("contacts")
    page = client.get("/desk/subscribers/lists")
    token = page.soup.find("input", {"name": "csrf_token"})["value"]
    assert sent(client, b"x" * 4_000_000).status_code == 413
    assert (
        client.post("/desk/subscribers/find", data={"csrf_token": token, "address": "x" * 300_000}).status_code == 413
    )


def test_a_list_without_the_needed_columns_says_which(staff, house, moment):
    page = sent(staff("contacts"), "name\nx\n")
    assert "address, consent_date is missing" in page.words
    page = sent(staff("contacts", email="other@example.org"), LIST, proof="")
    assert page.status_code == 422
    assert page.soup.find(id="proof-error")


def test_f17_no_cell_of_a_report_is_a_formula(staff, house):
    client = staff("contacts")
    page = sent(
        client, 'address,consent_date\n"=HYPERLINK(1)",2025-05-03\n"\'+1@example.org",2025-05-03\n＝1,2025-05-03\n'
    )
    report = list(csv.reader(io.StringIO(client.get(page.request.path + "/report.csv").text.lstrip("\ufeff"))))
    assert [row[1][0] for row in report[1:]] == ["'", "'", "'"]
