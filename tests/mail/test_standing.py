"""Form letters: drawn once, told to many, each with its own values; and the same mail as when it is drawn each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach.house import House
from outreach.language import Variant
from outreach.mail import standing
from outreach.mail.models import MailForm, OutboxEmail
from outreach.mail.outbox import Attachment
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


def test_a_file_is_drawn_once_and_put_together_as_each_mail_leaves(house: House, moment: Moment, mailbox: Any) -> None:
    drawn = []

    def file(values: Mapping[str, str]) -> Attachment:
        drawn.append(values)
        return Attachment(
            f"{values['reference']}.txt", "text/plain; charset=utf-8", f"Рок: {values['deadline']}\r\n".encode()
        )

    for reference in ("26-10432-7", "26-99999-1", "26-<b>-1"):
        sends(house, moment, values={"reference": reference}, file=file)
    plain = sends(house, moment)
    assert len(drawn) == 2, "once for all mails, and once more where HTML would write a value otherwise"
    *enclosing, last = [mail.message for mail in mailbox.to(READER)]
    names = [[one.get_filename() for one in mail.iter_attachments()] for mail in (*enclosing, last)]
    assert sorted(names[:3]) == [["26-10432-7.txt"], ["26-99999-1.txt"], ["26-<b>-1.txt"]]
    for mail in enclosing:
        (one,) = mail.iter_attachments()
        assert one.get_payload(decode=True).decode() == f"Рок: {VALUES['deadline']}\r\n"
    assert (names[3], plain.form) == ([], sends(house, moment).form)


def test_a_form_that_is_gone_from_the_database_is_drawn_again(house: House, moment: Moment, mailbox: Any) -> None:
    sends(house, moment)
    with house.db.transaction() as session:
        for row in [*session.scalars(select(OutboxEmail)), *session.scalars(select(MailForm))]:
            session.delete(row)
    sends(house, moment)
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(MailForm)) == 1
    assert VALUES["link"] in mailbox.to(READER)[0].text
