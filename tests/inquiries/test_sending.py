"""Twenty seconds in which an answer can be stopped; then the mail server's own words are the proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.contacts.models import Interaction
from outreach.inquiries.models import InquiryMessage
from outreach.mail.models import FAILED, UNCERTAIN, OutboxEmail
from tests.inquiries.conftest import REPORTER, case, key_of, reference_of, stored
from tests.inquiries.desk import clearances, stop
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1, A1 = "How much has been destroyed?", "2,000 tonnes."


def answered(officer: PageClient, reference: str, **typed: Any) -> Page:
    return officer.submit(case(officer, reference), button="do=answer", **{"answers-0": A1, **typed})


def messages(house: Any) -> list[InquiryMessage]:
    with house.db.read() as session:
        return list(session.scalars(select(InquiryMessage).order_by(InquiryMessage.id)))


def test_d3_a_stopped_answer_never_leaves_and_everything_is_as_it_was(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    page = ask(questions=Q1)
    reference = reference_of(page)
    officer.submit(case(officer, reference), button="do=contact")
    sent = answered(officer, reference, body="Good day,", copies_to="desk@example.org", terms="background")
    goes = moment.now()
    assert "Goes at" in sent.words
    assert "Good day," not in client.get(f"/en/i/{key_of(page)}").words
    moment.moves(seconds=10)
    back = stop(officer, sent)
    assert "Stopped. Nothing was sent, and the words are in the draft again." in back.words
    assert "it did not leave" in back.words
    assert back.soup.find(id="body").get_text().strip() == "Good day,"  # type: ignore[union-attr]
    assert back.soup.find(id="answers-0").get_text().strip() == A1  # type: ignore[union-attr]
    assert back.soup.find(id="copies_to")["value"] == "desk@example.org"  # type: ignore[index]
    assert back.soup.select_one("#terms [selected]")["value"] == "background"  # type: ignore[index]
    moment.moves(minutes=5)
    assert all("Our answer" not in mail.subject for mail in mailbox.to(REPORTER))
    assert A1 not in client.get(f"/en/i/{key_of(page)}").words
    inquiry = stored(house, reference)
    assert (inquiry.state, inquiry.answered_at, inquiry.acknowledged_at) == ("accepted", None, None)
    assert inquiry.questions[0].answered_at is None
    assert all(row.withdrawn_at for row in clearances(house))
    with house.db.read() as session:
        assert session.scalars(select(Interaction).where(Interaction.kind == "answer")).all() == []
    assert goes < moment.now()


def test_stopping_twice_is_once_and_after_it_the_same_form_does_not_pass_for_sent(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1))
    work = case(officer, reference)
    sent = officer.submit(work, button="do=answer", **{"answers-0": A1})
    stop(officer, sent)
    assert "Somebody changed this inquiry" in stop(officer, sent).words  # an old page, which is shown
    old = officer.submit(work, button="do=answer", **{"answers-0": A1})
    assert old.status_code == 409
    assert officer.submit(old, button="do=answer").status_code == 200
    moment.moves(seconds=21)
    assert len([mail for mail in mailbox.to(REPORTER) if "Our answer" in mail.subject]) == 1


def test_what_left_cannot_be_stopped(ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment) -> None:
    reference = reference_of(ask(questions=Q1))
    sent = answered(officer, reference)
    moment.moves(seconds=20)
    assert "It has left already." in stop(officer, sent).words
    assert stored(house, reference).state == "answered"
    assert len([mail for mail in mailbox.to(REPORTER) if "Our answer" in mail.subject]) == 1


def test_what_was_typed_meanwhile_stands_below_what_came_back(ask: Ask, officer: PageClient) -> None:
    reference = reference_of(ask(questions=Q1))
    sent = answered(officer, reference, body="Good day,")
    back = stop(officer, sent, body="And one more thing.")
    assert back.soup.find(id="body").get_text().strip() == "Good day,\n\nAnd one more thing."  # type: ignore[union-attr]


def test_a_second_answer_that_is_stopped_leaves_the_first_one_standing(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1))
    answered(officer, reference)
    first = stored(house, reference).answered_at
    moment.moves(minutes=5)
    stop(officer, answered(officer, reference, **{"answers-0": "2,100 tonnes."}))
    inquiry = stored(house, reference)
    assert (inquiry.state, inquiry.answered_at) == ("answered", first)
    assert inquiry.questions[0].answered_at == first
    assert inquiry.acknowledged_at == first


def test_a_stopped_reply_leaves_the_state_alone(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    reference = reference_of(ask(questions=Q1))
    answered(officer, reference)
    moment.moves(minutes=1)
    stop(officer, officer.submit(case(officer, reference), button="do=reply", body="By the way,"))
    assert stored(house, reference).state == "answered"
    assert stored(house, reference).draft["body"] == "By the way,"


def test_the_answer_of_the_mail_server_is_shown_as_proof(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1, phone="+381 11 000 0000"))
    answered(officer, reference)
    moment.moves(seconds=21)
    assert "On its way to the mail server." in case(officer, reference).words
    mailbox.deliver()
    assert "Accepted by the mail server at 09:4" in case(officer, reference).words
    assert "250 written to a file" in case(officer, reference).words
    for state, words in ((FAILED, "Did not get through:"), (UNCERTAIN, "It may have arrived; nobody knows.")):
        with house.db.transaction() as session:
            row = session.get_one(OutboxEmail, messages(house)[0].outbox_id)
            row.settle(state, "550 no such user")
        page = case(officer, reference)
        assert words in page.words
        assert "Call +381 11 000 0000" in page.words


def test_s22_copies_are_checked_and_kept_with_the_message(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    bad = answered(officer, reference, copies_to="a@example.org, nobody")
    assert bad.status_code == 422
    assert "nobody is not an e-mail address" in bad.words
    many = answered(officer, reference, copies_to=" ".join(f"a{n}@example.org" for n in range(6)))
    assert "At most five addresses get a copy" in many.words
    page = answered(officer, reference, copies_to="a@example.org; b@example.org, a@example.org")
    assert "Copies to: a@example.org, b@example.org" in page.words
    assert messages(house)[0].copies_to == ["a@example.org", "b@example.org"]


def test_only_files_of_this_inquiry_can_be_attached(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    from outreach.inquiries.files import waiting
    from outreach.inquiries.files.models import StoredFile

    reference, other = reference_of(ask(questions=Q1)), reference_of(ask(questions=Q1))
    with house.db.transaction() as session:
        for key, owner in (("a", reference), ("b", other)):
            session.add(
                StoredFile(
                    key=key, inquiry_id=stored(house, owner).id, name=f"{key}.pdf", kind="pdf", size=1, sha256="0",
                    origin="form", at=moment.now(),
                )
            )  # fmt: skip
        session.flush()
        waiting.place(house, "a").parent.mkdir(parents=True, exist_ok=True)
        waiting.place(house, "a").write_bytes(b"%")
        own, foreign = session.scalars(select(StoredFile.id).order_by(StoredFile.key)).all()
    work = case(officer, reference)
    box = work.soup.select_one("[name=files]")
    assert box is not None
    assert box["value"] == str(own)
    forged = work.soup.new_tag("input", attrs={"type": "checkbox", "name": "files", "value": str(foreign)})
    box.insert_after(forged)
    sent = officer.submit(work, button="do=answer", files=[str(own), str(foreign)], **{"answers-0": A1})
    assert messages(house)[0].file_ids == [own]
    assert "Attached : a.pdf" in sent.words.replace("Attached:", "Attached :")


def test_an_answer_on_terms_of_its_own_says_so_in_the_mail_and_on_the_page(
    ask: Ask, client: PageClient, officer: PageClient, mailbox: Any, moment: Moment
) -> None:
    page = ask(questions=f"{Q1}\nWho pays?")
    answered(officer, reference_of(page), **{"answers-1": "Trust Funds.", "own_terms-1": "off_record"})
    moment.moves(seconds=21)
    text = mailbox.to(REPORTER)[-1].text
    assert text.index(A1) < text.index("OFF THE RECORD:") < text.index("Trust Funds.")
    assert "Off the record : not for publication. Trust Funds." in client.get(f"/en/i/{key_of(page)}").words


def test_a_line_on_other_terms_is_asked_about_once(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    from outreach.inquiries.lines.models import Line
    from outreach.inquiries.models import Question

    reference = reference_of(ask(questions=Q1))
    with house.db.transaction() as session:
        line = Line(
            kind="line", question="How much?", text_en=A1, terms="background", checked_at=moment.now(),
            created_at=moment.now(), folded="how much",
        )  # fmt: skip
        session.add(line)
        session.flush()
        session.scalars(select(Question)).one().line_id = line.id
    once = answered(officer, reference)
    assert once.status_code == 422
    assert "agreed on other terms" in once.words
    assert officer.submit(once, button="do=answer", mixed=True).status_code == 200


@pytest.mark.parametrize("button", ["do=clearance:x", "do=recall:1e9", "do=recall:99999999999"])
def test_nonsense_after_a_button_is_refused(ask: Ask, officer: PageClient, button: str) -> None:
    reference = reference_of(ask())
    work = case(officer, reference)
    token = work.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    answer = officer.post(f"/desk/inquiries/{reference}", data={"csrf_token": token, "do": button[3:]})
    assert answer.status_code == 400
