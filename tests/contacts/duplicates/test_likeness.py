"""Which two records may be one person, by what they share; which keys bring them together."""

from __future__ import annotations

import pytest

from outreach.contacts.duplicates import blocks, keys, known, likeness
from outreach.contacts.duplicates.known import Known
from outreach.contacts.duplicates.likeness import Likeness

OWN, MOBILE = ("email", "vera.izvor@example.org"), ("phone", "+381641112233")
DESK = ("email", "newsroom@example.org")
RADIO = "radio primer"


def record(name: str, *reach: tuple[str, str], outlet: str = "", cyrillic: str = "") -> Known:
    return Known(1, known.ways_of(name, cyrillic=cyrillic), reach, [outlet] if outlet else [])


def like(one: Known, other: Known) -> Likeness | None:
    found, back = likeness.compare(one, other), likeness.compare(other, one)
    assert (found and found.score) == (back and back.score)
    return found


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Đorđe Ćosić", "Ђорђе Ћосић", "name"),
        ("Djordje Cosic", "Đorđe Ćosić", "name"),
        ("Izvor Vera", "Vera Izvor", "name"),
        ("dr Vera Izvor", "Vera Izvor", "name"),
        ("Vera Izvr", "Vera Izvor", "slip"),
        ("Vrea Izvor", "Vera Izvor", "slip"),
        ("Aleksandar Potočar", "Alexander Potocar", "slip"),
        ("V. Izvor", "Vera Izvor", "initial"),
        ("Vera Izvor-Potočar", "Vera Izvor", "longer"),
        ("Vera Potočar", "Vera Izvor", "one_word"),
        ("Milan Izvor", "Milana Izvor", "one_word"),
        ("Vera", "Vera Izvor", "one_word"),
        ("V. I.", "Vera Izvor", ""),
        ("Marko Potočar", "Vera Izvor", ""),
    ],
)
def test_names_are_alike_across_scripts_slips_order_initials_and_second_surnames(
    one: str, other: str, how: str
) -> None:
    mine, theirs = (known.words_of(known.ways_of(name)[0]) for name in (one, other))
    assert (likeness.of_words(mine, theirs), likeness.of_words(theirs, mine)) == (how, how)


@pytest.mark.parametrize(
    ("one", "other", "band", "codes"),
    [
        (record("Vera Izvor", OWN), record("Вера Извор", OWN), "likely", ["name", "email"]),
        (record("Vera Izvr", MOBILE), record("Vera Izvor", MOBILE), "likely", ["slip", "phone"]),
        (record("V. Izvor", MOBILE), record("Vera Izvor", MOBILE), "likely", ["initial", "phone"]),
        (record("Vera Izvor", outlet=RADIO), record("Vera Izvor", OWN, outlet=RADIO), "likely", ["name", "outlet"]),
        (record("Vera Izvor", OWN, outlet=RADIO), record("Vera Izvor", ("email", "v@example.org"), outlet=RADIO), "possible", ["name", "outlet"]),
        (record("Vera Izvor"), record("Vera Izvor"), "possible", ["name"]),
        (record("Vera Potočar", OWN), record("Vera Izvor", OWN), "possible", ["email", "one_word"]),
        (record("Nada Potočar", OWN, MOBILE), record("Vera Izvor", OWN, MOBILE), "possible", ["email", "phone"]),
        (record("John Smith", cyrillic="Џон Смит"), record("Џон Смит"), "possible", ["name"]),
    ],
)  # fmt: skip
def test_the_more_is_shared_the_likelier(one: Known, other: Known, band: str, codes: list[str]) -> None:
    found = like(one, other)
    assert found is not None
    assert (found.band, [code for code, _ in found.reasons]) == (band, codes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record("Nada Potočar", DESK, outlet=RADIO), record("Vera Izvor", DESK, outlet=RADIO)),
        (record("Vera Potočar", DESK, outlet=RADIO), record("Vera Izvor", DESK, outlet=RADIO)),
        (record("Nada Potočar", OWN), record("Vera Izvor", OWN)),
        (record("Nada Potočar", MOBILE, outlet=RADIO), record("Vera Izvor", MOBILE, outlet=RADIO)),
        (record("Vera Izvr"), record("Vera Izvor")),
        (record(""), record("Vera Izvor")),
    ],
)
def test_a_desk_an_outlet_or_a_switchboard_do_not_make_two_people_one(one: Known, other: Known) -> None:
    assert like(one, other) is None


def test_an_address_that_many_have_says_no_more_than_a_desk() -> None:
    one, other = record("Vera Potočar", OWN), record("Vera Izvor", OWN)
    assert likeness.compare(one, other, {keys.address_key(*OWN)}) is None


@pytest.mark.parametrize(
    "other",
    [
        record("Вера Извор", outlet=RADIO), record("Izvor Vera", outlet=RADIO), record("Vera Izovr", outlet=RADIO),
        record("V. Izvor", outlet=RADIO), record("Vera Izvor Potočar", outlet=RADIO), record("Veraa Izvor"),
        record("Nada Potočar", OWN),
    ],
)  # fmt: skip
def test_whoever_may_be_one_shares_a_key(other: Known) -> None:
    one = record("Vera Izvor", OWN, outlet=RADIO)
    assert keys.keys_of_known(one) & keys.keys_of_known(other)


def test_keys_are_made_without_a_record_too() -> None:
    made = keys.keys_of(["vera izvor"], [OWN, ("web", "example.org")], [RADIO])
    assert made == keys.keys_of_known(record("Vera Izvor", OWN, outlet=RADIO))
    assert sorted(keys.kind_of(key) for key in made) == [keys.ADDRESS, keys.NAME, keys.PLACE, keys.PLACE]
    assert all(0 < key < 2**63 for key in made)
    assert keys.keys_of([], [], []) == set()


def test_a_block_is_compared_whole_up_to_200_people_and_split_by_a_second_key_beyond() -> None:
    address, place = keys.ADDRESS << 32, keys.PLACE << 32
    assert len(blocks.pairs_of([(address, range(200))], lambda people: ())) == 200 * 199 // 2
    crowd = list(range(300))
    second = [(place + person // 2, person) for person in crowd if person < 10]
    found = blocks.pairs_of([(address, crowd)], lambda people: [(address, person) for person in people] + second)
    assert found == {(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)}


def test_a_common_name_alone_brings_nobody_together() -> None:
    name = keys.NAME << 32
    assert blocks.pairs_of([(name, [1, 2])], lambda people: ()) == {(1, 2)}
    assert blocks.pairs_of([(name, [1, 2, 3])], lambda people: ()) == set()
