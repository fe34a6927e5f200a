"""Where the processes of the proof come from: everything is imported here once, and each worker and planner is a fork,
so that it is at work within a few milliseconds and kills meet it there. None of them can import Flask.

`python -m tests.crash.starter [MUTANT]`, with the settings in the environment. Each line on its standard input is
answered by one line: `worker` or `planner` starts one and gives its process id, and with `armed` behind it has the
failpoint of the settings; `wait ID` waits for the end of a process, and `ended` looks for one that ended by itself; both
give the id and how it ended, or nothing.
"""

from __future__ import annotations

import ctypes
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from typing import Any

import config
from outreach import schedule
from outreach.digests import jobs as digests
from outreach.house import House
from outreach.mail import failpoints
from outreach.mail import jobs as mail
from outreach.newsroom import jobs as newsroom

BETWEEN = 0.05  # seconds between two looks of a planner; the timetable waits for seconds
DIES_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG

log = logging.getLogger("crash")


class NoFlask:
    """Among the finders of modules: Flask is not to be found."""

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] == "flask":
            raise ImportError("planners and workers do without Flask")
        return None


def worker() -> None:
    """As `python -m outreach worker`."""
    mail.work(House.open(config.load()))


def planner() -> None:
    """The first two lines of the timetable of `python -m outreach scheduler`, without its pauses."""
    house = House.open(config.load())
    failpoints.arm(house.settings)
    while True:
        for job in (newsroom.read_content, digests.plan_due):
            assert any(entry.job is job for entry in schedule.TIMETABLE)
            try:
                job(house)
            except Exception:  # as the timetable does: told, and tried again
                log.exception("failed")
        time.sleep(BETWEEN)


ROLES = {"worker": worker, "planner": planner}


def start(role: Callable[[], None], is_armed: bool) -> int:
    """A process of its own in this role; its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        if not is_armed:
            os.environ.pop("FAILPOINT", None)
        random.seed()  # else all forks throw the same dice
        role()
    except BaseException:
        log.exception("ended")
    finally:
        os._exit(1)  # none of them ends by itself


def ended(pid: int, options: int) -> str:
    try:
        gone, status = os.waitpid(pid, options)
    except ChildProcessError:
        return ""
    return f"{gone} {os.waitstatus_to_exitcode(status)}" if gone else ""


def main(mutant: str = "") -> None:
    assert "flask" not in sys.modules
    sys.meta_path.insert(0, NoFlask())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(name)s %(message)s")
    if mutant:
        from tests.crash import mutants

        mutants.MUTANTS[mutant].take_over()
    for line in sys.stdin:
        word, _, what = line.strip().partition(" ")
        if word in ROLES:
            print(start(ROLES[word], what == "armed"), flush=True)
        else:
            print(ended(int(what), 0) if word == "wait" else ended(-1, os.WNOHANG), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
