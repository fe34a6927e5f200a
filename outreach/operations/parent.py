"""The parent process: starts web, scheduler and delivery, starts each again when it dies, stops all on a signal.

A signal in the terminal reaches only the parent, because each child has a session of its own; a child hears of the
parent's death from the kernel. So nothing is left running, whichever of them is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
PATIENCE = 15.0  # seconds a child has for its last request, mail or job
PR_SET_PDEATHSIG = 1


class Child:
    """One process, its back-off and the time it was started."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.back_off = 0.2
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "outreach", self.name]
        become = partial(_become_child, os.getpid())
        self.process = subprocess.Popen(command, start_new_session=True, preexec_fn=become)
        self.started_at = time.monotonic()
        self.due_at: float | None = None

    def keep_alive(self) -> None:
        """Start again what has died, later each time; a child that lived ten seconds is trusted anew."""
        moment = time.monotonic()
        if self.due_at is not None:
            if moment >= self.due_at:
                self.start()
        elif self.process.poll() is not None:
            self.kill()  # what it left behind: a worker of the web server would go on answering with the old code
            lived = moment - self.started_at
            self.back_off = 0.2 if lived > 10 else min(self.back_off * 2, 30.0)
            print(f"{self.name} ended with {self.process.returncode}; starting it again", file=sys.stderr, flush=True)
            self.due_at = moment + self.back_off

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def run(names: tuple[str, ...], ready: Callable[[], None]) -> None:
    """Keep these children alive until a signal; `ready` is called once, after they were started."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP | {signal.SIGCHLD})
    children = [Child(name) for name in names]
    try:
        ready()
        while _signal_within(0.5) not in STOP:
            for child in children:
                child.keep_alive()
    finally:
        _stop(children)


def _signal_within(seconds: float) -> int | None:
    heard = signal.sigtimedwait(STOP | {signal.SIGCHLD}, seconds)
    return heard.si_signo if heard else None


def _stop(children: list[Child]) -> None:
    """SIGTERM to each, then patience; a second signal skips the wait."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    end = time.monotonic() + PATIENCE
    while any(child.process.poll() is None for child in children) and time.monotonic() < end:
        if _signal_within(0.1) in STOP:
            break
    for child in children:
        child.kill()
        child.process.wait()


def _become_child(parent_id: int) -> None:
    """In the child, before it is the program: hear signals again, and hear of the parent's death."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP | {signal.SIGCHLD})
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent_id:  # it died before it could be heard of
        os._exit(0)
