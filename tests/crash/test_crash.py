"""D-01 to D-08 under kill -9: a sample of the proof. `make prove` has the failpoints and the mutants; `make crash` has all
of it, 1,000 kills for each database."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from outreach import clock
from outreach.house import House
from outreach.language import Variant
from outreach.mail import outbox
from outreach.mail.failpoints import POINTS
from tests.crash import check
from tests.crash.__main__ import PIPELINED, at_failpoint, is_caught, mutated
from tests.crash.crew import Died, Nursery
from tests.crash.mutants import MUTANTS
from tests.crash.office import Cut, Office, settings_for
from tests.crash.proof import Trial, run
from tests.crash.sink import Copy
from tests.mail.letters import words
from tests.support.databases import Stock
from tests.support.moment import Moment


@pytest.fixture
def fresh(engine: str, stock: Stock, tmp_path: Path):
    """An empty folder, and an empty database that lies in it if it is a file."""
    with stock.fresh(engine, tmp_path) as url:
        yield tmp_path, url


def test_d01_to_d08_hold_while_planners_and_workers_are_killed(fresh) -> None:
    outcome = run(Trial(seed=3, people=60, strikes=32, mails=100, between=(0.05, 0.15), later=(40,)), *fresh)
    assert outcome.broken == {}
    assert outcome.kills >= 24
    assert outcome.messages >= 100


@pytest.mark.prove
@pytest.mark.parametrize("seed", PIPELINED)
@pytest.mark.parametrize("does", ["kill", "pause"])
@pytest.mark.parametrize("point", POINTS)
def test_d06_every_promise_is_kept_at_each_failpoint(fresh, point: str, does: str, seed: int) -> None:
    assert run(at_failpoint(f"{point}:{does}", seed), *fresh).broken == {}


@pytest.mark.prove
@pytest.mark.parametrize("name", MUTANTS)
def test_d06_each_mutant_breaks_its_promise_and_the_proof_says_which(fresh, name: str) -> None:
    outcome = run(mutated(name), *fresh)
    assert is_caught(name, outcome), outcome.broken


def test_a_starter_that_ended_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    nursery = Nursery(dict(os.environ), tmp_path / "processes.log", mutant="nobody")
    with pytest.raises(Died, match="(?s)ended with 1: .*KeyError: 'nobody'"):
        nursery.ask("worker")


def test_planners_and_workers_start_without_flask_and_cannot_import_it() -> None:
    program = (
        "import sys; from tests.crash import starter; assert 'flask' not in sys.modules;"
        "sys.meta_path.insert(0, starter.NoFlask()); import flask"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "ImportError: planners and workers do without Flask" in done.stderr


def test_what_no_mutant_breaks_the_check_sees_in_the_log(fresh) -> None:
    """Copies made up by hand: to the wrong reader, with another one's links, of an item not asked for, after the end."""
    folder, url = fresh
    house = House.open(settings_for(folder, url, 1, 1, 16))
    office = Office(house, Moment(folder / "clock-offset"), random.Random(1), 6)
    office.opens()
    office.publishes()
    office.publishes()
    told = {"sha": "", "recipients": ["reader1@example.org"], "to": "reader1@example.org"}
    first = Copy(at=2, message_id="one", items=[2], readers=["1"], **told)
    assert set(check.in_pairs(office, [first])) == {check.UNASKED, check.LOST}
    office.stops[1], office.withdrawals[2] = Cut(1, frozenset()), Cut(1, frozenset({"one"}))
    assert list(check.in_time(office, [first])) == [check.STOPPED]
    office.withdrawals[2] = Cut(1, frozenset())
    assert sorted(check.in_time(office, [first])) == [check.STOPPED, check.WITHDRAWN]
    with house.db.transaction() as session:
        mail = outbox.enqueue(
            session, house, clock.now(), kind="test", ref="subscriber:2", to_address="reader2@example.org",
            variant=Variant.EN, words=words(),
        )  # fmt: skip
        assert mail is not None
        theirs = Copy(at=2, message_id=mail.message_id, items=[2], readers=["2"], **told)
        assert set(check.in_mails(session, office, [theirs])) == {check.CROSS_TALK, check.LIES}
    assert check.broken(office, [])[check.OPEN] == 1
    house.db.dispose()
