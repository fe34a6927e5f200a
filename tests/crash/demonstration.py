"""10,000 fictional subscribers, killed twice in the middle: the planner while it plans, the worker while it delivers."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Select, func, select

from outreach.digests.models import DigestRecipient
from outreach.house import House
from outreach.mail.models import ACCEPTED, SENDING, OutboxEmail
from outreach.newsroom.models import NOTED, Publication
from tests.crash import check, sink
from tests.crash.crew import Nursery
from tests.crash.office import Office, settings_for
from tests.crash.proof import Trial, server
from tests.support.databases import build_schema
from tests.support.moment import Moment
from tests.support.processes import environment

PEOPLE, ITEMS = 10_000, 5


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="outreach-demonstration-") as folder:
        show(Path(folder))


def show(folder: Path) -> None:
    url = f"sqlite:///{folder / 'outreach.db'}"
    build_schema(url, folder / "schema.lock")
    with server(folder / "sink.log", Trial(seed=0, people=PEOPLE, strikes=0, faults=0)) as port:
        settings = settings_for(folder, url, port, lease=60, window=64)
        house = House.open(settings)
        daily = ({"*": "daily"},)
        office = Office(house, Moment(folder / "clock-offset"), random.Random(0), PEOPLE, daily, is_poisoned=False)
        office.opens()
        for _ in range(ITEMS):
            office.publishes()
        print(
            f"{PEOPLE:,} subscribers, {ITEMS} new items, daily digests at 8:00 and 17:00, SQLite, windows of 64 mails"
        )
        nursery = Nursery(environment(settings, MAIL_ALLOW="*@example.org"), folder / "processes.log")
        deliver(office, nursery)
        nursery.process.communicate(timeout=20)
    copies = sink.read(folder / "sink.log")
    found = check.broken(office, copies)
    print(f"stored {len(copies):,} copies of {len({copy.message_id for copy in copies}):,} mails")
    print(f"lost {found[check.LOST]}, unexplained {found[check.UNEXPLAINED]}, all broken promises {found.total()}")
    house.db.dispose()


def deliver(office: Office, nursery: Nursery) -> None:
    """Plan and deliver everything, with a kill in the middle of each."""
    begun = time.monotonic()
    planner, worker = int(nursery.ask("planner")), int(nursery.ask("worker"))
    say = lambda words: print(f"{time.monotonic() - begun:6.1f} s  {words}", flush=True)  # noqa: E731
    wait(lambda: noted(office) == ITEMS)
    office.moment.moves(hours=11)  # past both hours
    wait(lambda: planned(office) > PEOPLE / 4)
    kill(nursery, planner)
    say(f"the planner is killed (-9): {planned(office):,} digests are planned")
    planner = int(nursery.ask("planner"))
    wait(lambda: in_state(office, ACCEPTED) > PEOPLE / 3)
    kill(nursery, worker)
    say(
        f"the worker is killed (-9): {in_state(office, ACCEPTED):,} are accepted, {in_state(office, SENDING)} under way"
    )
    worker = int(nursery.ask("worker"))
    wait(lambda: not office.waiting() and not office.owes())
    say(
        f"finished: {planned(office):,} planned, {in_state(office, ACCEPTED):,} accepted, {doubted(office)} in doubt once"
    )
    for pid in (planner, worker):
        kill(nursery, pid)


def kill(nursery: Nursery, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    nursery.ask(f"wait {pid}")


def wait(true: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it does not come to an end"
        time.sleep(0.02)


def noted(office: Office) -> int:
    return number(office, select(func.count()).select_from(Publication).where(Publication.state == NOTED))


def planned(office: Office) -> int:
    return number(office, select(func.count()).select_from(DigestRecipient))


def in_state(office: Office, state: str) -> int:
    return number(office, select(func.count()).select_from(OutboxEmail).where(OutboxEmail.state == state))


def doubted(office: Office) -> int:
    return number(office, select(func.count()).select_from(OutboxEmail).where(OutboxEmail.uncertains > 0))


def number(office: Office, question: Select[int]) -> int:
    with office.house.db.read() as session:
        return session.scalar(question) or 0
