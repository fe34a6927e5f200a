"""Real planners and workers: started, killed, paused for longer than their lease, and started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from types import TracebackType

from config import ROOT

#: The armed ones come to their failpoint, when there is one; the others must take over.
ROLES = ("worker armed", "worker armed", "worker armed", "worker armed", "worker", "planner armed", "planner")


class Died(Exception):
    """The starter ended by itself, so that nobody answers."""


class Nursery:
    """The starter process and what it is asked. What it and its forks say is in `log`."""

    def __init__(self, env: dict[str, str], log: Path, mutant: str = "") -> None:
        self.log = log
        line = [sys.executable, "-m", "tests.crash.starter", *([mutant] if mutant else [])]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                line, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out, text=True
            )

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):  # it has ended: told below
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            self.process.communicate(timeout=20)
            raise Died(f"the starter ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")
        return answer.strip()


@dataclass
class Crew:
    """Five workers and two planners. `pause`: seconds that one stands still; `paused`: the ids of those that do."""

    nursery: Nursery
    pause: float
    roles: Sequence[str] = ROLES
    members: list[int] = field(default_factory=list)
    paused: set[int] = field(default_factory=set)
    kills: int = 0
    pauses: int = 0
    deaths: int = 0

    def __enter__(self) -> Crew:
        self.members = [int(self.nursery.ask(role)) for role in self.roles]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in self.members:
            os.kill(pid, signal.SIGKILL)
        self.nursery.process.communicate(timeout=20)

    def kill(self, number: int) -> None:
        """-9, wait until it is gone, and start another one."""
        pid = self.members[number]
        self.paused.discard(pid)
        os.kill(pid, signal.SIGKILL)
        self.nursery.ask(f"wait {pid}")
        self.members[number] = int(self.nursery.ask(self.roles[number]))
        self.kills += 1

    def stop(self, number: int) -> None:
        """It stands still for longer than its lease, and lives on."""
        pid = self.members[number]
        os.kill(pid, signal.SIGSTOP)
        self.paused.add(pid)
        self.pauses += 1
        # In a thread, because whoever stands still may hold the lock that we wait for.
        waker = Timer(self.pause, self.wake, [pid])
        waker.daemon = True
        waker.start()

    def wake(self, pid: int) -> None:
        if pid in self.paused:
            self.paused.discard(pid)
            os.kill(pid, signal.SIGCONT)

    def goes_on(self) -> None:
        """Start those again that a failpoint killed."""
        while answer := self.nursery.ask("ended"):
            pid, status = map(int, answer.split())
            assert status == -signal.SIGKILL, f"a process ended by itself with {status}: see its log"
            number = self.members.index(pid)
            self.members[number] = int(self.nursery.ask(self.roles[number]))
            self.deaths += 1

    def strike(self, dice: random.Random) -> None:
        """Kill one of them, or sometimes pause one."""
        awake = [number for number, pid in enumerate(self.members) if pid not in self.paused]
        # Mostly a worker: a planner needs longer for what it does at once.
        number = dice.choices(awake, [1 if "planner" in self.roles[number] else 3 for number in awake])[0]
        if dice.random() < 0.05 and len(self.paused) < 2:
            self.stop(number)
        else:
            self.kill(number)

    def starts_afresh(self) -> None:
        """Everybody awake, without failpoints and with no memory of a server that failed."""
        self.roles = [role.partition(" ")[0] for role in ROLES]
        for number in range(len(self.members)):
            self.kill(number)
            self.kills -= 1
