"""D-27: whatever happens in whatever order, every reader gets what they are owed, once, and nothing else."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from config import Settings
from outreach.house import House
from tests.digests.machine import Office
from tests.support import content
from tests.support.databases import Stock
from tests.support.moment import Moment


class Offices:
    """A fresh office for every run of the machine: its own database, and a folder with next to nothing in it."""

    def __init__(self, settings: Settings, stock: Stock, engine: str, folder: Path) -> None:
        self.settings, self.stock, self.engine, self.folder = settings, stock, engine, folder
        self.opened, self.number = ExitStack(), 0

    def __call__(self) -> Office:
        self.opened.close()
        self.number += 1
        var = self.folder / f"office-{self.number}"
        read = content.little(var / "content")
        self.opened.callback(shutil.rmtree, var)
        url = self.opened.enter_context(self.stock.fresh(self.engine, var))
        moment = Moment(var / "clock-offset")
        own = dataclasses.replace(
            self.settings, var_dir=var, content_dir=read, database_url=url, clock_file=moment.path
        )
        house = House.open(own)
        self.opened.callback(house.db.dispose)
        return Office(house, moment)


@pytest.fixture
def offices(settings, stock, engine, tmp_path):
    made = Offices(settings, stock, engine, tmp_path)
    yield made
    made.opened.close()


def run(offices: Callable[[], Office], examples: int, steps: int) -> None:
    quietly = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    rules = settings(max_examples=examples, stateful_step_count=steps, suppress_health_check=quietly, database=None)
    run_state_machine_as_test(offices, settings=rules)


def test_d27_whatever_happens_everybody_gets_what_they_are_owed_once(offices, engine):
    run(offices, examples=12 if engine == "sqlite" else 4, steps=20)


@pytest.mark.prove
def test_d27_two_thousand_times_fifty_steps(offices, engine):
    run(offices, examples=2000 if engine == "sqlite" else 200, steps=50)
