"""What the runner's tests share."""

from __future__ import annotations

import pytest

from outreach import clock
from outreach.accounts.models import Account, AccountRole
from outreach.house import House


@pytest.fixture
def an_officer(house: House) -> int:
    """The id of an account that may answer inquiries."""
    with house.db.transaction() as session:
        account = Account(
            email="officer@example.org", name="Press officer on duty", password="-", fs_uniquifier="x" * 64,
            created_at=clock.now(), held_roles=[AccountRole(name="officer")],
        )  # fmt: skip
        session.add(account)
        session.flush()
        return account.id
