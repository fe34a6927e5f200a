"""The mail server of the proof. It fails at random, and what it stored is the ground truth: one line of its log a copy.

`python -m tests.crash.sink LOG SEED RATE [PIPELINING [CHUNKING]]` prints its port and serves until its standard input ends. While a
file LOG.calm is there, it does not fail.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.mail.sink import Sink

POISON = "poison"  # an address that begins so is unknown to the server
# What concerns one mail; and what is about the server, after which a worker leaves it alone for seconds: so it is rare.
FAULTS = (
    "450_mail", "451_rcpt", "451_data", "drop_in_data", "451_dot", "drop_before_store", "drop_after_store",
    "garbage", "half_reply", "drop_after_reply",
)  # fmt: skip
SERVER_FAULTS = ("drop_connect", "421_mail", "421_dot")

_ITEM = re.compile(r"/item-(\d+)\b")
_TOKEN = re.compile(r"\b[\w-]+\.([\w-]+)\.0\.[\w-]{20,}")


@dataclass(frozen=True)
class Copy:
    """One stored copy. `items` are the numbers of the publications that its text names, `readers` the subscribers
    whose links it carries, `at` is seconds of the real clock."""

    at: float
    message_id: str
    recipients: list[str]
    to: str
    sha: str
    items: list[int]
    readers: list[str]


def read(log: Path) -> list[Copy]:
    with log.open() as lines:
        return [Copy(**json.loads(line)) for line in lines]


class RandomSink(Sink):
    """Another fault, or none, with each mail."""

    def __init__(self, log: Path, seed: int, rate: float, offers: Sequence[str]) -> None:
        super().__init__(offers=offers, each="mail")
        self.rng, self.rate = random.Random(seed), rate
        self.calm = log.with_suffix(".calm")
        self.log = log.open("a", buffering=1)
        self.told: dict[str, dict[str, Any]] = {}

    def next_fault(self) -> str:
        with self.changed:
            dice, which = self.rng.random(), self.rng.choice(FAULTS)
            of_server = self.rng.choice(SERVER_FAULTS)
        if dice > self.rate or self.calm.exists():
            return "ok"
        return of_server if dice < self.rate / 50 else which

    def refuses(self, address: str) -> bool:
        return address.startswith(POISON)

    def store(self, recipients: Iterable[str], raw: bytes) -> None:
        at, sha = time.time(), sha256(raw).hexdigest()
        with self.changed:
            if sha not in self.told:
                self.told[sha] = told(raw)
            copy = Copy(at=at, recipients=list(recipients), sha=sha, **self.told[sha])
            self.log.write(json.dumps(asdict(copy)) + "\n")


def told(raw: bytes) -> dict[str, Any]:
    """What a mail says of itself, read by a parser that is not ours."""
    mail = message_from_bytes(raw, policy=policy.default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    links = " ".join([*parts, str(mail["List-Unsubscribe"])])
    return {
        "message_id": str(mail["Message-ID"]).strip("<>"),
        "to": str(mail["To"]),
        "items": sorted({int(number) for number in _ITEM.findall(parts[0])}),
        "readers": sorted({_subject(coded) for coded in _TOKEN.findall(links)}),
    }


def _subject(coded: str) -> str:
    return urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode(errors="replace")


if __name__ == "__main__":
    path, seed, rate, *offers = sys.argv[1:]
    with RandomSink(Path(path), int(seed), float(rate), offers) as sink:
        print(sink.port, flush=True)
        sys.stdin.read()
