"""People as vCards 3.0, which every address book reads."""

from __future__ import annotations

from typing import Any

import vobject
from vobject.vcard import Address, Name

from outreach.contacts.exports.columns import channels
from outreach.contacts.exports.records import Record
from outreach.contacts.models import EMAIL, PHONE


def card(record: Record) -> str:
    """One card. Who must not be contacted is marked so for whoever opens it elsewhere."""
    person, made = record.person, vobject.vCard()
    given, _, family = person.name.rpartition(" ")
    _add(made, "fn", person.name)
    _add(made, "n", Name(family=family, given=given, prefix=person.honorific))
    for organisation, _kind, title in record.posts:
        _add(made, "org", [organisation])
        _add(made, "title", title)
    for name, kind in (("email", EMAIL), ("tel", PHONE)):
        for place, value in enumerate(record.of_kind(kind)):
            _add(made, name, value, TYPE=["WORK", "PREF"] if place == 0 else ["WORK"])
    for channel in channels(record):
        kind, _, value = channel.partition(": ")
        _add(made, "url", value) if kind == "web" else _add(made, "impp", f"{kind}:{value}", X_SERVICE_TYPE=[kind])
    if person.region:
        _add(made, "adr", Address(city=person.region), TYPE=["WORK"])
    if record.beats:
        _add(made, "categories", record.beats)
    _add(made, "note", person.note)
    if person.do_not_contact:
        _add(made, "x-do-not-contact", person.do_not_contact_reason or "yes")
    return str(made.serialize())


def _add(made: Any, name: str, value: Any, **params: list[str]) -> None:
    if value:
        line = made.add(name)
        line.value = value
        line.params.update({key.replace("_", "-"): said for key, said in params.items()})
