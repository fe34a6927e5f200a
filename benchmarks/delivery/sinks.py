"""Where the mails go: postfix's smtp-sink, and a light sink of our own that costs a tenth of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).resolve().parent
SBIN = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def what_is_missing() -> str | None:
    """A sentence when the programs that are measured beside ours are not on this machine."""
    wanted = [name for name in ("smtp-source", "smtp-sink") if shutil.which(name, path=SBIN) is None]
    if not wanted:
        return None
    return f"{' and '.join(wanted)} not found: on Debian, apt-get install --no-install-recommends postfix"


def program(name: str) -> str:
    found = shutil.which(name, path=SBIN)
    assert found is not None
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sink(ABC):
    """A server process on a port of this machine, gone at the end."""

    takes_tls = False

    def __init__(self) -> None:
        self.port = free_port()

    @abstractmethod
    def command(self) -> list[str]:
        """What starts it."""

    def __enter__(self) -> Sink:
        self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        self.process.kill()
        raise SystemExit(f"{self.command()[0]} does not listen")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()

    def count(self) -> int | None:
        """How many messages came since it was asked last; None when it does not tell."""
        return None


class SmtpSink(Sink):
    def command(self) -> list[str]:
        who = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [program("smtp-sink"), *who, f"127.0.0.1:{self.port}", "200"]


class LightSink(Sink):
    """In C where there is a compiler (with TLS where OpenSSL's headers are), else in Python."""

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        super().__init__()
        self.certificate = certificate
        self.takes_tls = certificate is not None
        self.program = built(folder, with_tls=self.takes_tls)

    def command(self) -> list[str]:
        more = [str(self.certificate)] if self.certificate else []
        return [*self.program, str(self.port), *more]

    def count(self) -> int:
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGUSR1)
        return int(self.process.stdout.readline().split()[0])


def built(folder: Path, with_tls: bool) -> list[str]:
    """The command of the light sink."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    target = folder / ("lightsink-tls" if with_tls else "lightsink")
    if compiler and not target.exists():
        line = [compiler, "-O2", str(HERE / "lightsink.c"), "-o", str(target)]
        line += ["-DTLS", "-lssl", "-lcrypto"] if with_tls else []
        subprocess.run(line, check=False, capture_output=True)
    if target.exists():
        return [str(target)]
    print("no C compiler (or no OpenSSL headers): the light sink is the slower one in Python", file=sys.stderr)
    return [sys.executable, str(HERE / "lightsink.py")]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost with its key, and the authority that a client is to trust."""
    pem, authority = folder / "localhost.pem", folder / "authority.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    line = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    line += ["-days", "2", *names, "-keyout", str(folder / "key.pem"), "-out", str(authority)]
    subprocess.run(line, check=True, capture_output=True)
    pem.write_text(authority.read_text() + (folder / "key.pem").read_text())
    return pem, authority
