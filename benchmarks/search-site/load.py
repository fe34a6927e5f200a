"""The load: wrk where it is installed, else a few threads of Python, which are themselves the limit of a fast site."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
LUA = Path(__file__).with_name("ask.lua")


@dataclass(frozen=True)
class Burst:
    """`rate` in requests per second; `late` is the 99th percentile of the answer's time in milliseconds."""

    requests: int
    rate: float
    late: float
    bad: int


def tool() -> str:
    return "wrk" if shutil.which("wrk") else "a loader in Python (install wrk: this one slows a fast site down)"


def burst(port: int, paths: Path, seconds: int) -> Burst:
    """Ask for the addresses in the file, one after the other and over again, for this long."""
    return _wrk(port, paths, seconds) if shutil.which("wrk") else _python(port, paths, seconds)


def _wrk(port: int, paths: Path, seconds: int) -> Burst:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(LUA)]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}", "--", str(paths)], capture_output=True, text=True, check=True
    )
    said = next(line.split()[1:] for line in done.stdout.splitlines() if line.startswith("said "))
    count, microseconds, bad, late = (int(figure) for figure in said)
    return Burst(count, count / microseconds * 1e6, late / 1000, bad)


def _python(port: int, paths: Path, seconds: int) -> Burst:
    asked, times, bad = paths.read_text().split("\n")[:-1], [], []
    until = time.perf_counter() + seconds

    def ask(start: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        number = start
        while (begun := time.perf_counter()) < until:
            connection.request("GET", asked[number % len(asked)])
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - begun)
            if answer.status != 200:
                bad.append(answer.status)
            number += 1

    threads = [threading.Thread(target=ask, args=(n * len(asked) // CONNECTIONS,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Burst(len(times), len(times) / seconds, sorted(times)[int(len(times) * 0.99)] * 1000, len(bad))
