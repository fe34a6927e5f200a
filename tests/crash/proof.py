"""One run of the proof: an office at work, its processes killed and paused, then calm, then the reckoning."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from config import ROOT
from outreach.house import House
from outreach.mail.models import MailAttempt
from tests.crash import check, sink
from tests.crash.crew import Crew, Nursery
from tests.crash.office import Office, settings_for
from tests.support.moment import Moment
from tests.support.processes import environment

WINDOW = 16
ENOUGH = 6  # mails
QUIET, MOST = 1.5, 150.0  # seconds
PAUSE = 2.0  # seconds longer than a lease: after one of them a worker is taken for dead


@dataclass(frozen=True)
class Trial:
    """What is tried. `strikes`: how many steps the storm has at least, in each of which somebody is killed or paused,
    unless a failpoint sees to that; it goes on, up to four times as long, until so many `mails` are planned. `faults`: for
    which part of all mails the server fails."""

    seed: int
    people: int
    strikes: int
    mails: int = 0
    faults: float = 0.08
    failpoint: str = ""
    mutant: str = ""
    lease: int = 1  # seconds
    between: tuple[float, float] = (0.1, 0.3)  # seconds between two strikes
    later: tuple[int, ...] = (1, 39)  # days after the storm: daily, weekly and monthly digests are due, too

    @property
    def offers(self) -> tuple[str, ...]:
        """What the server offers: seed by seed nothing, commands in groups, mails in one piece."""
        return (("PIPELINING", "CHUNKING"), (), ("PIPELINING",))[self.seed % 3]


@dataclass(frozen=True)
class Outcome:
    """What came of it. `broken` is empty when every promise was kept."""

    kills: int
    pauses: int
    messages: int
    stored: int
    duplicates: int
    uncertain: int
    most_marked: int
    seconds: float
    broken: Counter[str]


def run(trial: Trial, folder: Path, url: str) -> Outcome:
    """Try it in a house below the empty folder, with the empty database at `url`."""
    begun, log = time.monotonic(), folder / "sink.log"
    with server(log, trial) as port:
        settings = settings_for(folder, url, port, trial.lease, WINDOW, trial.failpoint)
        house = House.open(settings)
        office = Office(house, Moment(folder / "clock-offset"), random.Random(trial.seed), trial.people)
        office.opens()
        env = environment(
            settings, MAIL_ALLOW="*@example.org", MAIL_LEASE=str(trial.lease), MAIL_WINDOW=str(WINDOW), MAIL_CONNECTIONS="3",
            FAILPOINT=trial.failpoint,
        )  # fmt: skip
        with Crew(Nursery(env, folder / "processes.log", trial.mutant), trial.lease + PAUSE) as crew:
            storm(trial, office, crew)
            log.with_suffix(".calm").touch()
            crew.starts_afresh()
            settle(office, crew)
            for days in trial.later:
                office.moment.moves(days=days)
                settle(office, crew, is_last=days == trial.later[-1])
    outcome = reckon(office, crew, sink.read(log), begun)
    house.db.dispose()
    return outcome


def storm(trial: Trial, office: Office, crew: Crew) -> None:
    for step in range(4 * trial.strikes):
        if step >= trial.strikes and office.mails() >= trial.mails:
            break
        time.sleep(office.dice.uniform(*trial.between))
        breathe(office)
        office.goes_on(step)
        if not trial.failpoint:
            crew.strike(office.dice)
        crew.goes_on()
        office.looks()


def breathe(office: Office) -> None:
    """On a busy machine: until a few mails have arrived since the last strike, else nobody ever gets anywhere."""
    enough, until = len(office.delivered) + ENOUGH, time.monotonic() + 0.7
    office.looks()
    while len(office.delivered) < enough and office.waiting() and time.monotonic() < until:
        time.sleep(0.02)
        office.looks()


def settle(office: Office, crew: Crew, is_last: bool = False) -> None:
    """Until nothing has waited to leave for a while, or for too long; the clock passes every waiting time.

    `is_last`: it is also waited until everything is planned. What expired, because no worker came between its plan and
    a jump of the clock, is so with the next slot of its cadence.
    """
    since, until = time.monotonic(), time.monotonic() + MOST
    while time.monotonic() - since < QUIET and time.monotonic() < until:
        time.sleep(0.1)
        crew.goes_on()
        office.looks()
        is_waiting, is_owing = office.waiting() > 0, is_last and office.owes() > 0
        office.moment.moves(hours=4 if is_owing and not is_waiting else 0, minutes=4)
        if is_waiting or is_owing:
            since = time.monotonic()


def reckon(office: Office, crew: Crew, copies: list[sink.Copy], begun: float) -> Outcome:
    found = check.broken(office, copies)
    if found[check.LOST]:
        check.tell(office, copies)
    found[check.OVERFULL] = max(0, office.most_marked - WINDOW)
    with office.house.db.read() as session:
        unsure = select(func.count()).select_from(MailAttempt).where(MailAttempt.phase == "uncertain")
        uncertain = session.scalar(unsure) or 0
    return Outcome(
        kills=crew.kills + crew.deaths, pauses=crew.pauses, messages=office.mails(), stored=len(copies),
        duplicates=len(copies) - len({copy.message_id for copy in copies}), uncertain=uncertain,
        most_marked=office.most_marked, seconds=time.monotonic() - begun, broken=+found,
    )  # fmt: skip


@contextmanager
def server(log: Path, trial: Trial) -> Iterator[int]:
    """The sink as a process of its own; its port."""
    line = [sys.executable, "-m", "tests.crash.sink", str(log), str(trial.seed), str(trial.faults)]
    process = subprocess.Popen(
        [*line, *trial.offers], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate(timeout=20)
