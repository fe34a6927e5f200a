"""What is planned in the benchmark: an office with subscribers of six topics in three variants, and new updates."""

from __future__ import annotations

import contextlib
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from config import ROOT, Settings
from outreach import bulk, clock
from outreach.db import Database
from outreach.house import House
from outreach.mail import sql
from outreach.newsroom import intake
from outreach.operations import schema
from outreach.serbian import to_cyrillic

KEY = "a key for benchmarks only, 32 characters or more"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 10:00 in Belgrade
SLOT = datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)  # five seconds after the daily digest of 17:00 is due
AT_ONCE = 5_000
WORDS = ["training", "schedule", "workshop", "region", "partner", "report", "visit", "exercise", "course", "science"]


class Timed(Database):
    """A database that remembers its longest writing transaction, in seconds, without the wait for the lock."""

    longest = 0.0
    transactions = 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as session:
            session.connection()
            begun = time.perf_counter()
            yield session
        self.longest = max(self.longest, time.perf_counter() - begun)
        self.transactions += 1


def office(folder: Path, url: str) -> House:
    """A house of its own below `folder`, its database empty but for the schema."""
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    settings = Settings(
        base_url="https://press.example.org",
        var_dir=folder,
        content_dir=content,
        database_url=url,
        secret_key=KEY,
        address_pepper=KEY,
        clock_file=folder / "clock-offset",
    )
    house = House.open(settings)
    timed = Timed(settings.database, folder / "write.lock")
    house = House(settings, timed, house.tokens, house.office)
    schema.upgrade(timed)
    return house


def is_at(house: House, instant: datetime) -> None:
    """Move this office's clock."""
    assert house.settings.clock_file is not None
    house.settings.clock_file.write_text(repr((instant - datetime.now(UTC)).total_seconds()))


def subscribe(house: House, people: int) -> None:
    """Confirmed readers of the daily digest: a third of each variant, each with some of the six topics or with all."""
    dice = random.Random(1)  # noqa: S311 -- the same field every time
    topics = [topic.id for topic in house.office.topics]
    is_at(house, MONDAY)
    now = clock.now()
    with house.db.transaction() as session:
        first = bulk.fresh_ids(session.connection(), "subscriber", 1)[0]
    for start in range(0, people, AT_ONCE):
        ids = range(first + start, first + min(start + AT_ONCE, people))
        readers, wishes = [], []
        for number in ids:
            address = f"reader{number}@example.org"
            readers.append((number, address, house.address_hash(address), ("en", "lat", "cir")[number % 3]))
            chosen = dice.sample(topics, dice.randint(1, len(topics)))
            wishes += [(number, topic) for topic in (["*"] if len(chosen) == len(topics) else chosen)]
        with house.db.transaction() as session:
            connection = session.connection()
            at = bulk.stamp(connection, now)
            columns = (("id", "bigint"), ("address", "text"), ("address_hash", "text"), ("variant", "text"))
            same = {"hour": "17:00", "key_id": house.tokens.key_id, "created_at": at, "confirmed_at": at}
            sql.insert(connection, "subscriber", columns, readers, **same)
            columns = (("subscriber_id", "bigint"), ("topic", "text"))
            same = {"cadence": "daily", "requested_at": at, "confirmed_at": at}
            sql.insert(connection, "subscription", columns, wishes, **same)
    if not house.db.is_sqlite:
        with house.db.transaction() as session:
            session.execute(
                text("SELECT setval(pg_get_serial_sequence('subscriber', 'id'), (SELECT max(id) FROM subscriber))")
            )
            session.execute(text("ANALYZE"))


def publish(house: House, updates: int) -> None:
    """New updates in both languages, each on one or two of the topics, a few at a time."""
    dice = random.Random(2)  # noqa: S311
    folder = house.settings.content_dir / "updates" / "2026"
    folder.mkdir(parents=True, exist_ok=True)
    topics = [topic.id for topic in house.office.topics]
    letters = "abcdefghjkmnpqrstuvwxyz"
    for number in range(updates):
        is_at(house, MONDAY + timedelta(minutes=10 + number * 5))
        chosen = [topics[number % len(topics)], *dice.sample(topics, number % 2)]
        title = " ".join(dice.sample(WORDS, 6)).capitalize()
        summary = (" ".join(dice.choices(WORDS, k=14)).capitalize() + ". ") * 4
        code = "z" + "".join(letters[number // 23**place % 23] for place in range(4))
        for language, said in (("en", str), ("sr", to_cyrillic)):
            head = f"id: {code}\nkind: update\ntitle: {said(title)}\nsummary: {said(summary).strip()}\n"
            head += f"topics: [{', '.join(sorted(set(chosen)))}]\nstate: published\nas_of: 2026-11-23\n"
            (folder / f"bench{number}.{language}.md").write_text(f"---\n{head}---\n{said(summary)}\n")
        with house.db.transaction() as session:
            report = intake.read_content(session, house, clock.now())
        assert not report.faults, report.faults
        assert len(report.noted) == 1, report


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of an empty database on a server of its own, as durable as it comes, ended with this process."""
    from tests.support import postgres as server

    server.CARELESS = ()  # what is measured here is what an office would wait for
    folder.chmod(0o755)
    url = server.start(folder)
    name = f"bench_{time.time_ns()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.named(url, name)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
