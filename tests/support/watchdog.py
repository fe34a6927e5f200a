"""A child of the test run that outlives it by a moment: stops the throw-away PostgreSQL and removes its folder.

Run as `python watchdog.py FOLDER` with a pipe as standard input. The pipe ends when the test run ends, however it ends
(passed, SIGTERM, kill -9), so no signal handler and no atexit hook has to work for the clean-up to happen.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path


def postmaster_pid(data: Path) -> int | None:
    """The process id that the server wrote down, None when it never started or has gone."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def main(folder: Path) -> None:
    sys.stdin.buffer.read()
    pid = postmaster_pid(folder / "data")
    if pid is not None:
        os.kill(pid, signal.SIGQUIT)  # "immediate shutdown": nobody wants this data
        deadline = time.monotonic() + 10
        while postmaster_pid(folder / "data") == pid and is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
