"""The processes that a user's command starts: `python -m outreach serve` on a free port, stopped by its process id."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config import ROOT, Settings
from tests.support import postgres, quick
from tests.support.smtp_server import free_port

#: Seconds after which something that should have happened long ago is not waited for any more, on a busy machine too.
LONG = 120.0
#: What a command must not pick up from the machine the tests run on.
CLEAN = ("HOME", "LANG", "TMPDIR")


#: Becomes the command after it, which the kernel then stops (SIGTERM) when this test process is gone, even by kill -9.
LEASH = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment of a command that is to work with these settings."""
    env = {name: os.environ[name] for name in CLEAN if name in os.environ}
    env.update(
        BASE_URL=settings.base_url,
        VAR_DIR=str(settings.var_dir),
        CONTENT_DIR=str(settings.content_dir),
        DATABASE_URL=settings.database_url,
        SECRET_KEY=settings.secret_key,
        ADDRESS_PEPPER=settings.address_pepper,
        CLOCK_FILE=str(settings.clock_file),
        MAIL_URL=settings.mail_url,
        WEB_WORKERS="1",
        WEB_THREADS="8",
        PATH=os.pathsep.join((postgres.programs(), os.environ["PATH"])),
        PYTHONPATH=str(ROOT),
        PYTHONUNBUFFERED="1",
    )
    return env | more


def command(env: Mapping[str, str], *words: str, seconds: float = LONG) -> subprocess.CompletedProcess[str]:
    """Run `python -m outreach …` to its end, as a user would."""
    line = quick.line("outreach", *words)
    return subprocess.run(line, env=dict(env), cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)


@dataclass
class Office:
    """A running office: its parent process, its address and what it has printed."""

    env: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    parent: subprocess.Popen[bytes] | None = None
    started_in: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Office:
        """Start the parent and wait until the site answers."""
        begun = time.monotonic()
        env = self.env | {"PORT": str(self.port), "HOST": "127.0.0.1", "BASE_URL": self.url}
        with self.log.open("ab") as out:
            self.parent = subprocess.Popen(
                [sys.executable, "-c", LEASH, "-m", "outreach", "serve"],
                env=env,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        wait_until(lambda: self.answers() or self.has_ended(), self.printed)
        assert not self.has_ended(), f"the office did not start:\n{self.printed()}"
        self.started_in = time.monotonic() - begun
        return self

    def answers(self) -> bool:
        """Whether the home page comes back."""
        try:
            with urllib.request.urlopen(f"{self.url}/en/", timeout=5) as page:
                return bool(page.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def has_ended(self) -> bool:
        return self.parent is not None and self.parent.poll() is not None

    def printed(self) -> str:
        """Everything the processes wrote to their terminal."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def family(self) -> list[psutil.Process]:
        """The parent's descendants, as they are now."""
        assert self.parent is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.parent.pid).children(recursive=True)
        return []

    def child(self, word: str) -> psutil.Process | None:
        """The living child with this word in its command line: worker, scheduler, granian."""
        assert self.parent is not None
        for child in psutil.Process(self.parent.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if word in child.cmdline():
                    return child
        return None

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask the parent to stop, wait for the whole family; the parent's exit status."""
        assert self.parent is not None
        family = self.family()
        self.parent.send_signal(sign)
        try:
            status = self.parent.wait(LONG)
        finally:
            for process in [p for p in family if p.is_running()]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.wait(0 if self.parent.poll() is None else LONG)
        return status

    def kill(self) -> None:
        """The end of a test that failed half-way: nothing of ours stays behind."""
        if self.parent is None:
            return
        for process in [*self.family(), self.parent]:
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                process.kill()
        self.parent.wait(LONG)


@contextlib.contextmanager
def running(env: dict[str, str], log: Path) -> Iterator[Office]:
    """A running office, gone at the end whatever happened."""
    opened = Office(env, log)
    try:
        yield opened.start()
    finally:
        opened.kill()


def wait_until(true: Callable[[], object], told: Callable[[], str] = str) -> None:
    """Ask every tenth of a second until it is so; fails with what `told` says."""
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline, f"not within {LONG} s\n{told()}"
        time.sleep(0.1)
