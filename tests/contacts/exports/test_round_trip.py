"""A file that was taken out and brought in again changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from outreach import clock
from outreach.contacts.exports import files
from outreach.contacts.exports.sources import Source
from outreach.house import House
from tests.contacts.imports.conftest import Lists

LIST = """Name,Honorific,Vocative,Writes in,Languages,Beats,Region,Organisation,Kind of organisation,Title,E-mail,E-mail 2,Phone,Other channels,Do not contact,Reason,Note
Ђурђа Пример,dr,Ђурђа,sr-Cyrl,sr; en,budget; mine action,Niš,Radio Primer,outlet,urednica,primer@example.org,second@example.org,+381 64 123 45 67,signal: +381641234567; telegram: @primer,yes,asked by phone,=SUM(A1) and more
John Q Example,,,en,en,,,Agency Example,agency,,john@example.org,,,,,,"two
lines"
"""


def state(lists: Lists) -> Any:
    return {
        name: [
            (one.kind, one.value, one.position) for one in person.addresses
        ] + [held.organisation.name for held in person.affiliations] + [person.note, person.version, person.languages]
        for name, person in lists.people().items()
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx", "vcard"])
def test_our_own_file_changes_nothing(house: House, form: str) -> None:
    lists = Lists(house)
    lists.taken_in(LIST)
    before = state(lists)
    assert len(before) == 2
    content = b"".join(files.streamed(house, Source.of({}), form, clock.now()))
    again = lists.looked_at(content, file_name=f"contacts.{files.KINDS[form].ending}")
    assert set(lists.verdicts(again)) == {"same"}
    lists.approved(again)
    assert state(lists) == before
