"""Mails that were in the outbox before forms existed leave with the bytes they had, also when they are repeated (D-04)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, select, text

from outreach.db import Database
from outreach.language import Variant
from outreach.mail.cupboard import Cupboard
from outreach.mail.message import encode_block, encoding_of, stitch
from outreach.mail.models import OutboxEmail
from outreach.mail.moulds import Mould
from outreach.operations import schema
from tests.mail.letters import AT, letter
from tests.support.databases import Stock

OWN = {Variant.EN: "Reference 1\n.dot\n", Variant.LAT: "Упит = Upit\n", Variant.CIR: "Ваш упит\n"}


@pytest.fixture
def before(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    """A database as it was when each mail carried all its words."""
    with stock.empty(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        schema.upgrade(db, "0002")
        yield db
        db.dispose()


def mail(n: int, variant: Variant, state: str, **given: Any) -> dict[str, Any]:
    return {
        "id": n, "ref": f"inquiry:{n}", "kind": "receipt", "scope": "all", "is_bulk": False, "to_address": "reporter@example.org",
        "to_name": "Reporter, daily", "sender": "press@example.org", "sender_name": "Liaison Office Belgrade – Public Affairs",
        "reply_to": "desk@example.org" if n % 2 else None, "variant": variant.segment, "subject": f"Наслов {n}",
        "headers": [["Auto-Submitted", "auto-generated"], ["In-Reply-To", f"<{n}@example.org>"]],
        "text": [["block", f"b{variant.segment}"], ["own", OWN[variant]]], "html": [["own", OWN[variant]], ["block", f"b{variant.segment}"]],
        "encoding": encoding_of(variant), "message_id": f"{n:032x}@example.org", "dated_at": AT, "bytes_hash": "e" * 64,
        "state": state, "attempts": 1, "deferrals": 0, "uncertains": int(state == "uncertain"), "next_at": AT,
        "created_at": AT, "expires_at": AT + timedelta(days=2), **given,
    }  # fmt: skip


def expected(row: dict[str, Any], variant: Variant) -> bytes:
    """As it was stitched before."""
    block, own = (encode_block(words, encoding_of(variant)) for words in ("Office\n", OWN[variant]))
    changed = {name: row[name] for name in ("subject", "message_id", "reply_to")}
    extra = tuple((name, value) for name, value in row["headers"])
    return stitch(replace(letter(variant), **changed, extra=extra, text=block + own, html=own + block))


def fill(db: Database, rows: list[dict[str, Any]], attempts: list[dict[str, Any]]) -> None:
    old = MetaData()
    with db.writing_engine.begin() as connection:
        old.reflect(connection, only=["outbox_email", "mail_block", "mail_attempt"])
        stamp = {"created_at": AT}
        for variant in Variant:
            body = encode_block("Office\n", encoding_of(variant))
            connection.execute(
                insert(old.tables["mail_block"]).values(
                    hash=f"b{variant.segment}", encoding=encoding_of(variant), body=body, **stamp
                )
            )
        for row in rows:
            connection.execute(insert(old.tables["outbox_email"]).values(**row))
        for attempt in attempts:
            connection.execute(insert(old.tables["mail_attempt"]).values(at=AT, **attempt))


def test_d04_mails_in_the_outbox_keep_their_bytes_over_the_upgrade_and_back(before: Database) -> None:
    variants = list(Variant) * 2
    rows = [mail(n, variant, "uncertain" if n % 2 else "pending") for n, variant in enumerate(variants, 1)]
    fill(before, rows, [])
    schema.upgrade(before)
    with before.read() as session:
        found = list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))
        assert [row.state for row in found] == ["uncertain", "pending"] * 3
        moulds = Cupboard().moulds(session, {row.form for row in found})
        for old, row, variant in zip(rows, found, variants, strict=True):
            mould = moulds[row.form]
            assert isinstance(mould, Mould)
            assert mould.cast(row).raw == expected(old, variant)
    schema.downgrade(before, "0002")
    again = MetaData()
    with before.engine.connect() as connection:
        again.reflect(connection, only=["outbox_email"])
        back = [
            dict(row)
            for row in connection.execute(select(again.tables["outbox_email"]).order_by(text("id"))).mappings()
        ]
    wanted = ("subject", "headers", "text", "html", "sender", "sender_name", "reply_to", "variant", "encoding", "state")
    assert [[row[name] for name in wanted] for row in back] == [[row[name] for name in wanted] for row in rows]


def test_what_was_under_way_is_taken_back_by_what_is_known_of_it(before: Database) -> None:
    rows = [
        mail(1, Variant.EN, "sending", fence="f" * 32), mail(2, Variant.EN, "sending", fence="f" * 32),
        mail(3, Variant.EN, "sending", fence="f" * 32, withdrawn="stopped"),
    ]  # fmt: skip
    fill(
        before,
        rows,
        [{"outbox_id": n, "n": 1, "phase": phase} for n, phase in ((1, "claimed"), (2, "dot"), (3, "dot"))],
    )
    schema.upgrade(before)
    with before.read() as session:
        found = [
            (row.state, row.uncertains, [one.phase for one in row.tries], row.next_at is None)
            for row in session.scalars(select(OutboxEmail).order_by(OutboxEmail.id))
        ]
    assert found == [
        ("pending", 0, ["lost_safe"], False),
        ("uncertain", 1, ["uncertain"], False),
        ("cancelled", 1, ["uncertain"], True),
    ]
