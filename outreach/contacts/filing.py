"""After every change to a person: what is kept beside the record so that it is found again is made anew.

Whoever changes a name, an address, an affiliation or ends a record calls this in the same transaction. Bulk writers
write the same rows by themselves, from the same functions.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from outreach.contacts import finding
from outreach.contacts.duplicates import keys


def refile(session: Session, person_ids: Collection[int]) -> None:
    """Make the search rows and the comparison keys of these people anew; those that have ended lose theirs."""
    session.flush()
    finding.refile(session, person_ids)
    keys.refile(session, person_ids)
