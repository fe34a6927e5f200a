"""What a digest test starts from: readers who have confirmed, files that become public, and the tick of the planner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from outreach import clock
from outreach.digests import jobs
from outreach.digests.models import DigestIssue, DigestItem, DigestRecipient
from outreach.house import House
from outreach.language import Variant
from outreach.mail.models import OutboxEmail
from outreach.newsroom import intake
from outreach.newsroom.models import Publication
from outreach.serbian import to_cyrillic
from outreach.subscriptions import optin, preferences, queries, stopping
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import Consent, Subscriber
from tests.support.moment import Moment

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 10:00 in Belgrade
READER = "reader@example.org"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, UTC; Belgrade is one hour ahead in winter."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def wish(
    *topics: str,
    cadence: str = "daily",
    hour: str = "17:00",
    variant: Variant = Variant.EN,
    takes_urgent: bool = False,
) -> Choice:
    return Choice(topics or ("*",), cadence, hour, variant, takes_urgent)


def subscribed(house: House, address: str = READER, choice: Choice | None = None) -> int:
    """A reader who asked and pressed the button; the subscriber's id."""
    now, choice = clock.now(), choice or wish()
    with house.db.transaction() as session:
        optin.request(session, house, now, address=address, choice=choice, shown=Variant.EN, source="/en/subscribe")
        subscriber = queries.by_address(session, house, address)
        assert subscriber is not None
        asked = select(Consent.id).where(Consent.subscriber_id == subscriber.id).order_by(Consent.id.desc())
        assert optin.confirm(session, now, session.scalars(asked).first() or 0) == "confirmed"
        return subscriber.id


def changed(house: House, subscriber_id: int, choice: Choice, paused_until: datetime | None = None) -> None:
    with house.db.transaction() as session:
        preferences.change(
            session,
            clock.now(),
            subscriber_id,
            choice=choice,
            paused_until=paused_until,
            shown=Variant.EN,
            source="test",
        )


def stopped(house: House, subscriber_id: int) -> None:
    with house.db.transaction() as session:
        stopping.stop(session, clock.now(), subscriber_id, "test")


def baseline(house: House) -> None:
    """The first start: what is in content/ is public and is mailed to nobody."""
    with house.db.transaction() as session:
        assert intake.read_content(session, house, clock.now()).is_baseline


def opened(house: House, moment: Moment) -> None:
    """A Monday morning after the first start."""
    moment.is_at(MONDAY)
    baseline(house)


def published(
    house: House,
    slug: str,
    title: str = "",
    *,
    topics: Sequence[str] = ("security",),
    state: str = "published",
    languages: Sequence[str] = ("en", "sr"),
    head: str = "",
    summary: str = "",
) -> None:
    """A file in content/, read at once. `head` are further lines of its front matter."""
    folder = house.settings.content_dir / "updates" / "2026"
    folder.mkdir(parents=True, exist_ok=True)
    code = code_of(slug)
    if state == "withdrawn":
        head += "withdrawn_reason: It was wrong.\n"
    words = {
        "en": (title or f"Update {slug}", summary or "What it says in one sentence."),
        "sr": (to_cyrillic(slug).capitalize() + ": новост", "Шта пише, у једној реченици."),
    }
    for language in languages:
        name, about = words[language]
        text = f"---\nid: {code}\nkind: update\ntitle: {name!r}\nsummary: {about}\ntopics: [{', '.join(topics)}]\nstate: {state}\nas_of: 2026-11-23\n{head}---\n{about}\n"
        (folder / f"{slug}.{language}.md").write_text(text)
    with house.db.transaction() as session:
        report = intake.read_content(session, house, clock.now())
    assert not report.faults, [str(fault) for fault in report.faults]


def code_of(slug: str) -> str:
    """A document id made from the slug: five letters without look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    number = sum(ord(letter) * 31**place for place, letter in enumerate(slug))
    return "".join(letters[number // 23**place % 23] for place in range(5))


def planned(house: House) -> int:
    return jobs.plan(house)


def one_planned(house: House, moment: Moment) -> None:
    """One reader's daily digest of one update, planned a minute after its hour."""
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 1


def mails(house: House, kind: str = "digest") -> list[OutboxEmail]:
    with house.db.read() as session:
        return list(session.scalars(select(OutboxEmail).where(OutboxEmail.kind == kind).order_by(OutboxEmail.id)))


def ledger(house: House) -> dict[str, list[tuple[str, str, list[str]]]]:
    """By address: every copy as (cadence, slot, the documents it carried in order of time)."""
    found: dict[str, list[tuple[str, str, list[str]]]] = {}
    with house.db.read() as session:
        rows = session.execute(
            select(Subscriber.address, Subscriber.id, DigestIssue)
            .join(DigestRecipient, DigestRecipient.subscriber_id == Subscriber.id)
            .join(DigestIssue, DigestIssue.id == DigestRecipient.issue_id)
            .order_by(DigestRecipient.planned_at, DigestIssue.id)
        )
        for address, subscriber_id, issue in rows:
            items = session.scalars(
                select(Publication.document_id).join(DigestItem, DigestItem.publication_id == Publication.id)
                .where(DigestItem.issue_id == issue.id, DigestItem.subscriber_id == subscriber_id)
                .order_by(Publication.public_at, Publication.id)
            )  # fmt: skip
            found.setdefault(address, []).append((issue.cadence, issue.slot, list(items)))
    return found


ONE, TWO, THREE = code_of("one"), code_of("two"), code_of("three")


def passes(house: House, moment: Moment, *moments: datetime) -> None:
    """Plan at each of these moments."""
    for when in moments:
        moment.is_at(when)
        planned(house)


def documents(house: House, address: str = READER) -> list[list[str]]:
    """What each copy of a reader carries, the first one first."""
    return [documents for _, _, documents in ledger(house).get(address, [])]
