"""What the mail tests share: an office whose mail goes where a test says, and mails already in its outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from outreach.house import House
from outreach.language import Variant
from outreach.mail import outbox
from outreach.mail.models import OutboxEmail
from tests.mail.letters import AT, words


@pytest.fixture
def open_house(house: House) -> House:
    """An office outside production whose mail may reach example.org."""
    return replace(house, settings=replace(house.settings, mail_allow=("*@example.org",)))


@pytest.fixture
def enqueued(open_house: House) -> Callable[..., int]:
    """Put a mail in the outbox; its id."""

    def put(to: str = "reader@example.org", **given: Any) -> int:
        values: dict[str, Any] = {
            "kind": "receipt",
            "ref": "inquiry:25-48271-3",
            "variant": Variant.EN,
            "words": words(),
            **given,
        }
        now = values.pop("now", AT)
        with open_house.db.transaction() as session:
            row = outbox.enqueue(session, open_house, now, to_address=to, **values)
            assert row is not None
            return row.id

    return put


@pytest.fixture
def row_of(open_house: House) -> Callable[[int], OutboxEmail]:
    """The row as it stands, with its tries."""

    def read(mail_id: int) -> OutboxEmail:
        with open_house.db.read() as session:
            row = session.get_one(OutboxEmail, mail_id)
            assert [attempt.n for attempt in row.tries] == list(range(1, row.attempts + 1))
            return row

    return read
