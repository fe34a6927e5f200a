"""Two common spam filters by their own rules alone: neither may ask anything on the network, nor learns anything."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from tests.mail.real_servers import folder
from tests.support.processes import wait_until

SPAMASSASSIN, RSPAMD = shutil.which("spamassassin"), shutil.which("rspamd")
SENDS = "93.184.216.34"  # filters know that the addresses meant for examples belong to nobody
ANALYSIS = re.compile(r"Content analysis details:\s+\((-?[\d.]+) points")

#: What would ask elsewhere who we are, or which links are bad; `phishing` compares a link's words with its address.
ASK_ELSEWHERE = (
    "arc",
    "asn",
    "bimi",
    "dkim",
    "dkim_signing",
    "dmarc",
    "fuzzy_check",
    "mx_check",
    "rbl",
    "spf",
    "surbl",
)
NAMES_ARE_NOT_LOOKED_UP = "".join(f"{what}_enabled = false;\n" for what in ("helo", "hostname", "from", "rcpt", "mid"))
RULES = """
.include "$CONFDIR/common.conf"
options {
    filters = "chartable,regexp";
    pidfile = "$DBDIR/pid"; dynamic_conf = "$DBDIR/dynamic"; cache_file = "$DBDIR/cache"; hs_cache_dir = "$DBDIR/";
    history_file = "$DBDIR/history"; control_socket = "$DBDIR/control mode=0600"; tempdir = "$DBDIR";
    url_tld = "${SHAREDIR}/effective_tld_names.dat";
    words_decay = 600;
    local_addrs = [];
    disable_hyperscan = true;  # compiling takes longer than our mails
    dns { nameserver = ["127.0.0.1:9"]; timeout = 0.05s; retransmits = 1; }  # nobody answers there
}
logging { type = "console"; level = "warning"; }
worker "normal" { bind_socket = "$DBDIR/scan mode=0600"; mime = true; count = 1; }
"""


class Opinion(NamedTuple):
    """A filter's score, higher is worse, and what it gave points for."""

    score: float
    reasons: str


Filter = Callable[[bytes, str, str], Opinion]  # a mail as it arrived, its envelope sender, its recipient


def spamassassin(raw: bytes, sender: str, recipient: str) -> Opinion:
    """One run of the command, without network, without what it learned."""
    with folder("spamassassin") as none:
        line = [str(SPAMASSASSIN), "--local", "--test-mode", f"--prefspath={none / 'none'}", "--cf=use_bayes 0"]
        raw = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode() + raw
        done = subprocess.run(line, input=raw, capture_output=True, timeout=60, check=True)
    report = done.stdout.decode("utf-8", "replace")
    score = ANALYSIS.search(report)
    assert score, report
    return Opinion(float(score[1]), report[score.start() :])


@contextmanager
def rspamd() -> Iterator[Filter]:
    """An rspamd of the test's own behind a socket file; gone at the end."""
    with folder("rspamd") as base:
        (base / "local.d").mkdir()
        for module in ASK_ELSEWHERE:
            (base / "local.d" / f"{module}.conf").write_text("enabled = false;\n")
        (base / "local.d" / "hfilter.conf").write_text(NAMES_ARE_NOT_LOOKED_UP)
        (base / "rspamd.conf").write_text(RULES)
        places = [f"--var={name}={base}" for name in ("LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR")]
        line = [str(RSPAMD), "--insecure", "--no-fork", f"--config={base / 'rspamd.conf'}", *places]
        with (base / "log").open("wb") as log, subprocess.Popen(line, stdout=log, stderr=log) as server:
            try:
                wait_until(lambda: _answers(base / "scan"))
                yield lambda raw, sender, recipient: _ask(base / "scan", raw, sender, recipient)
            finally:
                server.terminate()
                server.wait(20)


class _OverFile(HTTPConnection):
    """HTTP over a socket file."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def _answers(path: Path) -> bool:
    wire = _OverFile(path)
    try:
        wire.request("GET", "/ping")
        return wire.getresponse().status == 200
    except OSError:
        return False
    finally:
        wire.close()


def _ask(path: Path, raw: bytes, sender: str, recipient: str) -> Opinion:
    """What a mail server would tell it of a mail that comes in, and what it makes of it."""
    wire = _OverFile(path)
    met = {"IP": SENDS, "Helo": "mail.example.org", "Hostname": "mail.example.org"}
    wire.request("POST", "/checkv2", raw, {"From": sender, "Rcpt": recipient, **met})
    said = json.loads(wire.getresponse().read())
    wire.close()
    points = sorted(said["symbols"].values(), key=lambda one: -one["score"])
    told = [f"{one['score']:6.2f} {one['name']} {one.get('options', '')}" for one in points]
    return Opinion(said["score"], "\n".join(told))
