"""A Python in which the program is loaded already. It forks for each process that a test starts, which then takes a moment
instead of a second; all else is as if Python had been started anew: arguments, environment, folder, streams, signals, exit.

`line("outreach", "worker")` is what to give to subprocess. Tests of what a start itself loads or prints do not use it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from pathlib import Path

MOST = 1 << 20  # bytes of a request
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGCONT)
_ours: list[object] = []


def line(module: str, *words: str) -> list[str]:
    """The command line that runs a module with these arguments."""
    import tempfile

    if not _ours:  # one server for this process, which ends when this process does: it reads a pipe that only we hold
        address = Path(tempfile.mkdtemp(prefix="outreach-quick-")) / "socket"
        root = str(Path(__file__).parents[2])
        code = f"import sys; sys.path[0] = {root!r}; from tests.support import quick; quick.serve({str(address)!r})"
        reads, writes = os.pipe()
        does = [(os.POSIX_SPAWN_DUP2, reads, 0)]
        os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ, file_actions=does, setsid=True)
        os.close(reads)
        _ours[:] = [str(address), writes]
    return [sys.executable, "-S", "-E", __file__, str(_ours[0]), module, *words]


def serve(address: str) -> None:
    """Fork for everybody who asks, until standard input ends."""
    from importlib import import_module

    from outreach.__main__ import HOMES

    del sys.modules["outreach.__main__"]  # it will be run, not imported
    for home in HOMES.values():
        import_module(f"outreach.{home}")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{address}.new")
    listener.listen(16)
    os.rename(f"{address}.new", address)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while listener in select.select([listener, 0], [], [])[0]:
        asked, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            os._exit(_keep(asked))
        asked.close()
    os.unlink(address)
    os.rmdir(os.path.dirname(address))


def _keep(asked: socket.socket) -> int:
    """Fork once more for what was asked; hand signals down and the exit up. Whoever asked may be killed: so is it then."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request, streams, _, _ = socket.recv_fds(asked, MOST, 3)
    child = os.fork()
    if child == 0:
        asked.close()
        _become(json.loads(request), streams)
    for stream in (0, *streams):
        os.close(stream)
    ended = os.pidfd_open(child)
    while ended not in select.select([ended, asked], [], [])[0]:
        for number in asked.recv(16) or [signal.SIGKILL]:
            os.kill(child, number)
    asked.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
    return 0


def _become(request: dict[str, object], streams: list[int]) -> None:
    """Be the process that was asked for."""
    import runpy

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(str(request["folder"]))
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "w" if n else "r", 1, "utf-8") for n in range(3))
    sys.argv = list(request["words"])
    code: object = 0
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    if isinstance(code, str):
        print(code, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def main() -> None:
    """Ask for a process, and end as it does."""
    server = socket.socket(socket.AF_UNIX)
    for _ in range(600):
        try:
            server.connect(sys.argv[1])
            break
        except (FileNotFoundError, ConnectionRefusedError):
            import time

            time.sleep(0.05)
    for number in FORWARDED:
        signal.signal(number, lambda which, _frame: server.sendall(bytes([which])))
    asked = {"words": sys.argv[2:], "env": dict(os.environ), "folder": os.getcwd()}
    socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
    code = int(server.recv(16) or b"-9")
    if code < 0:
        if -code in FORWARDED:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main()
