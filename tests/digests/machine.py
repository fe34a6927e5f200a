"""An office in which anything may happen in any order (D-27): rules that act on the real product and on the model."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from outreach import clock
from outreach.digests import issues, jobs, rounds
from outreach.digests.models import DigestItem, DigestRecipient
from outreach.house import House
from outreach.language import Variant
from outreach.mail.models import ACCEPTED, FAILED, PENDING, OutboxEmail
from outreach.newsroom.models import NOTED, Document, Publication
from outreach.subscriptions import optin, queries, stopping
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import Consent
from tests.digests import givens
from tests.digests.model import Model, News, Pair
from tests.support.moment import Moment

TOPICS = ("security", "science", "reform")
PEOPLE = st.integers(0, 2)
SLUGS = st.sampled_from(("one", "two", "three", "four", "five"))
WISHES = st.builds(
    Choice,
    st.sampled_from([("*",), ("security",), ("science", "reform"), ("security", "science")]),
    st.sampled_from(["immediately", "daily", "daily", "weekly", "monthly"]),
    st.sampled_from(["08:00", "17:00"]),
    st.sampled_from(list(Variant)),
    st.booleans(),
)
ABOUT = st.sets(st.sampled_from(TOPICS), min_size=1, max_size=2).map(sorted)


class Break(Exception):
    """The power fails."""


class Office(RuleBasedStateMachine):
    def __init__(self, house: House, moment: Moment) -> None:
        super().__init__()
        self.house, self.moment, self.model = house, moment, Model()
        self.documents: dict[str, dict[str, object]] = {}
        self.changes: Counter[str] = Counter()
        self.ids: dict[int, int] = {}
        self.latest = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self.delivered: Counter[Pair] = Counter()

    @initialize()
    def opens(self) -> None:
        jobs.forget(self.house)
        self.moment.is_at(self.latest)
        givens.baseline(self.house)
        self.passes(1)

    # --- what readers do

    @rule(who=PEOPLE, wish=WISHES)
    def subscribes(self, who: int, wish: Choice) -> None:
        number = self.ids.get(who)
        if number is not None and self.model.people[number].is_live:
            return
        now, address = clock.now(), f"reader{who}@example.org"
        with self.house.db.transaction() as session:
            asked = optin.request(
                session, self.house, now, address=address, choice=wish, shown=Variant.EN, source="/en/subscribe"
            )
            reader = queries.by_address(session, self.house, address)
            if asked != "sent" or reader is None:
                return
            consent = select(Consent.id).where(Consent.subscriber_id == reader.id).order_by(Consent.id.desc())
            if optin.confirm(session, now, session.scalars(consent).first() or 0) == "confirmed":
                self.ids[who] = reader.id
                self.model.subscribe(reader.id, wish.topics, wish.cadence, now, wish.takes_urgent)

    @rule(who=PEOPLE, wish=WISHES, days=st.sampled_from([0, 0, 2, 9]))
    def changes_and_pauses(self, who: int, wish: Choice, days: int) -> None:
        number = self.ids.get(who)
        if number is not None and self.model.people[number].is_live:
            until = clock.now() + timedelta(days=days) if days else None
            givens.changed(self.house, number, wish, paused_until=until)
            self.model.change(number, wish.topics, wish.cadence, clock.now(), wish.takes_urgent, until)

    @rule(who=PEOPLE)
    def stops(self, who: int) -> None:
        number = self.ids.get(who)
        if number is not None:
            givens.stopped(self.house, number)
            self.model.people[number].is_live = False

    @rule(who=PEOPLE)
    def takes_the_stop_back(self, who: int) -> None:
        number = self.ids.get(who)
        if number is not None and not self.model.people[number].is_live:
            with self.house.db.transaction() as session:
                if stopping.undo(session, clock.now(), number):
                    self.model.people[number].is_live = True

    # --- what the newsroom does

    @rule(slug=SLUGS, about=ABOUT, hours=st.sampled_from([0, 0, 0, 3, 30]), is_urgent=st.booleans())
    def publishes(self, slug: str, about: list[str], hours: int, is_urgent: bool) -> None:
        """A new document, perhaps under embargo; or other topics for one that is there, or other haste."""
        known = self.documents.setdefault(slug, {"state": "published", "from": None})
        if hours and "topics" not in known:
            known["from"] = clock.now().replace(second=0, microsecond=0) + timedelta(hours=hours)
        known["topics"], known["urgent"] = about, is_urgent
        self._write(slug)

    @rule(slug=SLUGS)
    def corrects(self, slug: str) -> None:
        if self.documents.get(slug, {}).get("state") == "published":
            self.changes[slug] += 1
            self._write(slug)

    @rule(slug=SLUGS)
    def withdraws_or_restores(self, slug: str) -> None:
        if slug in self.documents:
            was = self.documents[slug]["state"]
            self.documents[slug]["state"] = "withdrawn" if was == "published" else "published"
            self._write(slug)

    # --- what officers do

    @rule(slug=SLUGS, is_back=st.booleans(), cadence=st.sampled_from(["urgent", "immediately", "daily", "weekly"]))
    def drops_or_puts_back(self, slug: str, is_back: bool, cadence: str) -> None:
        now = clock.now()
        with self.house.db.transaction() as session:
            turns = rounds.rounds(self.house.office, rounds.rhythms(session), now, is_next=True)
            mine = [turn for turn in turns if turn.slot.cadence == cadence]
            news = select(Publication.id).where(Publication.document_id == givens.code_of(slug))
            for publication in session.scalars(news).all() if mine else ():
                act = issues.put_back if is_back else issues.drop
                act(session, now, mine[0].slot, publication, None)
                (self.model.dropped.discard if is_back else self.model.dropped.add)((cadence, publication))

    @rule(is_held=st.booleans())
    def holds_or_lets_go(self, is_held: bool) -> None:
        now = clock.now()
        with self.house.db.transaction() as session:
            for turn in rounds.rounds(self.house.office, rounds.rhythms(session), now, is_next=True):
                (issues.hold if is_held else issues.let_go)(session, now, turn.slot, None)

    # --- what time and the machine do

    @rule(minutes=st.integers(1, 400))
    def passes(self, minutes: int) -> None:
        self._move(timedelta(minutes=minutes))

    @rule(days=st.integers(1, 9))
    def is_down_for_days(self, days: int) -> None:
        self._move(timedelta(days=days))

    @rule(hours=st.integers(1, 30))
    def clock_goes_back(self, hours: int) -> None:
        self._move(-timedelta(hours=hours))

    @rule()
    def planner_dies_in_the_middle(self) -> None:
        now = clock.now()
        with self.house.db.read() as session:
            turns = rounds.rounds(self.house.office, rounds.rhythms(session), now)
        for turn in turns:
            issue_id = jobs.freeze(self.house, turn, now)
            plan = jobs.opened(self.house, turn, issue_id, now) if issue_id is not None else None
            if plan is not None:
                with self.house.db.transaction() as session:
                    missing = plan.enter(session, now, 0, 10).missing
                jobs.make(self.house, plan, missing)
                with contextlib.suppress(Break), self.house.db.transaction() as session:
                    plan.enter(session, now, 0, 10)
                    raise Break
        jobs.forget(self.house)

    @rule()
    def mails_arrive(self) -> None:
        self._settle(ACCEPTED, None)

    @precondition(lambda self: self.ids)
    @rule()
    def mails_expire(self) -> None:
        self._settle(FAILED, "expired; last: never tried")

    @invariant()
    def nothing_arrives_twice_and_the_ledger_is_whole(self) -> None:
        assert not [pair for pair, times in self.delivered.items() if times > 1]
        with self.house.db.read() as session:
            copies = {(c.issue_id, c.subscriber_id): c for c in session.scalars(select(DigestRecipient))}
            items = list(session.scalars(select(DigestItem)))
        assert all((item.issue_id, item.subscriber_id) in copies for item in items)
        having = {(item.issue_id, item.subscriber_id) for item in items}
        assert all(key in having for key, copy in copies.items() if copy.state == "prepared")

    def teardown(self) -> None:
        """All is quiet at last: whoever is owed something has it, once."""
        if not self.ids:
            return
        self.holds_or_lets_go(False)
        self.moment.is_at(self.latest + timedelta(days=45))
        for _ in range(3):
            self._move(timedelta(days=1))
            self.mails_arrive()
        missing = self.model.owed() - set(self.delivered)
        assert not missing, f"never mailed: {missing}"
        self.nothing_arrives_twice_and_the_ledger_is_whole()

    # --- how it is done

    def _write(self, slug: str) -> None:
        known, head = self.documents[slug], ""
        start = known["from"]
        if isinstance(start, datetime):
            head += f"public_from: {start.astimezone(self.house.office.zone):%Y-%m-%d %H:%M}\n"
        if known.get("urgent"):
            head += "urgent: true\n"
        if self.changes[slug]:
            head += "changes:\n"
            for n in range(self.changes[slug]):
                head += f"  - at: 2026-11-23 10:{n:02}\n    kind: correction\n    note: Figure {n} was wrong.\n"
        about, state = known.get("topics", ["security"]), str(known["state"])
        givens.published(self.house, slug, topics=about, state=state, head=head)  # type: ignore[arg-type]
        self._look()

    def _move(self, by: timedelta) -> None:
        """Time passes, the folder is read, and the timetable plans."""
        self.moment.is_at(clock.now() + by)
        self.latest = max(self.latest, clock.now())
        with self.house.db.transaction() as session:
            givens.intake.read_content(session, self.house, clock.now())
        self._look()
        before, owed = self._ledger(), self.model.owed()
        jobs.plan(self.house)
        fresh = self._ledger() - before
        assert fresh <= owed, f"mailed and not owed: {fresh - owed}"

    def _look(self) -> None:
        """Tell the model what is public now; noting it is the newsroom's business and tested there."""
        with self.house.db.read() as session:
            rows = session.execute(select(Publication, Document).join(Document, Document.id == Publication.document_id))
            for publication, document in rows:
                if publication.state == NOTED:
                    about, is_public = frozenset(document.topics), document.is_public(clock.now())
                    self.model.news[publication.id] = News(publication.public_at, about, is_public, document.is_urgent)

    def _ledger(self) -> set[Pair]:
        with self.house.db.read() as session:
            return {(item.subscriber_id, item.publication_id) for item in session.scalars(select(DigestItem))}

    def _settle(self, state: str, reason: str | None) -> None:
        with self.house.db.transaction() as session:
            mails = select(OutboxEmail).where(OutboxEmail.kind == "digest", OutboxEmail.state == PENDING)
            for mail in session.scalars(mails).all():
                mail.settle(state, reason)
                copy = session.scalars(select(DigestRecipient).where(DigestRecipient.outbox_id == mail.id)).one()
                items = select(DigestItem.publication_id).where(
                    DigestItem.issue_id == copy.issue_id, DigestItem.subscriber_id == copy.subscriber_id
                )
                if state == ACCEPTED:
                    self.delivered.update((copy.subscriber_id, one) for one in session.scalars(items))
