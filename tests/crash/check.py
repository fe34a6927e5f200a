"""The promises, each held against what the sink stored. The ledger is asked only whether it tells the truth."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import product

from sqlalchemy import select, text
from sqlalchemy.orm import Session, selectinload

from outreach.db import Database
from outreach.digests.models import DigestIssue, DigestItem, DigestRecipient
from outreach.mail.models import ACCEPTED, OutboxEmail
from tests.crash.office import Office
from tests.crash.sink import POISON, Copy
from tests.digests.givens import code_of
from tests.digests.model import Pair

#: Every way to break a promise, in the words of the table.
LOST, TWICE, UNASKED = "lost", "item twice", "unasked"
UNEXPLAINED, LATE = "unexplained", "late copies"
CROSS_TALK, DIFFERING, LIES = "cross-talk", "differing bytes", "ledger lies"
STOPPED, WITHDRAWN = "after a stop", "after a withdrawal"
HALF, UNSOUND, OPEN, OVERFULL = "half-planned", "unsound database", "unfinished", "over the window"
PROMISES = (
    LOST, UNEXPLAINED, CROSS_TALK, DIFFERING, LIES, TWICE, UNASKED, LATE, STOPPED, WITHDRAWN, HALF, OVERFULL, OPEN, UNSOUND,
)  # fmt: skip


def broken(office: Office, copies: list[Copy]) -> Counter[str]:
    """How often each promise was broken; those that were kept are not in it."""
    with office.house.db.read() as session:
        found = Counter[str]()
        found.update(in_pairs(office, copies))
        found.update(in_mails(session, office, copies))
        found.update(in_time(office, copies))
        found.update(half_planned(session))
    found[OPEN] = office.waiting()
    found[UNSOUND] = len(unsound(office.house.db))
    return +found


def in_pairs(office: Office, copies: Iterable[Copy]) -> Iterable[str]:
    """What each reader got of each item, whatever the ledger says."""
    mails = mails_by_pair(copies)
    for reader, item in office.model.owed():
        if not office.address_of(reader).startswith(POISON) and not mails.get((reader, item)):
            yield LOST
    for (reader, item), ids in mails.items():
        if len(ids) > 1:
            yield TWICE
        if item not in office.model.news or not office.model.wants(reader, item):
            yield UNASKED


def tell(office: Office, copies: Iterable[Copy]) -> None:
    """Print what is lost, for whoever has to find out why."""
    got, planned = mails_by_pair(copies), office.planned()
    with office.house.db.read() as session:
        last = {row.ref: f"{row.state} {row.reason}" for row in session.scalars(select(OutboxEmail))}
        issues = session.execute(select(DigestIssue.cadence, DigestIssue.slot, DigestIssue.done)).all()
    print(f"at {office.moment.now()}: issues {issues}", file=sys.stderr)
    for reader, item in sorted(office.model.owed() - got.keys()):
        if office.address_of(reader).startswith(POISON):
            continue
        row, wish = (reader, code_of(f"item-{item}")) in planned, office.wishes[reader % len(office.wishes)]
        print(f"{reader} {item} planned: {row}, {wish}, last: {last.get(f'subscriber:{reader}')}", file=sys.stderr)


def mails_by_pair(copies: Iterable[Copy]) -> dict[Pair, set[str]]:
    """The ids of the mails in which a reader got an item."""
    mails: dict[Pair, set[str]] = defaultdict(set)
    for copy in copies:
        for pair in product(map(int, copy.readers), copy.items):
            mails[pair].add(copy.message_id)
    return mails


def in_mails(session: Session, office: Office, copies: Iterable[Copy]) -> Iterable[str]:
    """The copies of each mail beside its row in the ledger."""
    stored: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        stored[copy.message_id].append(copy)
    planned = planned_items(session)
    for row in session.scalars(select(OutboxEmail).options(selectinload(OutboxEmail.tries))):
        mine = stored.pop(row.message_id, [])
        unsure = sum(attempt.phase == "uncertain" for attempt in row.tries)
        yield from [UNEXPLAINED] * max(0, len(mine) - 1 - unsure)
        reader = row.ref.partition(":")[2]
        if any((c.recipients, c.to, c.readers) != ([row.to_address], row.to_address, [reader]) for c in mine):
            yield CROSS_TALK
        if len({copy.sha for copy in mine}) > 1:
            yield DIFFERING
        if is_lie(row, mine, unsure, planned.get(row.id)):
            yield LIES
    yield from [LIES] * len(stored)  # mails that the ledger does not know


def is_lie(row: OutboxEmail, mine: list[Copy], unsure: int, items: int | None) -> bool:
    """Whether the ledger says of a mail what the server knows better."""
    if row.state == ACCEPTED and not mine:
        return True
    if mine and row.state != ACCEPTED and not unsure:
        return True
    return items is not None and any(len(copy.items) != items for copy in mine)


def planned_items(session: Session) -> Counter[int]:
    """By mail: how many items the ledger says it carries."""
    same = (DigestItem.issue_id == DigestRecipient.issue_id) & (
        DigestItem.subscriber_id == DigestRecipient.subscriber_id
    )
    return Counter(session.scalars(select(DigestRecipient.outbox_id).join(DigestItem, same)))


def in_time(office: Office, copies: Iterable[Copy]) -> Iterable[str]:
    """Copies that came after a word that should have held them back."""
    after = Counter[tuple[str, str]]()
    for copy in copies:
        if copy.at > office.delivered.get(copy.message_id, copy.at):
            yield LATE
        cuts = [(STOPPED, office.stops[int(one)]) for one in copy.readers if int(one) in office.stops]
        cuts += [(WITHDRAWN, office.withdrawals[item]) for item in copy.items if item in office.withdrawals]
        for what, cut in cuts:
            if copy.at > cut.at:
                after[what, copy.message_id] += 1
                if copy.message_id not in cut.under_way or what == STOPPED and after[what, copy.message_id] > 1:
                    yield what


def half_planned(session: Session) -> Iterable[str]:
    """A mail without its reader's row, a row without its mail or without any item (D-08)."""
    copies = list(session.scalars(select(DigestRecipient)))
    items = set(map(tuple, session.execute(select(DigestItem.issue_id, DigestItem.subscriber_id))))
    whole = {copy.outbox_id for copy in copies}
    digests = select(OutboxEmail.id, OutboxEmail.state).where(OutboxEmail.kind == "digest")
    for mail_id, state in session.execute(digests):
        if mail_id not in whole and state != "cancelled":
            yield HALF
    for copy in copies:
        if copy.state == "prepared" and (copy.outbox_id is None or (copy.issue_id, copy.subscriber_id) not in items):
            yield HALF
    yield from [HALF] * len(items - {(copy.issue_id, copy.subscriber_id) for copy in copies})


def unsound(db: Database) -> list[str]:
    """What the database itself says is wrong with it: every page, every index, every reference."""
    with db.engine.connect() as connection:
        if db.is_sqlite:
            said = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
            said += [str(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
            return [line for line in said if line != "ok"]
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
        relations = "FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        heaps = f"SELECT msg {relations.replace('FROM pg_class', 'FROM pg_class, verify_heapam(pg_class.oid)')} AND relkind = 'r'"  # fmt: skip
        said = list(connection.scalars(text(heaps)))
        trees = "relam = (SELECT oid FROM pg_am WHERE amname = 'btree')"
        connection.execute(text(f"SELECT bt_index_check(oid, true) {relations} AND relkind = 'i' AND {trees}"))
        return said
