"""The command that compares everybody."""

from __future__ import annotations

import gc
from collections.abc import Collection
from datetime import datetime

import click

import config
from outreach import clock
from outreach.contacts.duplicates import finding, keys
from outreach.contacts.duplicates.models import LIKELY
from outreach.house import House, opened


@click.command()
def compare() -> None:
    """Compare all people with each other and note who may be on record twice. Judgements stay; twice is once."""
    gc.freeze()  # what is loaded stays, and comparing makes no circles: looking for some would take half the time
    gc.disable()
    with opened(config.load()) as house:
        begun, alike = clock.now(), dict[tuple[int, int], str]()
        _file(house)
        with house.db.read() as reading:
            for found in finding.compare_everybody(reading):
                with house.db.transaction() as session:
                    finding.note(session, clock.now(), found)
                alike |= {pair: like.band for pair, like in found.items()}
        _forget(house, begun, alike)
    likely = sum(band == LIKELY for band in alike.values())
    click.echo(f"Pairs that may be one person: {len(alike)}, of them likely: {likely}.")


def _file(house: House) -> None:
    """Give keys to people who have none."""
    people = [0]
    while people:
        with house.db.transaction() as session:
            people = finding.unfiled(session, people[-1], 500)
            keys.refile(session, people)


def _forget(house: House, begun: datetime, alike: Collection[tuple[int, int]]) -> None:
    """Drop what earlier comparisons found and this one did not."""
    after, is_first = 0, True
    while after or is_first:
        with house.db.transaction() as session:
            after, is_first = finding.forget_the_rest(session, begun, alike, after), False
