"""Form letters: drawn once, told to many, each with its own values; and the same mail as when it is drawn each time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from outreach.house import House
from outreach.language import Variant
from outreach.mail import standing
from outreach.mail.models import MailForm, OutboxEmail
from tests.support.moment import Moment

READER = "reporter@example.org"
VALUES = {"reference": "26-10432-7", "deadline": "Wed 25 Nov 2026, 16:00", "link": "http://localhost/en/i/abc.def"}


def sends(house: House, moment: Moment, variant: Variant = Variant.EN, **more: Any) -> OutboxEmail:
    values = {**VALUES, **more.pop("values", {})}
    with house.db.transaction() as session:
        message_id = standing.enqueue(
            session, house, moment.now(), "inquiry_receipt", variant, values, kind="receipt", ref="inquiry:1",
            to_address=READER, **more,
        )  # fmt: skip
        return session.scalars(select(OutboxEmail).where(OutboxEmail.message_id == message_id)).one()


@pytest.mark.parametrize("variant", list(Variant))
def test_each_mail_has_its_own_values_and_all_share_one_form(
    house: House, moment: Moment, mailbox: Any, variant: Variant
) -> None:
    first = sends(house, moment, variant)
    second = sends(house, moment, variant, values={"reference": "26-99999-1"})
    assert first.form == second.form
    one, other = mailbox.to(READER)
    assert VALUES["reference"] in one.text
    assert VALUES["link"] in one.text
    assert VALUES["link"] in one.html
    assert "26-99999-1" in other.text
    assert "26-99999-1" in other.html
    assert "26-10432-7" not in other.text


def test_a_value_that_html_writes_otherwise_is_escaped(house: House, moment: Moment, mailbox: Any) -> None:
    sends(house, moment, values={"deadline": "<b>now</b> & then"})
    mail = mailbox.to(READER)[0]
    assert "<b>now</b> & then" in mail.text
    assert "&lt;b&gt;now&lt;/b&gt; &amp; then" in mail.html


def test_it_answers_and_is_answered_where_it_says(house: House, moment: Moment, mailbox: Any) -> None:
    sends(house, moment, reply_to="press+1@example.org", in_reply_to="first@example.org")
    message = mailbox.to(READER)[0].message
    assert (message["Reply-To"], message["In-Reply-To"], message["References"]) == (
        "press+1@example.org", "<first@example.org>", "<first@example.org>",
    )  # fmt: skip


def test_a_form_that_is_gone_from_the_database_is_drawn_again(house: House, moment: Moment, mailbox: Any) -> None:
    sends(house, moment)
    with house.db.transaction() as session:
        for row in [*session.scalars(select(OutboxEmail)), *session.scalars(select(MailForm))]:
            session.delete(row)
    sends(house, moment)
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(MailForm)) == 1
    assert VALUES["link"] in mailbox.to(READER)[0].text
