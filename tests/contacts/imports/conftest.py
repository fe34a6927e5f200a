"""A list as it comes from somewhere, taken through an import or a part of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from outreach import clock
from outreach.contacts.imports import jobs, keeping, queries, reading
from outreach.contacts.models import Affiliation, Import, Person
from outreach.house import House

SOURCE = "List of the press club, 2026"


@dataclass
class Lists:
    """lists.looked_at(text): its number; lists.taken_in(text), lists.undone(number); lists.rows(number): as judged."""

    house: House

    def uploaded(self, content: str | bytes, **more: Any) -> int:
        raw = content.encode() if isinstance(content, str) else content
        given = {"file_name": "list.csv", "source": SOURCE, "basis": "legitimate_interest", "actor_id": None} | more
        with reading.uploaded(io.BytesIO(raw)) as opened:
            return jobs.read(self.house, opened, **given)

    def looked_at(self, content: str | bytes, mapping: dict[str, str] | None = None, **more: Any) -> int:
        number = self.uploaded(content, **more)
        with self.house.db.transaction() as session:
            keeping.map_columns(session, clock.now(), number, mapping or queries.get(session, number).mapping)
        jobs.run(self.house, number)
        return number

    def approved(self, number: int) -> int:
        with self.house.db.transaction() as session:
            keeping.approve(session, clock.now(), number, None)
        jobs.run(self.house, number)
        return number

    def taken_in(self, content: str | bytes, mapping: dict[str, str] | None = None, **more: Any) -> int:
        return self.approved(self.looked_at(content, mapping, **more))

    def undone(self, number: int) -> Import:
        with self.house.db.transaction() as session:
            keeping.undo(session, clock.now(), number, None)
        jobs.run(self.house, number)
        return self.get(number)

    def get(self, number: int) -> Import:
        with self.house.db.read() as session:
            return queries.get(session, number)

    def rows(self, number: int, verdict: str = "") -> list[queries.Line]:
        with self.house.db.read() as session:
            return queries.lines(session, number, verdict, 1).lines

    def verdicts(self, number: int) -> list[str]:
        return [row.verdict for row in self.rows(number)]

    def people(self) -> dict[str, Person]:
        """Everybody on record, by name."""
        loaded = (
            selectinload(Person.addresses), selectinload(Person.beats),
            selectinload(Person.affiliations).selectinload(Affiliation.organisation),
        )  # fmt: skip
        with self.house.db.read() as session:
            return {person.name: person for person in session.scalars(select(Person).options(*loaded))}


@pytest.fixture
def lists(house: House) -> Lists:
    return Lists(house)
