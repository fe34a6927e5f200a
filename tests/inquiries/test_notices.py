"""Field 18: with an inquiry comes the wish to be sent media notices; a separate mail asks to confirm it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.contacts.models import Wish
from outreach.inquiries import intake
from outreach.inquiries.models import Inquiry
from outreach.subscriptions import jobs
from outreach.subscriptions.models import Consent, Subscriber, Subscription
from tests.digests.givens import subscribed
from tests.inquiries.conftest import REPORTER, TUESDAY, TYPED, case, key_of, only, reference_of, submission
from tests.subscriptions.visits import link_in, rows_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def wishes(house: Any) -> list[str]:
    return [wish.address for wish in rows_of(house, Wish)]


@pytest.mark.parametrize(
    ("variant", "label", "told"),
    [
        ("en", "Also send me media notices (optional)", "a separate message asks you to confirm"),
        ("lat", "Šaljite mi i obaveštenja za medije (nije obavezno)", "posebna poruka vas moli da potvrdite"),
        ("cir", "Шаљите ми и обавештења за медије (није обавезно)", "посебна порука вас моли да потврдите"),
    ],
)
def test_the_tick_leads_to_a_separate_mail_and_to_nothing_before_its_button_is_pressed(
    ask: Ask, client: PageClient, house: Any, mailbox: Any, variant: str, label: str, told: str
) -> None:
    page = ask(variant, notices=True)
    assert told in page.words
    assert [mail.subject.startswith(f"[{reference_of(page)}]") for mail in mailbox.to(REPORTER)] == [True]
    jobs.take_up_wishes(house)
    _, asked = mailbox.to(REPORTER)
    [consent] = rows_of(house, Consent)
    assert consent.wording.startswith(f"{label}: ")
    assert (consent.variant, consent.source, consent.topics, consent.cadence) == (
        variant,
        "inquiry form",
        ["*"],
        "daily",
    )
    assert [one.state for one in rows_of(house, Subscription)] == ["requested"]
    client.submit(client.get(link_in(asked, "confirm")), "/confirm/")
    assert [one.state for one in rows_of(house, Subscription)] == ["confirmed"]
    assert wishes(house) == []


def test_without_the_tick_nothing_is_wished_and_it_is_never_ticked_beforehand(
    ask: Ask, client: PageClient, house: Any
) -> None:
    assert "media notices" not in ask().words
    ask(notices=True, remember=True)
    again = client.get("/en/media/inquiry")
    assert again.soup.find(id="name")["value"] == TYPED["name"]
    assert not again.soup.find(id="notices").has_attr("checked")
    assert len(wishes(house)) == 1


def test_a_tick_stays_when_the_form_comes_back(ask: Ask, client: PageClient, house: Any) -> None:
    page = ask(notices=True, name="")
    assert page.soup.find(id="notices").has_attr("checked")
    assert wishes(house) == []


def test_f02_what_is_screened_wishes_nothing_until_it_is_let_in(
    ask: Ask, house: Any, officer: PageClient, mailbox: Any
) -> None:
    page = ask(seconds=1, notices=True)
    assert "a separate message asks you to confirm" in page.words  # as for everybody
    jobs.take_up_wishes(house)
    assert (wishes(house), mailbox.to(REPORTER)) == ([], [])
    officer.submit(case(officer, reference_of(page)), button="do=release")
    assert wishes(house) == [REPORTER]


def test_f02_a_tick_that_comes_later_to_what_is_screened_wishes_nothing_either(
    client: PageClient, house: Any, moment: Moment, officer: PageClient
) -> None:
    moment.is_at(TUESDAY)
    form = client.get("/en/media/inquiry")
    page = client.submit(form, **TYPED)
    client.submit(form, **TYPED, notices=True)
    assert (only(house).state, wishes(house)) == ("screened", [])
    officer.submit(case(officer, reference_of(page)), button="do=release")
    assert wishes(house) == [REPORTER]


def test_f25_the_tick_is_no_word_of_the_inquiry(
    ask: Ask, client: PageClient, house: Any, moment: Moment, officer: PageClient
) -> None:
    assert submission(wants_notices=True).fingerprint() == submission().fingerprint()
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    first = client.submit(form, **TYPED)
    again = client.submit(form, **TYPED, notices=True)  # sent once more, now with the tick
    assert (again.request.full_path, wishes(house)) == (first.request.full_path, [REPORTER])
    client.submit(form, **TYPED, notices=True)
    assert wishes(house) == [REPORTER]


def test_a_changed_address_takes_the_wish_along_and_an_edit_leaves_it_alone(
    ask: Ask, client: PageClient, house: Any
) -> None:
    page = ask(notices=True)
    edit = f"/en/i/{key_of(page)}/edit"
    assert client.get(edit).soup.find(id="notices") is None
    client.submit(client.get(edit), subject="Another subject")
    assert (wishes(house), only(house).wants_notices) == ([REPORTER], True)
    client.submit(client.get(edit), email="right@example.org")
    assert wishes(house) == ["right@example.org"]


def test_who_subscribes_already_gets_nothing_new(ask: Ask, house: Any, mailbox: Any, moment: Moment) -> None:
    ask(notices=True)
    subscribed(house, REPORTER)
    moment.moves(days=1)  # no limit stands in the way
    before = len(mailbox.to(REPORTER))
    jobs.take_up_wishes(house)
    assert (wishes(house), len(mailbox.to(REPORTER)), len(rows_of(house, Consent))) == ([], before, 1)


def test_the_wish_is_written_with_the_inquiry_or_not_at_all(house: Any, moment: Moment) -> None:
    with pytest.raises(RuntimeError, match="in the middle"), house.db.transaction() as session:
        intake.receive(session, house, moment.now(), submission(wants_notices=True), "a form", None, "a network")
        assert session.scalar(select(Wish.id)) is not None
        raise RuntimeError("in the middle")
    assert (rows_of(house, Inquiry), rows_of(house, Wish)) == ([], [])
    assert rows_of(house, Subscriber) == []
