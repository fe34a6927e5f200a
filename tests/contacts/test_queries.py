"""What a page of the register reads beside the record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outreach.contacts import queries
from outreach.contacts.models import Affiliation
from outreach.house import House
from tests.contacts import register

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.both
def test_colleagues_are_those_of_every_place_where_somebody_works_now_each_once(house: House) -> None:
    with house.db.transaction() as session:
        daily, radio = (register.organisation(session, NOW, name) for name in ("Daily", "Radio"))
        editor = register.person(session, NOW, "Editor", at=daily)
        both = register.person(session, NOW, "Both", at=daily)
        for person in (editor, both):
            person.affiliations.append(Affiliation(organisation_id=radio.id, created_at=NOW))
        host = register.person(session, NOW, "Host", at=radio)
        register.person(session, NOW, "Elsewhere", at=register.organisation(session, NOW, "Weekly"))
        left = register.person(session, NOW, "Left", at=radio)
        left.affiliations[0].ended_at = NOW
        nowhere = register.person(session, NOW, "Nowhere")
        session.flush()
        assert queries.colleagues(session, editor) == [both, host]
        assert queries.colleagues(session, nowhere) == []
