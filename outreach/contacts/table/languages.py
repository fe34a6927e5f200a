"""The languages that people work in: free words, of which a person has any number, in any order and script.

People are found by the combinations that are kept, of which there are few, as the text that they are kept as.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Text, cast, text
from sqlalchemy.orm import Session

from outreach.contacts.models import HAS_LANGUAGES, Person
from outreach.serbian import fold

SAID: Any = cast(Person.languages, Text)
MOST = 2_000
"""Combinations that are looked at, in their order; each is a step through the index."""
_NEXT = "SELECT CAST(person.languages AS TEXT) FROM person WHERE {where} ORDER BY CAST(person.languages AS TEXT) LIMIT 1"
_EVERY = """
WITH RECURSIVE combination(said, number) AS (
    SELECT ({first}), 1
    UNION ALL
    SELECT ({after}), number + 1 FROM combination WHERE said IS NOT NULL AND number < :most
)
SELECT said FROM combination WHERE said IS NOT NULL
"""


def combinations(session: Session, language: str) -> list[str]:
    """Those of which one language is this, whatever its script, capitals and diacritics."""
    wanted, known = fold(language), HAS_LANGUAGES[session.get_bind().dialect.name]
    if not wanted:
        return []
    first = _NEXT.format(where=known)
    after = _NEXT.format(where=f"{known} AND CAST(person.languages AS TEXT) > combination.said")
    every = session.scalars(text(_EVERY.format(first=first, after=after)), {"most": MOST})
    return [said for said in every if any(fold(one) == wanted for one in json.loads(said))]
