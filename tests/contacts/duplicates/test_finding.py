"""Pairs are found after changes and among all; a judgement is remembered; who is typed in is checked before saving."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select

from outreach import clock
from outreach.__main__ import outreach
from outreach.contacts import filing
from outreach.contacts.duplicates import check, finding, jobs, judging, keys, wording
from outreach.contacts.duplicates.check import Typed
from outreach.contacts.duplicates.models import CandidatePair, PersonKey, Uncompared
from outreach.contacts.models import ContactAddress, Person
from outreach.house import House
from outreach.language import Variant, text
from tests.contacts.duplicates.register import add, two
from tests.contacts.rewriting import rewrite
from tests.support.processes import environment

VERA = {"name": "Vera Izvor", "email": "vera@example.org", "phone": "064 111 22 33", "outlet": "Radio Primer"}
AGAIN = {"name": "Вера Извор", "email": "izvor@example.org", "phone": "+381 64 1112233", "outlet": "Дневник Пример"}


def pairs(house: House) -> list[CandidatePair]:
    with house.db.read() as session:
        return list(session.scalars(select(CandidatePair).order_by(CandidatePair.id)))


@pytest.mark.both
def test_the_job_compares_who_is_new_and_finds_the_pair_with_its_reasons(house: House) -> None:
    ids = two(house, VERA, AGAIN)
    jobs.compare_changed(house)
    (pair,) = pairs(house)
    assert ((pair.low_id, pair.high_id), pair.band, pair.judgement) == (ids, "likely", "")
    assert [code for code, _ in pair.reasons] == ["name", "phone"]
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Uncompared)) == 0
    jobs.compare_changed(house)
    assert len(pairs(house)) == 1


def test_a_pair_that_is_alike_no_more_goes_but_a_judged_one_stays(house: House) -> None:
    _, high = two(house, VERA, AGAIN)
    jobs.compare_changed(house)
    with house.db.transaction() as session:
        rewrite(session, house, clock.now(), high, name="Nada Potočar")
    jobs.compare_changed(house)
    assert pairs(house) == []
    with house.db.transaction() as session:
        rewrite(session, house, clock.now(), high, name="Vera Izvor")
    jobs.compare_changed(house)
    with house.db.transaction() as session:
        judging.judge(session, clock.now(), *[pairs(house)[0].low_id, high], "different", None)
        rewrite(session, house, clock.now(), high, name="Nada Potočar")
    jobs.compare_changed(house)
    assert [pair.judgement for pair in pairs(house)] == ["different"]


@pytest.mark.parametrize("judgement", ["different", "unsure"])
def test_a_judged_pair_is_asked_again_only_when_there_is_a_new_reason(house: House, judgement: str) -> None:
    low, high = two(house, VERA, AGAIN)
    jobs.compare_changed(house)
    with house.db.transaction() as session:
        judging.judge(session, clock.now(), low, high, judgement, None)
        filing.refile(session, [low, high])
    jobs.compare_changed(house)
    assert [pair.judgement for pair in pairs(house)] == [judgement]
    with house.db.transaction() as session:
        theirs = session.scalars(select(ContactAddress).where(ContactAddress.person_id == high)).first()
        assert theirs is not None
        theirs.folded = theirs.value = "vera@example.org"
        filing.refile(session, [high])
    jobs.compare_changed(house)
    (pair,) = pairs(house)
    assert (pair.judgement, pair.judged_on) == ("", [])
    with house.db.transaction() as session:
        judging.judge(session, clock.now(), low, high, judgement, None)
        session.execute(delete(ContactAddress).where(ContactAddress.person_id == high, ContactAddress.kind == "email"))
        filing.refile(session, [high])
    jobs.compare_changed(house)
    (pair,) = pairs(house)
    assert (pair.judgement, len(pair.reasons), len(pair.judged_on)) == (judgement, 2, 3)


def test_who_has_ended_has_no_keys_and_no_pairs(house: House) -> None:
    _, high = two(house, VERA, AGAIN)
    jobs.compare_changed(house)
    with house.db.transaction() as session:
        session.get_one(Person, high).ended_at = clock.now()
        filing.refile(session, [high])
        assert session.scalars(select(PersonKey).where(PersonKey.person_id == high)).all() == []
    assert pairs(house) == []


@pytest.mark.both
def test_rows_of_bulk_writers_are_those_of_refile(house: House) -> None:
    ids = two(house, VERA, AGAIN)
    with house.db.transaction() as session:
        filed = select(PersonKey.key, PersonKey.person_id).order_by(PersonKey.key, PersonKey.person_id)
        before = session.execute(filed).all()
        for table in (PersonKey, Uncompared):
            session.execute(delete(table))
        made = {
            ids[0]: keys.keys_of(["vera izvor"], [("email", "vera@example.org"), ("phone", "+381641112233")], ["radio primer"]),
            ids[1]: keys.keys_of(["vera izvor"], [("email", "izvor@example.org"), ("phone", "+381641112233")], ["dnevnik primer"]),
        }  # fmt: skip
        keys.insert_rows(session.connection(), made.items())
        assert session.execute(filed).all() == before
        assert set(session.scalars(select(Uncompared.person_id))) == set(ids)


@pytest.mark.both
def test_the_command_compares_everybody_and_keeps_judgements(house: House) -> None:
    low, high = two(house, VERA, AGAIN)
    with house.db.transaction() as session:
        third = add(session, house, "Vera Izvor", phone="064 111 22 33").id
        add(session, house, "Nada Potočar", outlet="Radio Primer")
        session.execute(delete(PersonKey).where(PersonKey.person_id == third))  # as before keys were filed at all
        judging.judge(session, clock.now(), low, high, "different", None)
    env = environment(house.settings)
    for _ in range(2):
        done = CliRunner().invoke(outreach, ["contacts", "compare"], env=env, catch_exceptions=False)
        assert done.output == "Pairs that may be one person: 3, of them likely: 3.\n"
    assert {(pair.low_id, pair.high_id): pair.judgement for pair in pairs(house)} == {
        (low, high): "different", (low, third): "", (high, third): "",
    }  # fmt: skip
    with house.db.transaction() as session:
        session.execute(delete(ContactAddress).where(ContactAddress.person_id == third))
        session.execute(delete(PersonKey).where(PersonKey.person_id == third))
    done = CliRunner().invoke(outreach, ["contacts", "compare"], env=env, catch_exceptions=False)
    assert done.output == "Pairs that may be one person: 1, of them likely: 1.\n"
    assert len(pairs(house)) == 1


@pytest.mark.both
def test_before_saving_it_is_told_who_may_be_the_same_and_why(house: House) -> None:
    low, high = two(house, VERA, {"name": "Nada Potočar", "email": "newsroom@example.org", "outlet": "Radio Primer"})
    with house.db.read() as session:
        typed = Typed(
            "Vera Izvr",
            [("phone", "064/111-22-33"), ("email", ""), ("email", "newsroom@example.org")],
            ["Радио Пример"],
        )
        (found,) = check.likely(session, house, typed)
        assert (found.person_id, found.name, found.outlet, found.like.band) == (
            low,
            "Vera Izvor",
            "Radio Primer",
            "likely",
        )
        said = [text(Variant.EN, words) for words in wording.said(found.like.reasons, found.name, found.outlet)]
        assert "Same phone as Vera Izvor (Radio Primer)" in said
        assert check.likely(session, house, Typed("Vera Izvor", [("phone", "064 111 22 33")], person_id=low)) == []
        assert check.likely(session, house, Typed("")) == []
        assert check.likely(session, house, Typed("Somebody Else", [("email", "newsroom@example.org")])) == []


def test_who_was_judged_to_be_another_is_not_told_again(house: House) -> None:
    low, high = two(house, VERA, AGAIN)
    typed = Typed("Вера Извор", [("phone", "064 111 22 33")], person_id=high)
    with house.db.transaction() as session:
        assert [found.person_id for found in check.likely(session, house, typed)] == [low]
        judging.judge(session, clock.now(), low, high, "different", None)
        assert check.likely(session, house, typed) == []


def test_a_switchboard_of_hundreds_leaves_those_who_share_a_second_key(house: House) -> None:
    with house.db.transaction() as session:
        wanted = add(session, house, "Vera Izvor", phone="011 100 200", outlet="Radio Primer").id
        for number in range(205):
            add(session, house, f"Somebody {number}x", phone="011 100 200", outlet="Radio Primer")
    with house.db.read() as session:
        typed = Typed("Vera Izvor", [("phone", "011 100 200")], ["Radio Primer"])
        assert [found.person_id for found in check.likely(session, house, typed)] == [wanted]
        assert check.likely(session, house, Typed("Nobody Here", [("phone", "011 100 200")])) == []


def test_of_two_blocks_that_are_too_large_those_in_both_are_compared(house: House) -> None:
    with house.db.transaction() as session:
        for number in range(202):
            add(session, house, f"Vera Somebody{number}x", phone="011 100 200", outlet="Radio Primer")
        both = add(session, house, "Vera Izvor", phone="064 111 22 33", outlet="Radio Primer").id
    switchboard, place = (
        keys.keys_of([name], reach, outlets)
        for name, reach, outlets in (("", [("phone", "+38111100200")], []), ("vera", [], ["radio primer"]))
    )
    with house.db.read() as session:
        assert finding.neighbours(session, switchboard).shared == {}
        near = finding.neighbours(session, switchboard | place)
        assert (len(near.shared), both in near.shared, near.crowded) == (200, False, switchboard)
