"""The office of the proof and what happens in it meanwhile: the clock goes on, items are published and withdrawn,
readers stop. What must come of it is kept as sets (tests/digests/model.py), which know nothing of tables or slots."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from config import ROOT, Settings
from outreach import bulk, clock
from outreach.digests.models import DigestItem, DigestRecipient
from outreach.house import House
from outreach.mail import sql
from outreach.mail.models import ACCEPTED, IS_OPEN, PENDING, SENDING, OutboxEmail
from outreach.newsroom import intake
from outreach.newsroom.models import Publication
from outreach.serbian import to_cyrillic
from outreach.subscriptions import stopping
from tests.crash.sink import POISON
from tests.digests.givens import code_of
from tests.digests.model import Model, News
from tests.support.moment import Moment

KEY = "a key for tests only, 32 characters or more"
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 7:00 in Belgrade
TOPICS = ("security", "science", "reform")
#: Cadence by topic; readers take turns. The last one would get an item twice, if not for the ledger.
WISHES = (
    {"*": "immediately"}, {"security": "daily", "science": "daily"}, {"science": "immediately"}, {"*": "weekly"},
    {"reform": "monthly"}, {"security": "immediately", "*": "daily"},
)  # fmt: skip
MOST_ITEMS = 40  # a mail names no more than 45 one by one


@dataclass(frozen=True)
class Cut:
    """From this instant of the real clock on nothing more may be sent of something, but for these mails (message
    ids), which were under way when it was committed."""

    at: float
    under_way: frozenset[str]


@dataclass
class Office:
    """`stops` by subscriber, `withdrawals` by item; `delivered`: since when (real clock) a mail is known as accepted."""

    house: House
    moment: Moment
    dice: random.Random
    people: int
    wishes: Sequence[dict[str, str]] = WISHES
    is_poisoned: bool = True
    model: Model = field(default_factory=Model)
    stops: dict[int, Cut] = field(default_factory=dict)
    withdrawals: dict[int, Cut] = field(default_factory=dict)
    delivered: dict[str, float] = field(default_factory=dict)
    most_marked: int = 0
    slept_in: int = 0

    def opens(self) -> None:
        """A Monday morning: readers who have confirmed, and one item from before their time."""
        self.moment.is_at(MONDAY)
        self._write(0)
        with self.house.db.transaction() as session:
            assert intake.read_content(session, self.house, clock.now()).is_baseline
        now = clock.now()
        readers, wishes = [], []
        for number in range(1, self.people + 1):
            wish = self.wishes[number % len(self.wishes)]
            address = self.address_of(number)
            variant, hour = ("en", "lat", "cir")[number // 6 % 3], ("08:00", "17:00")[number // 18 % 2]
            readers.append((number, address, self.house.address_hash(address), variant, hour))
            wishes += [(number, topic, cadence) for topic, cadence in wish.items()]
            self.model.subscribe(number, wish, "", now)
        self._enter(readers, wishes, now)
        self.moment.moves(minutes=1)

    def _enter(self, readers: Sequence[bulk.Row], wishes: Sequence[bulk.Row], now: datetime) -> None:
        with self.house.db.transaction() as session:
            connection = session.connection()
            at = bulk.stamp(connection, now)
            columns: sql.Columns = (("id", "bigint"), ("address", "text"), ("address_hash", "text"), ("variant", "text"), ("hour", "text"))  # fmt: skip
            same = {"key_id": self.house.tokens.key_id, "created_at": at, "confirmed_at": at}
            sql.insert(connection, "subscriber", columns, readers, **same)
            columns = (("subscriber_id", "bigint"), ("topic", "text"), ("cadence", "text"))
            sql.insert(connection, "subscription", columns, wishes, requested_at=at, confirmed_at=at)

    def address_of(self, number: int) -> str:
        """One reader in twenty has an address that nobody knows."""
        return f"{POISON if self.is_poisoned and number % 20 == 7 else 'reader'}{number}@example.org"

    # --- what happens

    def goes_on(self, step: int) -> None:
        """One step of the story: a few minutes, and something new whenever little waits to leave."""
        self.moment.moves(minutes=6)
        waiting = self.waiting()
        if waiting < self.people / 4 and len(self.model.news) < MOST_ITEMS and self._is_newest_planned():
            self.publishes()
        if waiting > self.people / 8 and len(self.withdrawals) < step // 50:
            self.withdraws()
        if step % 20 == 19:
            self.somebody_stops()
        if waiting < self.people / 8 and step - self.slept_in > 40:
            self.moment.moves(hours=20)
            self.slept_in = step

    def publishes(self) -> None:
        """A file in the folder; a planner will find it."""
        number = len(self.model.news) + 1
        about = TOPICS[number % 3 : number % 3 + 1 + number % 2]
        self.model.news[number] = News(clock.now(), frozenset(about))
        self._write(number)

    def withdraws(self) -> None:
        """An item whose mails wait to leave; as an officer does it, who presses the button."""
        number = self._on_its_way()
        if number is None:
            return
        self._write(number, "withdrawn")
        with self.house.db.transaction() as session:
            intake.read_content(session, self.house, clock.now())
            under_way = self._under_way(session, OutboxEmail.kind == "digest")
        self.withdrawals[number] = Cut(time.time(), under_way)
        self.model.news[number].is_public = False

    def somebody_stops(self) -> None:
        number = self.dice.choice([n for n, person in self.model.people.items() if person.is_live])
        with self.house.db.transaction() as session:
            stopping.stop(session, clock.now(), number, "test")
            under_way = self._under_way(session, OutboxEmail.ref == f"subscriber:{number}")
        self.stops[number] = Cut(time.time(), under_way)
        self.model.people[number].is_live = False

    # --- what is seen meanwhile

    def mails(self) -> int:
        """How many were ever planned."""
        with self.house.db.read() as session:
            return session.scalar(select(func.count()).select_from(OutboxEmail)) or 0

    def waiting(self) -> int:
        with self.house.db.read() as session:
            return session.scalar(select(func.count()).select_from(OutboxEmail).where(text(IS_OPEN))) or 0

    def owes(self) -> int:
        """How many pairs of reader and item are not even planned."""
        had = self.planned()
        return sum((reader, code_of(f"item-{item}")) not in had for reader, item in self.model.owed())

    def planned(self) -> set[tuple[int, str]]:
        """What the ledger has: subscriber and document."""
        planned = select(DigestItem.subscriber_id, Publication.document_id).join(
            Publication, Publication.id == DigestItem.publication_id
        )
        with self.house.db.read() as session:
            return {(reader, document) for reader, document in session.execute(planned)}

    def looks(self) -> None:
        """Keep how many mails any one worker has marked, and which are known as delivered."""
        with self.house.db.read() as session:
            marked = select(func.count()).where(OutboxEmail.state == SENDING).group_by(OutboxEmail.fence)
            self.most_marked = max([self.most_marked, *session.scalars(marked)])
            accepted = list(session.scalars(select(OutboxEmail.message_id).where(OutboxEmail.state == ACCEPTED)))
        at = time.time()
        for message_id in accepted:
            self.delivered.setdefault(message_id, at)

    def _is_newest_planned(self) -> bool:
        newest = len(self.model.news)
        planned = select(DigestItem.issue_id).join(Publication, Publication.id == DigestItem.publication_id)
        with self.house.db.read() as session:
            found = session.scalar(planned.where(Publication.document_id == code_of(f"item-{newest}")).limit(1))
        return not newest or not self.model.news[newest].is_public or found is not None

    def _on_its_way(self) -> int | None:
        """The newest item of which mails are waiting."""
        same = (DigestRecipient.issue_id == DigestItem.issue_id) & (
            DigestRecipient.subscriber_id == DigestItem.subscriber_id
        )
        planned = select(Publication.document_id).join(DigestItem, DigestItem.publication_id == Publication.id)
        planned = planned.join(DigestRecipient, same).join(OutboxEmail, OutboxEmail.id == DigestRecipient.outbox_id)
        with self.house.db.read() as session:
            found = set(session.scalars(planned.where(OutboxEmail.state == PENDING).distinct()))
        return max((number for number in self.model.news if code_of(f"item-{number}") in found), default=None)

    @staticmethod
    def _under_way(session: Session, whose: ColumnElement[bool]) -> frozenset[str]:
        """Mails whose dot may be out, now or by an earlier attempt."""
        may_be_out = or_(OutboxEmail.state == SENDING, OutboxEmail.uncertains > 0)
        return frozenset(session.scalars(select(OutboxEmail.message_id).where(whose, may_be_out)))

    def _write(self, number: int, state: str = "published") -> None:
        folder = self.house.settings.content_dir / "updates" / "2026"
        folder.mkdir(parents=True, exist_ok=True)
        topics = ", ".join(self.model.news[number].topics) if number else "office"
        head = f"id: {code_of(f'item-{number}')}\nkind: update\ntopics: [{topics}]\nstate: {state}\nas_of: 2026-11-23\n"
        if state == "withdrawn":
            head += "withdrawn_reason: It was wrong.\n"
        for language, said in (("en", str), ("sr", to_cyrillic)):
            words = f"title: {said('novost broj')} {number}\nsummary: {said('o čemu se radi')}\n"
            fresh = self.house.settings.content_dir / f"fresh.{language}"
            fresh.write_text(f"---\n{head}{words}---\n{said('Šta se dogodilo.')}\n")
            os.replace(fresh, folder / f"item-{number}.{language}.md")  # never half a file


def settings_for(folder: Path, url: str, port: int, lease: int, window: int, failpoint: str = "") -> Settings:
    """A house below `folder` that mails to the sink; its content is the office alone."""
    content = folder / "content"
    content.mkdir()
    shutil.copy(ROOT / "content" / "office.toml", content)
    return Settings(
        base_url="http://localhost", var_dir=folder, content_dir=content, database_url=url, secret_key=KEY,
        address_pepper=KEY, clock_file=folder / "clock-offset", mail_url=f"smtp+plain://127.0.0.1:{port}",
        mail_allow=("*@example.org",), mail_lease=lease, mail_window=window, mail_connections=3, failpoint=failpoint,
    )  # fmt: skip
