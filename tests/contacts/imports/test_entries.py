"""What a row says: every field, its limits, and what our own export writes."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import spreadsheets
from outreach.contacts import matching
from outreach.contacts.imports import fields, heads
from outreach.contacts.imports.entries import Interpreter
from outreach.contacts.models import Person
from outreach.house import House

OURS = (
    "Name", "Name in Latin", "Name in Cyrillic", "Honorific", "Vocative", "Writes in", "Languages", "Beats", "Region",
    "Organisation", "Kind of organisation", "Title", "E-mail", "E-mail 2", "E-mail 3", "Phone", "Phone 2", "Phone 3",
    "Other channels", "Do not contact", "Reason", "Source", "Basis", "Note",
)  # fmt: skip
FULL = (
    "=Ана Марић", "Ana Marić", "Ана Марић", "dr", "Ана", "српски, ћирилица", "sr; en", "буџет; одбрана", "Ниш",
    "Радио Пример; Агенција Проба", "outlet; agency", "Уредница; Дописница", "ana@example.org", "ana.m@example.org", "",
    "+381 64 123 45 67", "", "", "signal: +381 64 123; telegram: @ana; https://example.org/ana", "yes", "@asked by phone",
    "Press club, 2025", "consent", "-Calls in the morning\nand at 5; =1+1",
)  # fmt: skip


def our_export(house: House) -> bytes:
    """Everybody on record as our own export writes them."""
    from tests.contacts.imports.conftest import Lists

    def row(person: Person) -> list[str]:
        def values(kind: str) -> list[str]:
            return [*(each.value for each in person.addresses if each.kind == kind), "", "", ""][:3]

        held = person.affiliations
        others = [each for each in person.addresses if each.kind not in ("email", "phone")]
        return [
            person.name, person.name_latin, person.name_cyrillic, person.honorific, person.vocative,
            person.preferred_variant, "; ".join(person.languages), "; ".join(each.beat for each in person.beats),
            person.region, "; ".join(each.organisation.name for each in held),
            "; ".join(each.organisation.kind for each in held), "; ".join(each.title for each in held),
            *values("email"), *values("phone"), "; ".join(f"{each.kind}: {each.value}" for each in others),
            "yes" if person.do_not_contact else "", person.do_not_contact_reason, person.source, person.lawful_basis,
            person.note,
        ]  # fmt: skip

    return spreadsheets.table(OURS, map(row, Lists(house).people().values()))


@pytest.mark.both
def test_our_own_export_says_all_and_brought_again_changes_nothing(lists: Any, house: House) -> None:
    number = lists.taken_in(
        spreadsheets.table(OURS, [FULL, ["Marko Ilić", *[""] * 23], ["Iva Savić", *[""] * 8, "Centar", *[""] * 14]])
    )
    assert lists.get(number).counts == {"new": 3}
    ana = lists.people()["=Ана Марић"]
    assert [(each.organisation.kind, each.title) for each in ana.affiliations] == [
        ("outlet", "Уредница"),
        ("agency", "Дописница"),
    ]
    assert [each.kind for each in ana.addresses] == ["email", "email", "phone", "signal", "telegram", "web"]
    assert (ana.do_not_contact, ana.do_not_contact_reason, ana.preferred_variant) == (True, "@asked by phone", "cir")
    assert (ana.source, ana.lawful_basis, ana.note) == ("Press club, 2025", "consent", FULL[-1])
    exported = our_export(house)
    again = lists.taken_in(exported)
    assert lists.get(again).counts == {"same": 3}
    assert our_export(house) == exported


def said(house: House, **cells: str) -> Any:
    head = list(cells)
    mapping = {str(place): key for place, key in enumerate(cells)}
    return Interpreter(house, head, mapping).entry(2, list(cells.values()))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("email", "nowhere", "not an e-mail address"), ("email", "a@example.org; b@", "not an e-mail address"),
        ("phone", "call me", "not a phone number"), ("name", "x" * 121, "longer than a record"),
        ("title", "x" * 121, "longer"), ("region", "x" * 81, "longer"), ("note", "x" * 5001, "longer"),
        ("preferred_variant", "Klingon", "not a language"), ("lawful_basis", "because", "not a lawful basis"),
        ("do_not_contact", "maybe", "Yes and no"), ("unsubscribed", "VIP", "Yes and no"), ("kind", "planet", "kind of organisation"),
    ],
)  # fmt: skip
def test_a_bad_value_is_told_with_its_column_and_why(house: House, key: str, value: str, reason: str) -> None:
    [(head, told, why)] = said(house, **{key: value}).problems
    assert (head, reason in why) == (key, True)
    assert told
    assert value.endswith(told) or told in value


def test_a_cell_beside_the_table_is_told(house: House) -> None:
    entry = Interpreter(house, ["Name"], {"0": "name"}).entry(2, ["Ana", "", "lost"])
    assert entry.problems == [["", "lost", "This cell stands to the right of the last head."]]


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"given": "Ana", "family": "Marić"}, "Ana Marić"), ({"family": "Marić", "given": "Ana", "middle": "M."}, "Ana M. Marić"),
        ({"name": "Ana Marić", "given": "A.", "family": "M."}, "Ana Marić"), ({"name": " Ana \t Marić\u200b "}, "Ana Marić"),
    ],
)  # fmt: skip
def test_a_name_is_put_together(house: House, cells: dict[str, str], name: str) -> None:
    assert said(house, **cells).name == name


def test_several_values_stand_in_one_cell(house: House) -> None:
    entry = said(
        house,
        email="Ana <ana@example.org>, b@example.org ::: ana@example.org",
        phone="064 123 456 ::: 011/123-456",
        beats="Budget, NATO",
    )
    assert [each[2] for each in entry.addresses] == ["ana@example.org", "b@example.org", "+38164123456", "+38111123456"]
    assert entry.beats == ["budget", "nato"]


def test_a_title_without_a_place_is_kept_in_the_note(house: House) -> None:
    assert said(house, name="Ana", title="Editor", note="Calls").columns["note"] == "Editor\nCalls"


@pytest.mark.parametrize(
    ("value", "left"),
    [("2026-01-01 10:00", True), ("unsubscribed", True), ("Cleaned", True), ("odjavljen", True), ("subscribed", False), ("0", False), ("ne", False)],
)  # fmt: skip
def test_who_left_is_understood(house: House, value: str, left: bool) -> None:
    entry = said(house, unsubscribed=value)
    assert (entry.is_unsubscribed, entry.problems) == (left, [])


def test_every_field_can_be_mapped(house: House) -> None:
    values = {
        "preferred_variant": "lat",
        "lawful_basis": "consent",
        "do_not_contact": "no",
        "unsubscribed": "no",
        "kind": "ngo",
    }
    values |= {"email": "a@example.org", "phone": "064123456"}
    for key in fields.FIELDS:
        assert said(house, **{key: values.get(key, "words")}).problems == []
    assert set(heads.suggested(list(OURS)).values()) <= set(fields.FIELDS)


@given(
    st.text("0123456789+ -/().", max_size=18),
    st.sampled_from(["", "0", "+381", "00381", "+", "00"]),
    st.sampled_from(["RS", "BA", "DE", "IT", "US"]),
)
def test_numbers_that_are_read_at_a_glance_are_what_the_parser_of_all_countries_says(
    rest: str, begins: str, country: str
) -> None:
    typed = " ".join((begins + rest).split())
    try:
        number = phonenumbers.parse(typed, country)
        wanted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        wanted = typed.casefold()
    assert matching.folded_address("phone", typed, country) == wanted
