"""People for the tests of the register, made as rows: names are roles, addresses are of example.org."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.contacts import filing
from outreach.contacts.models import Affiliation, ContactAddress, Organisation, Person, PersonBeat
from outreach.serbian import fold
from tests.support.client import Page, PageClient


def organisation(session: Session, now: datetime, name: str, kind: str = "outlet") -> Organisation:
    made = Organisation(name=name, folded=fold(name), kind=kind, source="test", created_at=now)
    session.add(made)
    session.flush()
    return made


def person(
    session: Session, now: datetime, name: str, *, at: Organisation | None = None, email: str = "", phone: str = "",
    beats: tuple[str, ...] = (), **more: Any,
) -> Person:  # fmt: skip
    """A person who is filed."""
    values = {"source": "test", "lawful_basis": "legitimate_interest", "created_at": now, "changed_at": now, **more}
    made = Person(name=name, folded=fold(name), beats=[PersonBeat(beat=beat) for beat in beats], **values)
    if at is not None:
        made.affiliations.append(Affiliation(organisation_id=at.id, created_at=now))
    for position, (kind, value) in enumerate((("email", email), ("phone", phone))):
        if value:
            made.addresses.append(
                ContactAddress(kind=kind, value=value, folded=value, address_hash=fold(value), position=position,
                               created_at=now)
            )  # fmt: skip
    session.add(made)
    session.flush()
    filing.refile(session, [made.id])
    return made


def bulk(client: PageClient, page: Page, *ids: int, **typed: str) -> Page:
    """Tick these people on the page, say what is to be done in the form above them, and send it."""
    form = page.soup.select_one("#bulk")
    assert form is not None
    assert {str(id_) for id_ in ids} <= {str(tag["value"]) for tag in page.soup.select("input[form=bulk]")}
    hidden = {tag["name"]: tag["value"] for tag in form.select("input[type=hidden]")}
    data = {**hidden, **typed, "pick": [str(id_) for id_ in ids]}
    return client.post(form["action"], data=data, follow_redirects=True)  # type: ignore[return-value]
