"""Every answer that left is kept with its code, and found again by words in either script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from outreach.inquiries import references
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.inquiries.released import codes, keeping
from outreach.inquiries.released.models import ReleasedAnswer
from tests.inquiries.conftest import REPORTER, case, key_of, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment
from tests.support.people import sign_in

Ask = Callable[..., Page]
Q = "Koliko je municije uništeno?"
SAID = "Уништено је две хиљаде тона муниције."


def rows(house: Any) -> list[ReleasedAnswer]:
    with house.db.read() as session:
        return list(session.scalars(select(ReleasedAnswer).order_by(ReleasedAnswer.id)))


def answer(officer: PageClient, reference: str, *texts: str, **changes: Any) -> Page:
    typed = {f"answers-{place}": text for place, text in enumerate(texts)}
    return officer.submit(case(officer, reference), button="do=answer", **{**typed, **changes})  # type: ignore[arg-type]


def test_each_answer_is_kept_with_a_code_that_stands_in_the_mail_and_on_the_page(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    page = ask("lat", questions=f"{Q}\nKo plaća?")
    answer(officer, reference_of(page), SAID, "Fondovi.")
    moment.moves(minutes=1)
    first, second = rows(house)
    assert (first.question, first.text, first.terms, first.variant) == (Q, SAID, "on_record", "lat")
    assert second.text == "Fondovi."
    for row in (first, second):
        assert references.check_digit(row.code.replace("-", "")) == "0"
        assert f"http://localhost/check/{row.code}" in mailbox.to(REPORTER)[-1].text
        assert row.code in client.get(f"/lat/i/{key_of(page)}").words


def test_background_answers_carry_no_code_to_the_journalist(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    page = ask(questions=Q)
    answer(officer, reference_of(page), "Half of it.", terms="background")
    moment.moves(minutes=1)
    code = rows(house)[0].code
    assert "/check/" not in mailbox.to(REPORTER)[-1].text
    assert code not in client.get(f"/en/i/{key_of(page)}").text


def test_an_answer_in_the_body_alone_is_kept_as_well(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q))
    answer(officer, reference, body="It is all on our page.", partly=True)
    moment.moves(minutes=1)
    (row,) = rows(house)
    assert row.text == "It is all on our page."
    assert f"/check/{row.code}" in mailbox.to(REPORTER)[-1].text


def test_other_words_to_the_same_question_supersede_and_the_same_words_are_kept_once(
    ask: Ask, officer: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=f"{Q}\nKo plaća?"))
    answer(officer, reference, "Half of it.", "We do.")
    answer(officer, reference, "Two thirds of it.", "We do.")
    half, we, thirds = rows(house)
    assert half.superseded_by_id == thirds.id
    assert we.superseded_by_id is None


def test_what_we_said_is_found_in_either_script_and_without_marks(
    ask: Ask, officer: PageClient, moment: Moment
) -> None:
    answer(officer, reference_of(ask("cir", questions=Q, outlet="First")), SAID)
    moment.moves(minutes=1)
    for typed in ("уништено хиљаде", "Uništeno hiljade", "unisteno HILJADE", "kol municije"):
        assert SAID in officer.get("/desk/answers", query_string={"q": typed}).words, typed
    assert SAID in officer.get("/desk/search", query_string={"q": "unisteno"}).words
    assert SAID not in officer.get("/desk/answers", query_string={"q": "unisteno budzet"}).words
    assert officer.get("/desk/answers", query_string={"q": "%_' OR 1=1"}).status_code == 200


def test_12_13_a_question_like_an_earlier_one_shows_what_we_said_and_uses_it(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    answer(officer, reference_of(ask("cir", questions=Q, outlet="First")), SAID)
    moment.moves(days=1)
    sign_in(officer)
    reference = reference_of(ask("lat", questions="Колика је количина уништене муниције?", outlet="Second"))
    work = case(officer, reference)
    assert "We said this on 25 November 2025 to First" in work.words
    (row,) = rows(house)
    officer.submit(work, button=f"do=said:{row.id}:1")
    assert stored(house, reference).questions[0].answer == "Uništeno je dve hiljade tona municije."


def test_a_superseded_answer_is_marked_and_cannot_be_used(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    first = reference_of(ask("en", questions=Q, outlet="First"))
    answer(officer, first, "Half of it.")
    answer(officer, first, "Two thirds of it.")
    moment.moves(minutes=1)
    old = rows(house)[0]
    reference = reference_of(ask("en", questions=Q, outlet="Second"))
    work = case(officer, reference)
    assert "Half of it." not in work.words
    assert "Superseded" in officer.get(f"/desk/answers/{old.code}").words
    token = work.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    refused = officer.post(
        f"/desk/inquiries/{reference}",
        data={"do": f"said:{old.id}:1", "csrf_token": token, "version": "1", "terms": "on_record"},
    )
    assert refused.status_code == 422
    assert "corrected since" in refused.words  # type: ignore[attr-defined]


def test_a_code_is_read_as_people_type_it() -> None:
    code = codes.make(104382)
    assert code.startswith("104382-")
    for typed in (code, code.replace("-", ""), f" {code[:3]} {code[3:]} ", code.replace("0", "O").replace("1", "l")):
        assert codes.read(typed) == code
    for wrong in ("", "104382", "abc", code[:-1] + str((int(code[-1]) + 1) % 10), "9" * 40, "\ud800"):
        assert codes.read(wrong) is None


def test_f13_hostile_text_stays_text(ask: Ask, officer: PageClient, moment: Moment) -> None:
    officer.checks_pages = False
    answer(officer, reference_of(ask(questions=Q)), "<script>alert(1)</script> \u202eevil {{7*7}}")
    moment.moves(minutes=1)
    page = officer.get("/desk/answers").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "[U+202E]" in page
    assert "{{7*7}}" in page


def test_what_is_taken_back_was_never_said(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q))
    answer(officer, reference, "Half of it.")
    answer(officer, reference, "Two thirds of it.")
    with house.db.transaction() as session:
        message = session.scalars(select(InquiryMessage).order_by(InquiryMessage.id.desc())).first()
        keeping.forget(session, message)
    (half,) = rows(house)
    assert (half.text, half.superseded_by_id, half.superseded_at) == ("Half of it.", None, None)


def test_an_answer_on_terms_of_its_own_is_kept_on_those(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=f"{Q}\nKo plaća?"))
    answer(officer, reference, "Half of it.", "We do.")
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        message = InquiryMessage(
            direction="out", at=inquiry.received_at, body="", terms="on_record",
            answers=[["Who pays?", "A donor.", "background"]],
        )  # fmt: skip
        inquiry.messages.append(message)
        session.flush()
        (row,) = keeping.release(session, inquiry.received_at, inquiry, message, [], None)
        assert row.terms == "background"
        assert codes.in_a_mail(session, inquiry, message) == [""]
