"""One measurement in a process of its own; prints one line of JSON.

Arguments: sqlite or postgres, subscribers, updates; or the word compose.
"""

from __future__ import annotations

import contextlib
import gc
import json
import random
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import field
from sqlalchemy import func, select, text

from outreach.db import Database
from outreach.digests import compose, jobs, rounds, waiting
from outreach.digests.editions import Editions, Key
from outreach.digests.models import DigestItem, DigestRecipient
from outreach.digests.personal import Made, Personal
from outreach.house import House
from outreach.mail import blocks, forms, moulds
from outreach.mail.blocks import Runs
from outreach.mail.models import OutboxEmail

LEDGER = ("outbox_email", "digest_recipient", "digest_item")
ROWS_AT_ONCE = 20_000
MAILS = 3_000


def planned(house: House) -> dict[str, Any]:
    """Plan the digest that is due: seconds, and what it took."""
    field.is_at(house, field.SLOT)
    gc.freeze()  # as the timetable does when it begins
    house.db.longest, house.db.transactions = 0.0, 0
    before = resident()
    wall, cpu = time.perf_counter(), time.process_time()
    served = jobs.plan(house)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "served": served,
        "seconds": wall,
        "cpu": cpu,
        "longest": house.db.longest,
        "transactions": house.db.transactions,
        "before": before,
        "resident": resident(),
    }


def resident() -> float:
    """The most memory this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def counts(house: House) -> dict[str, int]:
    with house.db.read() as session:
        tables = {"mails": OutboxEmail, "recipients": DigestRecipient, "items": DigestItem}
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def raw(house: House, folder: Path, url: str) -> float:
    """Seconds to write the same rows of the ledger, ready in memory, into the same tables by executemany."""
    rows, columns = {}, {}
    with house.db.engine.connect() as connection:
        for table in LEDGER:
            found = connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 -- a fixed name
            columns[table], rows[table] = list(found.keys()), [tuple(row) for row in found]
    other = Database(url, folder / "raw.lock")
    for table in reversed(LEDGER):
        with other.writing_engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    mark = "?" if other.is_sqlite else "%s"
    with other.writing_engine.connect() as connection:
        begun = time.perf_counter()
        for table in LEDGER:
            names, marks = ", ".join(columns[table]), ", ".join([mark] * len(columns[table]))
            words = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            for start in range(0, len(rows[table]), ROWS_AT_ONCE):
                with connection.begin():
                    connection.exec_driver_sql(words, rows[table][start : start + ROWS_AT_ONCE])
        seconds = time.perf_counter() - begun
    other.dispose()
    return seconds


def composed(house: House) -> dict[str, float]:
    """µs of processor time to make a mail of ten items ready to send, from a shared set and from one's own."""
    found = {}
    with house.db.read() as session:
        ids = [one.id for one in waiting.publications(session, field.clock.now())]
        slot = rounds.slot_of(house.office, "daily", "17:00", field.SLOT, False)
        editions = Editions(session, house, slot, 1, compose.Line(), ids)
    dice = random.Random(3)  # noqa: S311
    for variant in ("en", "lat", "cir"):
        sets = {tuple(sorted(dice.sample(ids, 10))) for _ in range(MAILS)}
        keys = [Key(variant, one, ("security", "science")) for one in sets]
        with house.db.transaction() as session:
            now, personal = field.clock.now(), Personal(editions)
            [form] = editions.keep(session, now, [(keys[0], editions.words(keys[0]))]).values()
            kept = personal.made(session, now, [(key, editions.parts(key)) for key in keys])
        found[f"shared_{variant}"] = cast(house, [Made(form)] * len(keys))
        found[f"personal_{variant}"] = cast(house, list(kept.values()))
    return found


def cast(house: House, made: list[Made]) -> float:
    """µs a mail."""
    with house.db.read() as session:
        forms_of = forms.load(session, {one.form for one in made})
        names = {name for form in forms_of.values() for name in form.blocks()}
        names |= {name for one in made for run in one.own for name in run.split(",")}
        bodies = blocks.load(session, names)
    runs = Runs.of(bodies)
    ready = {name: moulds.Mould(form, bodies) for name, form in forms_of.items()}
    tokens = [house.tokens.make("preferences", str(n)) for n in range(len(made))]
    at = field.SLOT.replace(microsecond=0)
    mails = [
        SimpleNamespace(
            to_name=None,
            to_address=f"reader{n}@example.org",
            message_id=f"{n:032x}@press.example.org",
            dated_at=at,
            own=forms.own_of((token, token, *one.own)),
        )
        for n, (token, one) in enumerate(zip(tokens, made, strict=True))
    ]
    for one, mail in zip(made, mails, strict=True):
        ready[one.form].cast(mail, runs)  # the first of each form is proven
    begun = time.process_time()
    for one, mail in zip(made, mails, strict=True):
        assert ready[one.form].cast(mail, runs).raw
    return (time.process_time() - begun) / len(made) * 1e6


def main(engine: str, people: int = 1, updates: int = 20) -> None:
    folder = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = f"sqlite:///{folder / 'bench.db'}"
        if engine == "postgres":
            url = stack.enter_context(field.postgres(Path(tempfile.mkdtemp(prefix="outreach-bench-pg-"))))
        house = field.office(folder / "office", url)
        stack.callback(house.db.dispose)
        field.is_at(house, field.MONDAY)
        with house.db.transaction() as session:
            field.intake.read_content(session, house, field.clock.now())
        field.subscribe(house, people)
        field.publish(house, updates)
        if engine == "compose":
            found = composed(house)
        else:
            found = planned(house) | counts(house)
            found["raw"] = raw(house, folder, url)
        print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
