"""Staff for the tests: accounts opened by invitation, as real ones are."""

from __future__ import annotations

from typing import Any

from outreach import clock
from outreach.accounts import invitations
from tests.support.client import PageClient, open_client

PASSWORD = "a long and plain password"


def signed_in(app: Any, *roles: str, email: str = "officer@example.org", name: str = "Officer, on duty") -> PageClient:
    """A client whose invitation was accepted a moment ago."""
    house = app.extensions["house"]
    with house.db.transaction() as session:
        token = invitations.invite(session, house, clock.now(), email, name, roles or ("officer",))
    client = open_client(app)
    page = client.get(f"{invitations.PATH}{token}")
    fields = {str(field["name"]) for field in page.soup.find_all("input") if field.get("name")}
    typed = {"name": name, "password": PASSWORD, "email": email}
    done = client.submit(page, invitations.PATH, **{key: value for key, value in typed.items() if key in fields})
    assert done.status_code == 200, done.words
    return client
