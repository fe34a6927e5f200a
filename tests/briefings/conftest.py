"""People on a press list, and a mailing to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from outreach import clock
from outreach.accounts import invitations
from outreach.accounts.models import Account
from outreach.briefings import jobs, releasing, writing
from outreach.briefings.models import Mailing, MailingRecipient
from outreach.briefings.writing import Draft
from outreach.contacts import matching
from outreach.contacts.lists import keeping
from outreach.contacts.lists.models import PressListMember
from outreach.contacts.models import ContactAddress, Person
from outreach.house import House
from tests.support.moment import Moment
from tests.support.people import QUICK_HASH

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(moment: Moment) -> None:
    moment.is_at(NOON)


class Briefing:
    """What a test does with mailings, in one line each."""

    def __init__(self, house: House, moment: Moment) -> None:
        self.house, self.moment = house, moment
        self.actor = self.account("writer@example.org")
        with house.db.transaction() as session:
            self.list = keeping.keep_list(session, clock.now(), "Morning shows", "", None).id

    def account(self, email: str) -> int:
        with self.house.db.transaction() as session:
            token = invitations.invite(session, self.house, clock.now(), email, "Officer", ("officer",))
            made = invitations.accept(
                session, self.house, clock.now(), token, name="Officer", email=email, password_hash=QUICK_HASH
            )
            return made.id

    def people(self, number: int, first: int = 0) -> list[int]:
        """So many people on the list, all of whom know that we hold their data."""
        return [self.person(f"p{place}@example.org") for place in range(first, first + number)]

    def person(self, *emails: str, is_listed: bool = True, **facts: Any) -> int:
        now = clock.now()
        known = {"name": "Primer", "source": "hand", "lawful_basis": "legitimate_interest", "noticed_at": now, **facts}
        with self.house.db.transaction() as session:
            made = Person(folded="primer", created_at=now, changed_at=now, **known)
            session.add(made)
            session.flush()
            for place, email in enumerate(emails):
                hashed = matching.address_hash(self.house, "email", email)
                session.add(
                    ContactAddress(
                        person_id=made.id, kind="email", value=email, folded=email, address_hash=hashed,
                        position=place, created_at=now,
                    )
                )  # fmt: skip
            if is_listed:
                keeping.add(session, now, self.list, [made.id], None)
            return made.id

    def crowd(self, number: int) -> None:
        """Many people on the list at once."""
        now = clock.now()
        with self.house.db.transaction() as session:
            same = {"name": "Primer", "folded": "primer", "source": "hand", "lawful_basis": "consent"}
            rows = [{**same, "created_at": now, "changed_at": now, "noticed_at": now} for _ in range(number)]
            ids = list(session.scalars(insert(Person).returning(Person.id), rows))
            session.execute(
                insert(ContactAddress),
                [
                    {
                        "person_id": id_, "kind": "email", "value": f"c{id_}@example.org", "folded": "",
                        "address_hash": str(id_), "created_at": now,
                    }
                    for id_ in ids
                ],
            )  # fmt: skip
            session.execute(
                insert(PressListMember), [{"list_id": self.list, "person_id": id_, "added_at": now} for id_ in ids]
            )

    def draft(self, **changes: Any) -> Draft:
        said = {
            "kind": "advisory", "subject_en": "Open day on Friday", "text_en": "Doors open at ten.\n\nBring a badge.",
            "subject_sr": "Отворени дан у петак", "text_sr": "Врата се отварају у десет.", "terms": "",
            "embargo_at": None, "embargo_zone": "", "also_zone": "", "to_kind": "list", "to_id": self.list, **changes,
        }  # fmt: skip
        return Draft(**said)

    def written(self, **changes: Any) -> int:
        with self.house.db.transaction() as session:
            return writing.write(session, clock.now(), self.draft(**changes), self.actor).id

    def ready(self, **changes: Any) -> int:
        mailing_id = self.written(**changes)
        with self.house.db.transaction() as session:
            releasing.hand_on(session, clock.now(), mailing_id, 1, self.actor)
        return mailing_id

    def released(self, **changes: Any) -> int:
        """Released, and its twenty seconds are over."""
        mailing_id = self.ready(**changes)
        with self.house.db.transaction() as session:
            releasing.release(session, self.house, clock.now(), mailing_id, 2, self.actor)
        self.moment.moves(seconds=21)
        return mailing_id

    def carry_on(self) -> None:
        jobs.carry_on(self.house)

    def state(self, mailing_id: int) -> str:
        with self.house.db.read() as session:
            return session.get_one(Mailing, mailing_id).state

    def became(self, mailing_id: int) -> dict[int, tuple[str, str]]:
        """State and reason of each person's copy."""
        with self.house.db.read() as session:
            mine = select(MailingRecipient).where(MailingRecipient.mailing_id == mailing_id)
            return {copy.person_id: (copy.state, copy.reason) for copy in session.scalars(mine)}


@pytest.fixture
def briefing(house: House, moment: Moment) -> Briefing:
    return Briefing(house, moment)


@pytest.fixture
def account_of(house: House) -> Callable[[str], int]:
    """The id of the account with this address."""

    def found(email: str) -> int:
        with house.db.read() as session:
            return session.scalars(select(Account.id).where(Account.email == email)).one()

    return found
