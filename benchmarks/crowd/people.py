"""Those who use the office at once: journalists who ask and add words, officers who read and write notes.

Each is a thread with a browser of its own: cookies are kept, forms are filled in as they were drawn.
"""

from __future__ import annotations

import http.cookiejar
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

PASSWORD = "a long and plain password"  # noqa: S105
HIDDEN = re.compile(r'<input[^>]*name="(form_token|csrf_token|version|nonce)"[^>]*value="([^"]*)"')
KEY = re.compile(r"[?&]key=([^&]+)")
CASE = re.compile(r"/desk/inquiries/(\d\d-\d{5}-\d)\"")
ANSWERS = re.compile(r'name="(answers-\d+)"')
ATTRIBUTION = re.compile(r'name="(attribution)" value="([^"]*)"')


@dataclass
class Person:
    """What one thread met: `waits` in seconds, `faults` as words, and what it has sent, each to be found again."""

    base: str
    network: str
    luck: random.Random
    ends: float
    waits: list[tuple[float, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        kept = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(kept)

    def page(self, path: str, fields: list[tuple[str, str]] | None = None) -> tuple[str, str]:
        """The words of a page and where it was found in the end; a fault is noted and gives an empty page."""
        body = urllib.parse.urlencode(fields).encode() if fields is not None else None
        asked = urllib.request.Request(  # noqa: S310
            urllib.parse.urljoin(self.base, path), body, {"X-Forwarded-For": self.network}
        )
        begun = time.perf_counter()
        try:
            with self.browser.open(asked, timeout=30) as answer:
                return answer.read().decode(), answer.url
        except urllib.error.HTTPError as wrong:
            if wrong.code == 409 and body is not None:
                return wrong.read().decode(), path  # a colleague was faster, and the page says so
            self.faults.append(f"{wrong.code} {path}")
        except OSError as wrong:
            self.faults.append(f"{wrong} {path}")
        finally:
            self.waits.append((time.perf_counter() - begun, f"{'POST' if body is not None else 'GET'} {path}"))
        return "", path

    def thinks(self, least: float, most: float) -> bool:
        """Waits as people do; False when the time is over."""
        time.sleep(min(self.luck.uniform(least, most), max(0.0, self.ends - time.perf_counter())))
        return time.perf_counter() < self.ends


def asks(me: Person) -> None:
    """A journalist: an inquiry every quarter of a minute, a look at its page, more words."""
    while me.thinks(0, 2):
        drawn, _ = me.page("/en/media/inquiry")
        if not me.thinks(3.2, 6):
            return
        name = f"{me.luck.randrange(10**9)}"
        fields = [
            ("need", "quote"), ("subject", f"Bridge {name}"), ("questions", "When is it ready?\nWho pays for it?"),
            ("when", "day"), ("date", "prekosutra"), ("time", "16h"), ("zone", "Europe/Belgrade"), ("outlet", "Daily"),
            ("name", f"Reporter {name}"), ("email", f"reporter{name}@example.org"), ("reply", "en"),
            ("phone", "+381 11 000 0000"), ("terms", "on_record"), *HIDDEN.findall(drawn),
        ]  # fmt: skip
        _, where = me.page("/en/media/inquiry", fields)
        found = KEY.search(where)
        if found is None:
            me.faults.append(f"no confirmation: {where}")
            continue
        me.sent.append(f"Bridge {name}")
        token = urllib.parse.unquote(found[1])
        if not me.thinks(3.2, 6):
            return
        status, _ = me.page(f"/en/i/{token}")
        words = f"One more question {name}, please"
        me.page(f"/en/i/{token}/follow-up", [("body", words), *HIDDEN.findall(status)])
        me.sent.append(words)


def signs_in(me: Person, address: str) -> None:
    """An officer at the start of the day; a password is slow to check, and is meant to be."""
    signing_in, _ = me.page("/staff/login")
    hidden = HIDDEN.findall(signing_in)
    me.page("/staff/login", [("email", address), ("password", PASSWORD), *hidden])
    me.waits.clear()


def serves(me: Person) -> None:
    """An officer: the queue, an inquiry, a note, and Today again."""
    while me.thinks(0.3, 1.5):
        listed, _ = me.page(me.luck.choice(["/desk/inquiries?view=team", "/desk/inquiries?view=new", "/desk/"]))
        cases = CASE.findall(listed)
        if not cases:
            continue
        case = f"/desk/inquiries/{me.luck.choice(cases)}"
        shown, _ = me.page(case)
        if not me.thinks(0.5, 2):
            return
        words = f"Note {me.luck.randrange(10**9)}"
        fields = [(name, "") for name in ANSWERS.findall(shown)] + HIDDEN.findall(shown) + ATTRIBUTION.findall(shown)
        answer, _ = me.page(case, [*fields, ("do", "note"), ("note", words), ("terms", "on_record")])
        if words in answer:
            me.sent.append(words)


def all_at_once(works: list[Callable[[], None]]) -> None:
    """Let everybody begin at one moment and wait until all have gone."""
    start = Event()

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
