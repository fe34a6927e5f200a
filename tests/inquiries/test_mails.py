"""The mails of an inquiry: what stands in them, and above all what does not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import icalendar
import pytest
from sqlalchemy import func, select

from outreach.inquiries.models import Inquiry
from outreach.mail import suppressions
from outreach.mail.cupboard import Cupboard
from outreach.mail.models import FAILED, OutboxEmail
from tests.inquiries.conftest import REPORTER, TUESDAY, TYPED, key_of, reference_of
from tests.support.client import Page, PageClient, open_client
from tests.support.moment import Moment

Ask = Callable[..., Page]

REQUESTER = {
    "subject": "Subjectword of mine", "questions": "Questionword one?\nQuestionword two?", "name": "Nameword Reporter",
    "outlet": "Outletword daily", "story": "Storyword", "handle": "Handleword", "phone": "+381 11 555 4433",
}  # fmt: skip
TYPED_WORDS = ("Subjectword", "Questionword", "Nameword", "Outletword", "Storyword", "Handleword", "555 4433")


@pytest.mark.parametrize(
    ("variant", "subject", "deadline"),
    [
        ("en", "We have your inquiry", "Tue 25 Nov 2025, 16:00 Belgrade (CET, UTC+1)"),
        ("lat", "Vaš upit je kod nas", "uto, 25. 11. 2025, 16:00 po beogradskom vremenu (UTC+1)"),
        ("cir", "Ваш упит је код нас", "уто, 25. 11. 2025, 16:00 по београдском времену (UTC+1)"),
    ],
)
def test_m18_the_receipt_has_reference_deadline_and_link_and_no_word_of_the_requester(
    ask: Ask, mailbox: Any, variant: str, subject: str, deadline: str
) -> None:
    page = ask(variant, **REQUESTER)
    (mail,) = mailbox.to(REPORTER)
    assert mail.subject == f"[{reference_of(page)}] {subject}"
    for body in (mail.text, mail.html):
        flat = " ".join(body.replace("\u00a0", " ").split())
        assert deadline in flat
        assert f"/{variant}/i/{key_of(page)}" in body
    raw = "\n".join([mail.text, mail.html, *(str(value) for value in mail.message.values())])
    assert not [word for word in TYPED_WORDS if word in raw]


@pytest.mark.parametrize(
    ("variant", "told"),
    [("en", "The deadline is attached"), ("lat", "Rok je u prilogu"), ("cir", "Рок је у прилогу")],
)
def test_m18_the_receipt_carries_the_deadline_for_a_calendar_and_nothing_that_was_typed(
    ask: Ask, client: PageClient, mailbox: Any, variant: str, told: str
) -> None:
    page = ask(variant, **REQUESTER)
    (mail,) = mailbox.to(REPORTER)
    assert told in mail.text
    (file,) = mail.message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (f"{reference_of(page)}.ics", "text/calendar")
    content = file.get_payload(decode=True)
    assert content == client.get(f"/{variant}/i/{key_of(page)}/deadline.ics").data
    said = content.decode()
    assert not [word for word in (*TYPED_WORDS, REPORTER, key_of(page)) if word in said]
    (entry,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (entry.decoded("dtstart"), reference_of(page) in entry["summary"]) == (
        TUESDAY.replace(hour=15, minute=0),
        True,
    )


def test_no_deadline_is_no_attachment(ask: Ask, mailbox: Any) -> None:
    ask(when=["none"], time="")
    (mail,) = mailbox.to(REPORTER)
    assert list(mail.message.iter_attachments()) == []
    assert "attached" not in mail.text


def test_d04_a_receipt_that_is_repeated_days_later_has_the_same_bytes(ask: Ask, house: Any, moment: Moment) -> None:
    made = []
    for more in ({"questions": "One question?"}, {"questions": "Another question?"}):
        ask(**more)
    for days in (0, 3):
        moment.moves(days=days)
        with house.db.read() as session:
            receipts = select(OutboxEmail).where(OutboxEmail.kind == "inquiry_receipt").order_by(OutboxEmail.id)
            sent = session.scalars(receipts).all()
            mould = Cupboard().moulds(session, {row.form for row in sent})
            made.append([mould[row.form].cast(row).raw for row in sent])
    assert made[0] == made[1]
    assert len({row.form for row in sent}) == 1, "what they share is kept once; only references and instants differ"
    assert len(set(made[0])) == 2


def test_m22_the_alert_has_the_reference_and_a_link_and_nothing_else(ask: Ask, mailbox: Any) -> None:
    page = ask(**REQUESTER)
    (mail,) = mailbox.to("duty@example.org")
    assert f"/desk/inquiries/{reference_of(page)}" in mail.text
    raw = "\n".join([mail.text, mail.html, *(str(value) for value in mail.message.values())])
    assert not [word for word in (*TYPED_WORDS, REPORTER, key_of(page)) if word in raw]


def test_a_receipt_that_failed_is_owned_on_the_page_and_told_to_the_desk(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    page = ask()
    with house.db.transaction() as session:
        mail = session.scalars(select(OutboxEmail).where(OutboxEmail.kind == "inquiry_receipt")).one()
        mail.settle(FAILED, "550 no such user")
    again = client.get(page.request.full_path)
    assert "The e-mail with the reference did not go out." in again.words
    work = officer.get(f"/desk/inquiries/{reference_of(page)}")
    assert "This mail did not get through" in work.words
    assert "550 no such user" in work.words


def test_an_answer_goes_even_to_a_refused_address_and_the_officer_is_warned(
    ask: Ask, officer: PageClient, house: Any, moment: Moment, mailbox: Any
) -> None:
    with house.db.transaction() as session:
        suppressions.suppress(session, house, REPORTER, suppressions.ALL, "hard bounce", moment.now())
    page = ask(questions="How much has been destroyed?")
    assert "Keep this page or note the reference." in page.words
    work = officer.get(f"/desk/inquiries/{reference_of(page)}")
    assert "Mail to this address was refused before." in work.words
    officer.submit(work, button="do=answer", **{"answers-0": "2,000 tonnes."})
    moment.moves(seconds=21)
    assert [mail.subject for mail in mailbox.to(REPORTER)] == [f"[{reference_of(page)}] Our answer to your inquiry"]


def test_the_answer_comes_in_the_language_that_was_asked_for(
    ask: Ask, officer: PageClient, mailbox: Any, moment: Moment
) -> None:
    page = ask("en", reply=["cir"], questions="How much has been destroyed?")
    officer.submit(
        officer.get(f"/desk/inquiries/{reference_of(page)}"), button="do=answer", **{"answers-0": "Две хиљаде тона."}
    )
    moment.moves(seconds=21)
    answer = mailbox.to(REPORTER)[-1]
    assert answer.message["Content-Language"] == "sr-Cyrl"
    assert "Две хиљаде тона." in answer.text


def test_f25_two_browsers_sending_the_same_form_at_once_make_one_inquiry(
    app: Any, house: Any, moment: Moment, mailbox: Any
) -> None:
    moment.is_at(TUESDAY)
    form = open_client(app).get("/en/media/inquiry")
    moment.moves(seconds=20)
    fields = {
        **TYPED,
        "zone": "Europe/Belgrade",
        "reply": "en",
        "terms": "on_record",
        "form_token": form.soup.find("input", attrs={"name": "form_token"})["value"],
    }  # type: ignore[index]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: open_client(app).post("/en/media/inquiry", data=fields), range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Inquiry)) == 1
    assert len(mailbox.to(REPORTER)) == 1


def test_the_form_takes_its_subject_from_the_document_it_was_opened_from(
    client: PageClient, house: Any, moment: Moment
) -> None:
    from outreach.newsroom import intake as content
    from outreach.newsroom.models import Document

    with house.db.transaction() as session:
        content.read_content(session, house, moment.now())
    with house.db.read() as session:
        document = session.scalars(select(Document).where(Document.kind == "update")).first()
    assert document is not None
    filled = client.get(f"/en/media/inquiry?about={document.id}").soup.find(id="subject")["value"]  # type: ignore[index]
    assert len(filled) > 3
    for unknown in ("", "nothing", "<script>"):
        assert (
            client.get("/en/media/inquiry", query_string={"about": unknown}).soup.find(id="subject").get("value", "")
            == ""
        )  # type: ignore[union-attr]
