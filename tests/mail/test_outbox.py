"""Putting a mail in the outbox, and taking it out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from outreach.house import House
from outreach.language import Variant
from outreach.mail import forms, message, outbox, suppressions
from outreach.mail.cupboard import Cupboard
from outreach.mail.models import MailBlock, MailForm, OutboxEmail
from outreach.mail.moulds import Mould
from tests.mail.letters import AT, words


def test_a_mail_is_a_row_of_shared_blocks_and_own_values(open_house: House, enqueued: Callable[..., int]) -> None:
    first = enqueued("one@example.org", words=words(own="for one\n"))
    enqueued("two@example.org", words=words(own="for two\n"))
    with open_house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(MailBlock)) == 4  # two of the text, two of the HTML
        assert session.scalar(select(func.count()).select_from(MailForm)) == 1
        row = session.get_one(OutboxEmail, first)
        form = forms.load(session, {row.form})[row.form]
        assert [kind for kind, _ in form.text] == ["block", "own", "block"]
        assert message.filled(form.text[1][1], forms.values_of(row.own)) == "for one\n"
        assert "for one" not in repr(form)
        assert (row.state, row.next_at, row.expires_at) == ("pending", AT, AT + timedelta(hours=48))
        assert not any(b"for one" in block.body for block in session.scalars(select(MailBlock)))


@pytest.mark.parametrize("variant", Variant)
def test_d04_a_row_read_again_gives_the_same_bytes(
    open_house: House, enqueued: Callable[..., int], variant: Variant
) -> None:
    mail_id = enqueued(variant=variant, words=words(variant), to_name="Reporter, daily")
    made = []
    for _ in range(2):
        with open_house.db.read() as session:
            row = session.get_one(OutboxEmail, mail_id)
            mould = Cupboard().moulds(session, {row.form})[row.form]
            assert isinstance(mould, Mould)
            made.append(mould.cast(row))
    assert made[0] == made[1]


def test_m19_message_ids_differ_and_carry_the_senders_domain(
    row_of: Callable[[int], OutboxEmail], enqueued: Callable[..., int]
) -> None:
    ids = {row_of(enqueued()).message_id for _ in range(5)}
    assert len(ids) == 5
    assert all(message_id.endswith("@example.org") and len(message_id) > 40 for message_id in ids)


def test_m05_an_answer_in_a_thread_and_an_officers_own_words_carry_their_headers(
    open_house: House, row_of: Callable[[int], OutboxEmail], enqueued: Callable[..., int]
) -> None:
    row = row_of(enqueued(in_reply_to="first@example.org", headers={"Auto-Submitted": "no"}))
    with open_house.db.read() as session:
        form = forms.load(session, {row.form})[row.form]
    assert forms.letter(form, forms.values_of(row.own), None, row, row.dated_at).extra == (
        ("In-Reply-To", "<first@example.org>"),
        ("References", "<first@example.org>"),
        ("Auto-Submitted", "no"),
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"headers": {"Bcc": "x@example.org"}},
        {"headers": {"List-Id": "<a>\r\nBcc: x@example.org"}},
        {"in_reply_to": "a>\r\nBcc: x"},
        {"to": "x"},
    ],
)
def test_m05_what_cannot_be_sent_is_refused_at_the_door(enqueued: Callable[..., int], bad: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        enqueued(**bad)


def test_m05_a_display_name_that_cannot_be_written_is_left_out(
    row_of: Callable[[int], OutboxEmail], enqueued: Callable[..., int]
) -> None:
    assert row_of(enqueued(to_name="A\r\nBcc: x@example.org")).to_name is None
    assert row_of(enqueued(to_name="  Ана, дневни лист ")).to_name == "Ана, дневни лист"


def test_d16_cancelling_by_owner_leaves_other_owners_alone(
    open_house: House, row_of: Callable[[int], OutboxEmail], enqueued: Callable[..., int]
) -> None:
    mine, other = enqueued(ref="subscriber:12"), enqueued(ref="subscriber:1")
    with open_house.db.transaction() as session:
        assert outbox.cancel(session, "subscriber:12", "stopped", AT) == 1
        assert outbox.cancel(session, "subscriber:12", "stopped", AT) == 0
    assert (row_of(mine).state, row_of(mine).reason, row_of(mine).next_at) == ("cancelled", "stopped", None)
    assert row_of(other).state == "pending"


def test_suppressions_stop_a_mail_according_to_their_scope(open_house: House) -> None:
    with open_house.db.transaction() as session:
        suppressions.suppress(session, open_house, "Reader@example.org", "digests", "stopped", AT)
        stops = {
            s: suppressions.is_suppressed(session, open_house, "reader@EXAMPLE.org", s) for s in suppressions.SCOPES
        }
        assert stops == {"digests": True, "all": False, "always": False}
        suppressions.suppress(session, open_house, "reader@example.org", "all", "hard bounce", AT)
        suppressions.suppress(session, open_house, "reader@example.org", "digests", "stopped", AT)
        stops = {
            s: suppressions.is_suppressed(session, open_house, "reader@example.org", s) for s in suppressions.SCOPES
        }
        assert stops == {"digests": True, "all": True, "always": False}
        assert not suppressions.is_suppressed(session, open_house, "other@example.org", "digests")


def test_p07_a_suppression_keeps_no_address(open_house: House) -> None:
    with open_house.db.transaction() as session:
        row = suppressions.suppress(session, open_house, "reader@example.org", "all", "hard bounce", AT)
        assert row.address_hash == open_house.address_hash("reader@example.org")
        assert "reader" not in repr([getattr(row, column.key) for column in row.__table__.columns])


def test_a_suppressed_address_gets_no_row_but_an_answer_always_goes(open_house: House) -> None:
    with open_house.db.transaction() as session:
        suppressions.suppress(session, open_house, "reader@example.org", "all", "hard bounce", AT)
        put = {
            scope: outbox.enqueue(
                session,
                open_house,
                AT,
                kind="answer",
                ref="x:1",
                to_address="reader@example.org",
                variant=Variant.EN,
                words=words(),
                scope=scope,
            )
            for scope in suppressions.SCOPES
        }
    assert [scope for scope, row in put.items() if row is not None] == ["always"]


def test_a_scope_that_is_unknown_is_refused(open_house: House) -> None:
    with open_house.db.transaction() as session:
        with pytest.raises(ValueError):
            suppressions.suppress(session, open_house, "reader@example.org", "always", "x", AT)
        with pytest.raises(ValueError):
            suppressions.is_suppressed(session, open_house, "reader@example.org", "some")
