"""By itself: refusals go into the file beside the database, a restored database learns of them, and what was erased is
overwritten in the files of the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from outreach import audit, clock
from outreach.audit import AuditEntry
from outreach.house import House
from outreach.mail import forgetting, mailbox
from outreach.mail.models import SENDING, OutboxEmail
from outreach.mail.transports import mail_folder
from outreach.privacy import refusals, replaying
from outreach.privacy.refusals import DONE, MARK, OBJECTED, Line

OVERWRITTEN = "privacy.overwritten"
LEAVING_FOR = timedelta(days=6)
"""A mail is tried for five days at most; one that was leaving when its owner was erased loses its words after that."""
INDEXES = ("person_fts", "person_trigram_fts")


def keep_refusals(house: House) -> None:
    """Write down what was refused since the last time; to a restored database, say all that it has forgotten."""
    with house.db.read() as session:
        seen, after = refusals.after_mark(session, list(refusals.read(house, refusals.RECENT)))
        if seen is None:
            seen, after = refusals.after_mark(session, list(refusals.read(house)))
        forgotten = [line for line in after if not refusals.is_known(session, line)]
        here = refusals.mark(session, house, clock.now())
        fresh = refusals.news(session, seen or Line(here.at, MARK), here)
    if forgotten:
        _replay(house, [line for line in after if not line.entry or line in forgotten])
    elif fresh or after or seen is None or here.suppression < seen.suppression:  # its number is given out again
        if seen is not None:
            _stop_digests(house, [line for line in fresh if line.what == OBJECTED])
        refusals.add(house, [*fresh, here])


def _replay(house: House, lines: Collection[Line]) -> None:
    with house.db.transaction() as session:
        replaying.replay(session, house, clock.now(), lines)
    with house.db.read() as session:
        here = refusals.mark(session, house, clock.now())
    refusals.add(house, [here])


def _stop_digests(house: House, objections: Collection[Line]) -> None:
    """Whoever objects gets no digests either (P-09)."""
    if objections:
        with house.db.transaction() as session:
            for line in objections:
                replaying.stop_digests(session, clock.now(), line, OBJECTED)


def overwrite(house: House) -> None:
    """After an erasure: nothing of it stays in the log of the database, in its indexes, or in mails that have left."""
    _overwrite_mails(house)
    with house.db.read() as session:
        last = select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)
        erased = session.scalar(last.where(AuditEntry.action == DONE))
        if erased is None or erased < (session.scalar(last.where(AuditEntry.action == OVERWRITTEN)) or 0):
            return
    with house.db.transaction() as session:
        if house.db.is_sqlite:
            for index in INDEXES:
                session.connection().exec_driver_sql(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608  (our own names)
        audit.record(session, clock.now(), OVERWRITTEN, "privacy")
    house.db.carry_over()


def _overwrite_mails(house: House) -> None:
    """Mails that were leaving when their owner was erased, and those that left as files."""
    with house.db.read() as session:
        done = select(AuditEntry.detail).where(AuditEntry.action == DONE, AuditEntry.at > clock.now() - LEAVING_FOR)
        ids = {number for detail in session.scalars(done) for number in detail.get("leaving", ())}
        kept = select(OutboxEmail.id).where(OutboxEmail.id.in_(ids), OutboxEmail.to_address != "")
        left = list(session.scalars(kept.where(OutboxEmail.state != SENDING)))
    if left:
        with house.db.transaction() as session:
            forgetting.blank(session, (), ids=left)
    with house.db.read() as session:
        mailbox.forget(session, mail_folder(house.settings))
