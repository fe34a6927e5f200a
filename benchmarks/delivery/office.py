"""The office of the benchmark: an outbox full of personalised digests, and the product's own worker to empty it.

office.py fill NUMBER      puts so many mails of about 20 KB in the outbox of the settings in the environment
office.py work             says "ready", waits for a line, delivers everything, prints what it took as JSON
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import closing

from sqlalchemy import func, select

import config
from outreach import clock
from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose, entering, forms, jobs, outbox, relay
from outreach.mail.compose import Words
from outreach.mail.message import Segment
from outreach.mail.models import ACCEPTED, OutboxEmail
from outreach.operations import schema

PARAGRAPH = (
    "The office supported three local communities this week: a school roof was repaired, an ambulance was handed over, "
    "and forty volunteers cleared a path along the river together with the fire brigade and scouts of the town. "
)
ITEMS = 10


def open_house() -> House:
    return House.open(config.load())


def words(number_of_paragraphs: int = 4) -> Words:
    """A digest of ten items: links of the reader's own at its beginning and end, shared blocks between."""
    key, stop = compose.place(0), compose.place(1)
    here = "https://press.example.org/en"
    text = [
        Segment("LIAISON OFFICE BELGRADE\nNews of the day\n\n", True),
        Segment(f"Preferences:\n{here}/preferences/{key}\n", False),
    ]
    html = [
        Segment("<!doctype html>\n<html lang=en>\n<body>\n<h1>News of the day</h1>\n", True),
        Segment(f'<p><a href="{here}/preferences/{key}">Preferences</a></p>\n', False),
    ]
    for n in range(ITEMS):
        story = PARAGRAPH * number_of_paragraphs
        page = f"{here}/updates/item-{n}"
        text.append(Segment(f"\n{n + 1}. Item {n} of the day\n{story}\n{page}\n", True))
        html.append(Segment(f'<h2><a href="{page}">Item {n} of the day</a></h2>\n<p>{story}</p>\n', True))
    pause, unsubscribe = f"{here}/preferences/{key}?pause=30", f"{here}/unsubscribe/{stop}"
    text.append(Segment(f"\nPause for 30 days:\n{pause}\nUnsubscribe:\n{unsubscribe}\n", False))
    html += [
        Segment(f'<p><a href="{pause}">Pause</a>\n<a href="{unsubscribe}">Unsubscribe</a></p>\n', False),
        Segment("</body>\n</html>\n", True),
    ]
    return Words("News of the day + 9 more", text, html)


def fill(number: int) -> None:
    house, now = open_house(), clock.now()
    schema.upgrade(house.db)
    with house.db.transaction() as session:
        form = forms.keep(
            session, house, now, variant=Variant.EN, words=words(),
            headers={
                "List-Id": "<daily.digests.press.example.org>",
                "List-Unsubscribe": f"<https://press.example.org/en/unsubscribe/{compose.place(1)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )  # fmt: skip
        begun = time.process_time()
        for start in range(0, number, 1000):
            copies = [copy(house, form, n) for n in range(start, min(start + 1000, number))]
            outbox.enqueue_many(
                session, house, now, copies, kind="digest", scope="digests", expires_at=now + entering.LIFETIME
            )
    print(json.dumps({"fill_us": (time.process_time() - begun) / number * 1e6}))
    house.db.dispose()


def copy(house: House, form: str, number: int) -> outbox.Copy:
    own = [house.tokens.make(purpose, str(number)) for purpose in ("preferences", "unsubscribe")]
    return outbox.Copy(f"subscriber:{number}", f"reader-{number}@example.org", form, own)


class WhenDone:
    """Stands for the signal to stop: it comes when there is nothing left to send or to record."""

    def __init__(self, worker: jobs.Worker) -> None:
        self.worker = worker

    def is_set(self) -> bool:
        return self.worker.found_nothing and not self.worker.held


def work() -> None:
    house = open_house()
    with closing(relay.SmtpTransport.open(house.settings)) as transport, jobs.seated(house, transport) as worker:
        print("ready", flush=True)
        sys.stdin.readline()
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        worker.run(WhenDone(worker))
        seconds = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_SELF)
    with house.db.read() as session:
        accepted = session.scalar(select(func.count()).select_from(OutboxEmail).where(OutboxEmail.state == ACCEPTED))
        assert session.scalar(select(func.max(OutboxEmail.attempts))) == 1, "a mail was tried twice"
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    told = {"seconds": seconds, "cpu": cpu, "accepted": accepted, "memory_mb": after.ru_maxrss / 1024}
    print(json.dumps(told), flush=True)
    house.db.dispose()


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        work()
