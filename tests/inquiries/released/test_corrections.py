"""A correction reaches every journalist who holds the old words, once, and leaves its mark everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from outreach.inquiries.models import InquiryMessage
from tests.inquiries.conftest import case, key_of, reference_of, stored
from tests.inquiries.lines.test_inserting import keep_line
from tests.inquiries.released.test_memory import answer, rows
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q = "Koliko je municije uništeno?"
OLD, NEW = "Уништено је две хиљаде тона.", "Уништено је три хиљаде тона."


def two_holders(ask: Ask, officer: PageClient, moment: Moment) -> list[Page]:
    first = ask("cir", questions=Q, outlet="First", email="one@example.org")
    second = ask("lat", questions=Q, outlet="Second", email="two@example.org")
    answer(officer, reference_of(first), OLD)
    answer(officer, reference_of(second), "Uništeno je dve hiljade tona.")
    moment.moves(minutes=1)
    return [first, second]


def look(officer: PageClient, code: str, **typed: Any) -> Page:
    form = officer.get(f"/desk/answers/{code}/correct")
    assert form.status_code == 200
    text, notice = (str(tag["name"]) for tag in form.soup.select("main textarea")[:2])
    named = {text: typed.pop("text", NEW), notice: typed.pop("notice", "Погрешна бројка."), **typed}
    return officer.submit(form, "/correct", button="do=look", **named)


def send(officer: PageClient, page: Page) -> Page:
    return officer.submit(page, "/correct", button="do=send")


def test_every_holder_gets_the_right_words_in_their_script(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    pages = two_holders(ask, officer, moment)
    shown = look(officer, rows(house)[0].code)
    assert [tag.get_text(strip=True) for tag in shown.soup.select("main del, main ins")] == [OLD, NEW]
    assert all(name in shown.words for name in ("First", "Second"))
    assert len(shown.soup.select("input[name=to][checked]")) == 2
    assert len(mailbox.to("one@example.org")) == 2, "nothing is sent by looking"
    assert "Correction sent to 2 journalists." in send(officer, shown).text
    one, two = mailbox.to("one@example.org")[-1], mailbox.to("two@example.org")[-1]
    assert "Исправка" in one.subject
    for words in ("Погрешна бројка.", OLD, NEW):
        assert words in one.text
    for words in ("Pogrešna brojka.", "Uništeno je dve hiljade tona.", "Uništeno je tri hiljade tona."):
        assert words in two.text
    assert "two@" not in one.text
    assert one.message["In-Reply-To"] == mailbox.to("one@example.org")[0].message["Message-ID"]
    old_one, old_two, new_one, new_two = rows(house)
    assert (old_one.superseded_by_id, old_two.superseded_by_id) == (new_one.id, new_two.id)
    assert "Corrected" not in client.get(f"/cir/i/{key_of(pages[0])}").words
    status = client.get(f"/cir/i/{key_of(pages[0])}")
    assert "Исправљено" in status.words
    assert NEW in status.words
    assert stored(house, reference_of(pages[0])).questions[0].answer == NEW
    assert "superseded on" in client.get(f"/en/check/{old_two.code}").words


def test_the_same_press_twice_is_one_correction(ask: Ask, officer: PageClient, house: Any, moment: Moment) -> None:
    two_holders(ask, officer, moment)
    shown = look(officer, rows(house)[0].code)
    token = {tag["name"]: tag["value"] for tag in shown.soup.select("main input[type=hidden]")}
    fields = {str(tag["name"]): tag.get_text().lstrip("\n") for tag in shown.soup.select("main textarea")}
    boxes = [str(tag["value"]) for tag in shown.soup.select("input[name=to]")]
    sent = MultiDict([*token.items(), *fields.items(), *(("to", code) for code in boxes), ("do", "send")])
    address = shown.request.path
    for _ in range(3):
        assert officer.post(address, data=sent).status_code == 303
    with house.db.read() as session:
        corrections = (
            select(func.count()).select_from(InquiryMessage).where(InquiryMessage.nonce.startswith("correct-"))
        )
        assert session.scalar(corrections) == 2
    assert len(rows(house)) == 4


def test_who_is_not_ticked_is_not_told_but_the_old_words_are_marked(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    two_holders(ask, officer, moment)
    first, second = rows(house)
    send(officer, look(officer, first.code, to=[first.code]))
    assert len(mailbox.to("two@example.org")) == 2
    assert rows(house)[1].superseded_by_id == rows(house)[2].id


def test_words_that_do_not_differ_or_nobody_ticked_are_refused(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    two_holders(ask, officer, moment)
    code = rows(house)[0].code
    assert "The new words are the same" in send(officer, look(officer, code, text=OLD)).words
    assert "Tick at least one journalist." in send(officer, look(officer, code, to=[])).words
    assert look(officer, code, notice="").status_code == 422
    assert len(rows(house)) == 2


def test_who_was_told_from_the_same_line_is_offered_with_their_own_words(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    line = keep_line(house, moment.now())
    for outlet, reply in (("First", "en"), ("Second", "lat")):
        reference = reference_of(
            ask("lat", questions=Q, outlet=outlet, reply=[reply], email=f"{outlet.lower()}@example.org")
        )
        officer.submit(case(officer, reference), button=f"do=line:{line}:1")
        officer.submit(case(officer, reference), button="do=answer")
    moment.moves(minutes=1)
    english, serbian = rows(house)
    assert english.line_id == serbian.line_id == line
    form = officer.get(f"/desk/answers/{english.code}/correct")
    assert "Other words from the same line or story" in form.words
    names = [str(tag["name"]) for tag in form.soup.select("main textarea")]
    typed = dict(
        zip(names, ("3,000 tonnes.", "A wrong figure.", "Уништено је 3.000 тона.", "Погрешна бројка."), strict=True)
    )
    send(officer, officer.submit(form, "/correct", button="do=look", **typed))
    assert "3,000 tonnes." in mailbox.to("first@example.org")[-1].text
    assert "Uništeno je 3.000 tona." in mailbox.to("second@example.org")[-1].text


def test_a_corrected_answer_cannot_be_corrected_again(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    two_holders(ask, officer, moment)
    code = rows(house)[0].code
    stale = look(officer, code)
    send(officer, look(officer, code))
    again = send(officer, stale)
    assert again.status_code == 409
    assert "This answer was corrected already." in again.words
    assert len(rows(house)) == 4
    assert "Correct this" not in officer.get(f"/desk/answers/{code}").words


def test_a_closed_inquiry_hears_of_it_as_well(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    page = ask("cir", questions=Q)
    answer(officer, reference_of(page), OLD)
    moment.moves(minutes=1)
    client.submit(client.get(f"/cir/i/{key_of(page)}/close"))
    send(officer, look(officer, rows(house)[0].code))
    assert NEW in mailbox.to("reporter@example.org")[-1].text
    assert stored(house, reference_of(page)).state == "closed"
