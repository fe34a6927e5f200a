"""Debian's Dovecot and Postfix on loopback, each from a configuration of the test's own; no service of the system."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mail import real_configurations
from tests.mail.servers import CERTIFICATES
from tests.support.processes import wait_until
from tests.support.smtp_server import free_port

PASSWORD = "right-p@ss"
DOVECOT, POSTFIX = "/usr/sbin/dovecot", "/usr/sbin/postfix"


def needs(program: str) -> None:
    """Skip where the program is not there or we may not start it; under CI a skipped test is a failed one."""
    if not os.access(program, os.X_OK) or os.geteuid() != 0:
        pytest.skip(f"needs {program}, and root, under which it gives up its rights")


@contextmanager
def folder(name: str) -> Iterator[Path]:
    """A folder that servers may enter, which give up root: pytest's own are closed to all others."""
    made = Path(tempfile.mkdtemp(prefix=f"outreach-{name}-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@dataclass
class Dovecot:
    """A user's mailbox, over IMAPS and POP3S."""

    base: Path
    imaps: int
    pops: int

    def url(self, scheme: str, place: str = "", password: str = "right-p%40ss") -> str:
        port = self.imaps if scheme == "imaps" else self.pops
        return f"{scheme}://reader%40example.org:{password}@localhost:{port}{place}"

    def put(self, raw: bytes, name: str) -> None:
        """As a mail server would leave it there: whole or not at all."""
        owner = pwd.getpwnam("dovecot")
        fresh = self.inbox / "tmp" / name
        fresh.write_bytes(raw)
        os.chown(fresh, owner.pw_uid, owner.pw_gid)
        fresh.rename(self.inbox / "new" / name)

    @property
    def inbox(self) -> Path:
        return self.base / "mail" / "reader@example.org"

    def left(self) -> int:
        """How many mails lie there still."""
        return sum(1 for part in ("new", "cur") for _ in (self.inbox / part).iterdir())


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot with an empty mailbox; gone at the end."""
    needs(DOVECOT)
    owner = pwd.getpwnam("dovecot")
    with folder("dovecot") as base:
        made = Dovecot(base, free_port(), free_port())
        for part in ("new", "cur", "tmp"):
            (made.inbox / part).mkdir(parents=True)
        subprocess.run(["chown", "-R", "dovecot:dovecot", str(base / "mail")], check=True)
        shutil.copy(CERTIFICATES / "good.pem", base / "server.pem")
        (base / "dovecot.conf").write_text(
            real_configurations.DOVECOT.format(
                base=base, uid=owner.pw_uid, gid=owner.pw_gid, imaps=made.imaps, pops=made.pops, password=PASSWORD
            )
        )
        with _running([DOVECOT, "-F", "-c", str(base / "dovecot.conf")], base / "log", (made.imaps, made.pops)):
            yield made


@dataclass
class Postfix:
    """A mail server that knows reader@example.org, bounces what is for others there, and pipes what is for us."""

    base: Path
    port: int

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    def kept(self) -> list[bytes]:
        """What it delivered into the reader's mailbox, the oldest first."""
        return [file.read_bytes() for file in sorted((self.base / "mail" / "reader" / "new").glob("*"))]

    def flush(self) -> None:
        """Try again what was put off."""
        subprocess.run(["/usr/sbin/postqueue", "-c", str(self.base), "-f"], check=True)

    def said(self) -> str:
        log = self.base / "log"
        return log.read_text() if log.exists() else ""


@contextmanager
def postfix(take: Callable[[str, bytes], int]) -> Iterator[Postfix]:
    """A running Postfix. What comes for press.example.org goes through its pipe to `take`, whose result is the exit code.

    The pipe's user may not enter the folders of whoever runs the tests, so its script hands over to this process.
    """
    needs(POSTFIX)
    with folder("postfix") as base, _counter(take) as counter:
        made, nobody = Postfix(base, free_port()), pwd.getpwnam("nobody")
        for name, owner in (
            ("queue", 0),
            ("data", pwd.getpwnam("postfix").pw_uid),
            ("mail", nobody.pw_uid),
            ("spool", nobody.pw_uid),
        ):
            (base / name).mkdir()
            os.chown(base / name, owner, -1)
        script = base / "receive"
        script.write_text(_PIPE.format(spool=base / "spool", port=counter))
        script.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        (base / "main.cf").write_text(real_configurations.MAIN.format(base=base, uid=nobody.pw_uid, gid=nobody.pw_gid))
        (base / "master.cf").write_text(real_configurations.MASTER.format(port=made.port, script=script))
        with _running(
            [POSTFIX, "-c", str(base), "start-fg"],
            base / "log",
            (made.port,),
            ended_by=[POSTFIX, "-c", str(base), "stop"],
        ):
            yield made


_PIPE = """#!/bin/bash
file=$(mktemp {spool}/XXXXXX) && cat > "$file" && exec 3<>/dev/tcp/127.0.0.1/{port} && echo "$file $1" >&3 && read -r code <&3 && exit "$code"
exit 75
"""


@contextmanager
def _counter(take: Callable[[str, bytes], int]) -> Iterator[int]:
    """Where the pipe's script brings each mail: a port that takes the name of a file and answers with an exit code."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    with caller:
                        name, _, recipient = caller.makefile().readline().strip().partition(" ")
                        caller.sendall(b"%d\n" % take(recipient, Path(name).read_bytes()))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@contextmanager
def _running(words: list[str], log: Path, ports: tuple[int, ...], ended_by: list[str] | None = None) -> Iterator[None]:
    """A server in the foreground until the end; it answers on these ports."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def told() -> str:
        return f"{words}: {process.poll()}\n{log.read_text() if log.exists() else ''}"

    try:
        wait_until(lambda: all(map(_answers, ports)), told)
        yield
    finally:
        if ended_by is not None:
            subprocess.run(ended_by, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        else:
            process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        if process.poll() is None:
            process.kill()
            process.wait()
        time.sleep(0.1)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
