"""Staff for the tests: accounts opened by invitation and signed in on the sign-in page, as real ones are."""

from __future__ import annotations

from typing import Any

from argon2 import PasswordHasher

from outreach import clock
from outreach.accounts import invitations
from tests.support.client import PageClient, open_client

PASSWORD = "a long and plain password"
#: A hash made in a moment, and so checked in one: a real one takes a tenth of a second each time.
QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def signed_in(app: Any, *roles: str, email: str = "officer@example.org", name: str = "Officer, on duty") -> PageClient:
    """A client of a new account with these roles; a press officer when none are named."""
    house = app.extensions["house"]
    now = clock.now()
    with house.db.transaction() as session:
        token = invitations.invite(session, house, now, email, name, roles or ("officer",))
        invitations.accept(session, house, now, token, name=name, email=email, password_hash=QUICK_HASH)
    client = open_client(app)
    sign_in(client, email)
    return client


def sign_in(client: PageClient, email: str = "officer@example.org") -> PageClient:
    """The same client, signed in anew if need be: a session ends after half an hour without a page."""
    page = client.get("/staff/login")
    if page.status_code == 303:
        return client
    done = client.submit(page, "/staff/login", follow=False, email=email, password=PASSWORD)
    assert done.status_code == 303, done.words
    return client
