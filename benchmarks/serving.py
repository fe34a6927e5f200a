"""What the benchmarks of pages share: the environment of their peers, the server, and what it costs."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"
VENV = ROOT / "var" / "bench-venv"
# As `python -m outreach web` starts it.
GRANIAN = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1", "--host", "127.0.0.1", "--workers", "2"]
GRANIAN += ["--blocking-threads", "16", "--backpressure", "12", "--workers-kill-timeout", "5", "--log-level", "error"]


def prepare() -> Path:
    """The environment of what only benchmarks need, made anew when its requirements change; its Python."""
    stamp, wanted = VENV / "made", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    python = VENV / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {REQUIREMENTS.relative_to(ROOT)} into {VENV.relative_to(ROOT)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        stamp.write_text(wanted)
    return python


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], folder: Path, env: Mapping[str, str], port: int, path: str) -> Iterator[int]:
    """A server on loopback that has answered once, by its process group; ended with all its workers at the end."""
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **env}, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).close()
                break
            except (urllib.error.URLError, OSError):
                if time.monotonic() > until or process.poll() is not None:
                    raise SystemExit(f"no answer: {command}") from None
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def cpu(group: int) -> float:
    """Seconds of processor that a server and its workers have used."""
    used = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")
