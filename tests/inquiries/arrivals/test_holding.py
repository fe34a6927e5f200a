"""Mail that nothing proves to be about an inquiry waits for a person, with a guess and why; one click sees to it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.inquiries.arrivals import jobs, matching, queries, sorting
from outreach.inquiries.files.models import StoredFile
from outreach.mail.inbound import jobs as inbound
from tests.inquiries.arrivals.post import FORGED, Post, mail, parts
from tests.inquiries.conftest import REPORTER
from tests.support.client import PageClient
from tests.support.moment import Moment

HELD = "/desk/inbound"


def test_the_desk_sees_a_guess_and_why(post: Post, asked: Any, officer: PageClient) -> None:
    first, second = asked(), asked(email="other@example.org", subject="Another matter")
    (ours,) = post.sent_ids(second)
    reasons = {
        matching.OWN_SUBJECT: mail("a", subject=f"About {first}", to="office@example.org"),
        matching.FOREIGN_SUBJECT: mail("b", subject=f"About {first.replace('-', '')}", sender="x@example.org"),
        matching.BY_THREAD: mail("c", In_Reply_To=f"<{ours}>", sender="x@example.org", subject=f"About {first}"),
        matching.SAME_SENDER: mail("d", sender="OTHER@example.org"),
        None: mail("e", sender="nobody@example.org", subject="Call 25-48271-4 or 060123456"),
    }
    for raw in reasons.values():
        post.arrives(raw)
    page = officer.get(HELD)
    for reason in reasons:
        assert reason is None or matching.REASONS[reason] in page.words
    guessed = [field["value"] for field in page.soup.select("input[name=reference]")]
    assert guessed == [first, first, second, second, ""]
    assert sorting.REASONS[sorting.NO_INQUIRY] in page.words


def test_one_click_puts_the_mail_into_the_guessed_inquiry(post: Post, reference: str, officer: PageClient) -> None:
    post.sets(reference, state="answered")
    post.arrives(mail("By hand\n\n> cited", sender="x@example.org", subject=reference))
    page, row = officer.get(HELD), post.rows()[-1]
    alerts = post.alerts(reference)
    for _ in range(2):
        done = officer.submit(page, action=f"{HELD}/{row.id}/attach")
    assert done.status_code == 200
    assert [(message.body, message.quoted, message.sender, message.channel) for message in post.messages(reference)] == [
        ("By hand", "> cited", "x@example.org", "mail")
    ]  # fmt: skip
    assert (post.inquiry(reference).state, post.alerts(reference)) == ("accepted", alerts + 1)
    assert (post.outcome(), post.rows()[-1].raw) == (("settled", "attached"), None)
    case = officer.get(f"/desk/inquiries/{reference}")
    assert "x@example.org" in case.words
    assert case.soup.select_one(".message details summary").get_text() == "What it cites"  # type: ignore[union-attr]
    with post.house.db.read() as session:
        entries = list(session.scalars(select(AuditEntry).where(AuditEntry.action == "inquiry.mail_attached")))
    assert [(entry.obj, entry.actor_id is not None) for entry in entries] == [(f"inquiry:{reference}", True)]


def test_a_typed_reference_counts_as_people_write_it_and_an_unknown_one_is_said(
    post: Post, reference: str, officer: PageClient
) -> None:
    post.arrives(mail("By hand", sender="x@example.org"))
    row = post.rows()[-1]
    for wrong in ("", "25-00000-0", "no reference", "x" * 500):
        page = officer.submit(officer.get(HELD), action=f"{HELD}/{row.id}/attach", reference=wrong)
        assert page.status_code == 422
        assert "There is no inquiry with this reference" in page.words
    officer.submit(page, action=f"{HELD}/{row.id}/attach", reference=f" {reference.replace('-', ' ')} ")
    assert [message.body for message in post.messages(reference)] == ["By hand"]


def test_a_mail_for_a_withdrawn_inquiry_stays_where_it_is(post: Post, reference: str, officer: PageClient) -> None:
    post.sets(reference, state="withdrawn")
    post.arrives(mail("After all", subject=reference))
    page = officer.submit(officer.get(HELD), action=f"{HELD}/{post.rows()[-1].id}/attach")
    assert page.status_code == 409
    assert (post.messages(reference), post.outcome()[0]) == ([], "unmatched")


def test_one_click_makes_a_new_inquiry_without_a_deadline(post: Post, officer: PageClient, moment: Moment) -> None:
    words = (
        "Good day,\n\nI write about the\nammunition. How much is left?\n\nWho pays for it?\n\nRegards\n\n> old words"
    )
    post.arrives(mail(words, to="office@example.org", subject="Ammunition", message_id="first@mx.example.net"))
    page = officer.get(HELD)
    for _ in range(2):
        case = officer.submit(page, action=f"{HELD}/{post.rows()[-1].id}/begin")
    assert (case.status_code, post.count()) == (200, 1)
    inquiry = post.inquiry(case.request.path.rpartition("/")[2])
    assert (inquiry.source, inquiry.state, inquiry.deadline_at, inquiry.email) == ("mail", "received", None, REPORTER)
    assert (inquiry.name, inquiry.subject, inquiry.variant, inquiry.mail_thread) == (
        "Reporter, daily",
        "Ammunition",
        "en",
        "first@mx.example.net",
    )
    assert [question.text for question in inquiry.questions] == [
        "I write about the ammunition. How much is left?",
        "Who pays for it?",
    ]
    assert [(message.direction, message.quoted) for message in post.messages(inquiry.reference)] == [
        ("in", "> old words")
    ]
    (receipt,) = post.mailbox.to(REPORTER)
    assert receipt.message["In-Reply-To"] == "<first@mx.example.net>"
    assert "ammunition" not in receipt.text.lower()
    assert not inquiry.has_new_words()
    post.arrives(mail("And when?", to=post.address_of(inquiry.reference)))
    assert [message.body for message in post.messages(inquiry.reference)][1:] == ["And when?"]


@pytest.mark.parametrize(
    ("words", "variant"),
    [
        ("Колико је уништено?", "cir"),
        ("Poštovani, koliko je uništeno?", "lat"),
        ("How much?", "en"),
        ("Molim odgovor", "lat"),
        ("", "en"),
    ],
)
def test_the_language_of_a_mail_is_that_of_the_answer(
    post: Post, officer: PageClient, words: str, variant: str
) -> None:
    post.arrives(mail(words, subject=""))
    case = officer.submit(officer.get(HELD), action=f"{HELD}/{post.rows()[-1].id}/begin")
    inquiry = post.inquiry(case.request.path.rpartition("/")[2])
    assert (inquiry.variant, inquiry.reply_in) == (variant, variant)
    assert inquiry.questions[0].text
    assert inquiry.subject


def test_a_sender_of_too_many_is_screened_and_gets_no_receipt(post: Post, officer: PageClient) -> None:
    for number in range(11):
        post.arrives(mail(f"Number {number}?"))
        case = officer.submit(officer.get(HELD), action=f"{HELD}/{post.rows()[-1].id}/begin")
    last = post.inquiry(case.request.path.rpartition("/")[2])
    assert (last.state, last.screened_reason) == ("screened", "rate")
    assert len(post.mailbox.to(REPORTER)) == 10


def test_a_mail_without_a_sender_is_no_inquiry(post: Post, officer: PageClient) -> None:
    post.arrives(mail("Who am I?", sender=""))
    page = officer.submit(officer.get(HELD), action=f"{HELD}/{post.rows()[-1].id}/begin")
    assert (page.status_code, post.count()) == (422, 0)
    assert "names no address to answer to" in page.words


def test_files_of_a_mail_that_waited_come_with_it(post: Post, reference: str, officer: PageClient) -> None:
    body, kind = parts(
        ("Content-Type: text/plain", "See"), ('Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"', "a"),
        ('Content-Type: text/html\nContent-Disposition: attachment; filename="a.html"', "<b>"),
    )  # fmt: skip
    post.arrives(mail(body, kind=kind, sender="x@example.org", subject=reference))
    page = officer.get(HELD)
    assert [one.get_text() for one in page.soup.select("dd bdi")][2:4] == ["a.txt", "a.html"]
    officer.submit(page, action=f"{HELD}/{post.rows()[-1].id}/attach")
    assert "a.html: The selected file must be" in post.messages(reference)[1].body
    with post.house.db.read() as session:
        assert list(session.scalars(select(StoredFile.name))) == ["a.txt"]


def test_what_somebody_saw_to_meanwhile_is_not_taken_again(post: Post, reference: str, officer: PageClient) -> None:
    post.arrives(mail("Twice?", sender="x@example.org", subject=reference))
    page, row = officer.get(HELD), post.rows()[-1]
    officer.submit(page, action=f"{HELD}/{row.id}/discard")
    for verb in ("attach", "begin"):
        assert "Somebody has seen to this mail already." in officer.submit(page, action=f"{HELD}/{row.id}/{verb}").words
    assert (post.count(), post.messages(reference)) == (1, [])


def test_only_officers_may_see_to_mail(staff: Any, post: Post) -> None:
    post.arrives(mail("Hello", to=FORGED))
    reader = staff("reader")
    assert reader.get(HELD).status_code == 403
    for verb in ("attach", "begin", "settle", "discard"):
        assert reader.post(f"{HELD}/{post.rows()[-1].id}/{verb}", data={}).status_code in (400, 403)


def test_a_mail_is_shown_while_it_is_new_and_by_its_words_in_three_variants(post: Post, officer: PageClient) -> None:
    inbound.receive(post.house, mail("Only HTML", kind="text/html", sender="x@example.org"))
    assert "Only HTML" in officer.get(HELD).words
    jobs.take_in(post.house)
    assert "Only HTML" in officer.get(HELD).words


def test_every_reason_has_words() -> None:
    assert set(sorting.REASONS) <= set(queries.REASONS)
    assert not any(reason.strip() == "" for reason in queries.REASONS.values())
