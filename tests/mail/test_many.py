"""A set of mails at once: one form, each with its own few values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from outreach.house import House
from outreach.language import Variant
from outreach.mail import blocks, compose, forms, outbox, suppressions
from outreach.mail.compose import Words
from outreach.mail.jobs import deliver
from outreach.mail.message import QUOTED, Segment
from outreach.mail.models import MailBlock, MailForm, OutboxEmail
from outreach.mail.outbox import Copy
from outreach.mail.transports import FilesTransport
from tests.mail.conftest import digest_words
from tests.mail.letters import AT
from tests.mail.turns import Row

LINK = "http://localhost/en/unsubscribe/"


def form_of(session: Any, house: House, **given: Any) -> str:
    headers = {"List-Unsubscribe": f"<{LINK}{compose.place(0)}>"}
    return forms.keep(
        session, house, AT, **{"variant": Variant.EN, "words": digest_words(), "headers": headers, **given}
    )


def put(session: Any, house: House, copies: list[Copy], **given: Any) -> list[int | None]:
    values = {"kind": "digest", "scope": "digests", "expires_at": AT + timedelta(hours=48), **given}
    return outbox.enqueue_many(session, house, AT, copies, **values)


def test_many_mails_share_a_form_and_its_blocks(open_house: House, row_of: Row) -> None:
    with open_house.db.transaction() as session:
        form = form_of(session, open_house)
        assert form_of(session, open_house) == form
        copies = [Copy(f"subscriber:{n}", f"r{n}@example.org", form, [f"key{n}", f"for {n}"]) for n in range(300)]
        ids = put(session, open_house, copies)
        assert session.scalar(select(func.count()).select_from(MailForm)) == 1
        assert session.scalar(select(func.count()).select_from(MailBlock)) == 3
    assert len(set(ids)) == 300
    assert ids == sorted(ids, key=lambda one: one or 0)
    row = row_of(ids[7] or 0)
    assert (row.ref, row.to_address, row.kind, row.scope, row.is_bulk) == (
        "subscriber:7",
        "r7@example.org",
        "digest",
        "digests",
        True,
    )
    assert (row.state, row.attempts, row.next_at, row.dated_at, row.created_at) == ("pending", 0, AT, AT, AT)
    assert row.expires_at == AT + timedelta(hours=48)


def test_they_may_leave_later_and_are_dated_then(open_house: House, row_of: Row, tmp_path: Any) -> None:
    later = AT + timedelta(minutes=30)
    with open_house.db.transaction() as session:
        (mail_id,) = put(
            session,
            open_house,
            [Copy("s:1", "a@example.org", form_of(session, open_house), ["k", "x"])],
            leaves_at=later,
        )
    transport = FilesTransport(tmp_path / "mail")
    assert deliver(open_house, transport, AT + timedelta(minutes=29)) == 0
    assert deliver(open_house, transport, later) == 1
    row = row_of(mail_id or 0)
    assert (row.state, row.dated_at, row.created_at) == ("accepted", later, AT)


def test_p07_suppressed_addresses_get_no_row(open_house: House) -> None:
    with open_house.db.transaction() as session:
        suppressions.suppress(session, open_house, "Stopped@example.org", "digests", "complaint", AT)
        form = form_of(session, open_house)
        copies = [Copy(f"s:{name}", f"{name}@example.org", form, ["k", "x"]) for name in ("a", "stopped", "b")]
        ids = put(session, open_house, copies)
        assert [one is None for one in ids] == [False, True, False]
        assert session.scalars(select(OutboxEmail.to_address).order_by(OutboxEmail.id)).all() == [
            "a@example.org",
            "b@example.org",
        ]


def test_hashes_of_many_are_those_of_one(open_house: House) -> None:
    names = ["reader@example.org", "Reader@Example.org", "ž@example.org"]
    assert suppressions._hashes(open_house, names) == [open_house.address_hash(name) for name in names]


@pytest.mark.parametrize(
    "bad",
    [
        {"own": ["k"]}, {"own": ["k", "x", "y"]}, {"own": ["k\r\nBcc: x", "x"]}, {"own": ["k k", "x"]}, {"own": ["ključ", "x"]},
        {"to_address": "nobody"}, {"to_address": "a@EXAMPLE.org"}, {"to_address": "a@example.org\r\nRCPT"}, {"form": "0" * 32},
    ],
)  # fmt: skip
def test_m05_m08_what_cannot_be_sent_is_refused_at_the_door_and_none_is_entered(
    open_house: House, bad: dict[str, Any]
) -> None:
    with open_house.db.transaction() as session:
        good = Copy("s:1", "a@example.org", form_of(session, open_house), ["k", "x"])
        with pytest.raises(ValueError):
            put(session, open_house, [good, good._replace(**bad)])
        assert session.scalar(select(func.count()).select_from(OutboxEmail)) == 0


def test_an_own_value_in_what_many_share_is_refused(open_house: House) -> None:
    words = Words("News", [Segment(f"Key {compose.place(0)}\n", True)], [])
    with open_house.db.transaction() as session, pytest.raises(ValueError, match="many mails share"):
        form_of(session, open_house, words=words)


@pytest.mark.parametrize("name", ["Bcc", "Subject", "X-Anything"])
def test_m05_a_form_adds_no_other_headers(open_house: House, name: str) -> None:
    with open_house.db.transaction() as session, pytest.raises(ValueError):
        form_of(session, open_house, headers={name: "x"})


def test_d04_the_office_may_change_its_name_and_planned_mails_keep_theirs(open_house: House) -> None:
    with open_house.db.transaction() as session:
        before = forms.load(session, {form_of(session, open_house)})
        assert [one.sender for one in before.values()] == ["press@example.org"]
        assert [one.sender_name.split(" – ")[0] for one in before.values()] == [open_house.office.name(Variant.EN)]


def test_a_personal_set_of_items_is_one_form_with_a_run(open_house: House, row_of: Row, tmp_path: Any) -> None:
    words = Words(
        f"{compose.place(2)} + more",
        [Segment("Office\n", True), Segment(compose.run(0), True), Segment(f"{LINK}{compose.place(1)}\n", False)],
        [Segment("<p>Office</p>\n", True), Segment(compose.run(3), True)],
    )
    with open_house.db.transaction() as session:
        form = form_of(session, open_house, words=words, headers={"List-Id": "<a.example.org>"})
        items = blocks.keep(session, AT, [f"Item {n}\n" for n in range(6)], QUOTED)
        pages = blocks.keep(session, AT, [f"<p>Item {n}</p>\n" for n in range(6)], QUOTED)
        copies = [
            Copy(
                f"s:{n}", f"r{n}@example.org", form,
                [blocks.run(items[n : n + 2]), f"key{n}", f"Story {n} 😀", blocks.run(pages[n : n + 2])],
            )
            for n in range(4)
        ]  # fmt: skip
        ids = put(session, open_house, copies)
    transport = FilesTransport(tmp_path / "mail")
    assert deliver(open_house, transport, AT, window=64) == 4
    for n, mail_id in enumerate(ids):
        raw = (transport.folder / f"{row_of(mail_id or 0).message_id}.eml").read_bytes()
        assert raw.count(b"Item ") == 4
        assert raw.count(b"Item %d" % n) == raw.count(b"Item %d" % (n + 1)) == 2
    with open_house.db.read() as session:
        rows = list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))
        assert list(outbox.subjects(session, rows).values()) == [f"Story {n} 😀 + more" for n in range(4)]


def test_what_is_due_is_found_by_its_index_and_marking_touches_none(open_house: House) -> None:
    asked: list[str] = []
    with open_house.db.transaction() as session:
        put(session, open_house, [Copy("s:1", "a@example.org", form_of(session, open_house), ["k", "x"])])
    if not open_house.db.is_sqlite:
        return  # its planner takes the whole table while there are few rows
    from outreach.mail import sql

    with open_house.db.engine.connect() as connection:
        words = sql.DUE.format("is_bulk = True")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", ("2030-01-01", 64)).fetchall()
        asked += [row[3] for row in plan]
        columns = connection.execute(text("SELECT name FROM pragma_index_info('ix_outbox_email_due')")).scalars().all()
    assert asked == ["SEARCH outbox_email USING INDEX ix_outbox_email_due (is_bulk=? AND next_at>? AND next_at<?)"]
    assert "state" not in columns
