"""What happens by itself: kept-back mails leave when there is room, wishes and lists are taken in, addresses are
forgotten, mails that want to stop are heeded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from outreach import clock
from outreach.contacts import wishes as contact_wishes
from outreach.house import House
from outreach.mail.inbound import taking
from outreach.mail.models import UNSUBSCRIBE
from outreach.subscriptions import confirmations, retention, stopping, takeover, uploads, wishes
from outreach.subscriptions.lists import Line
from outreach.subscriptions.takeover import Seen

BY_MAIL_AT_ONCE = 50
WISHES_AT_ONCE = 20


def send_kept_back(house: House) -> None:
    """Send confirmations that the breaker kept back, as far as this hour has room for them."""
    with house.db.read() as session:
        if not confirmations.is_kept_back(session, clock.now()):
            return
    with house.db.transaction() as session:
        confirmations.send_kept_back(session, house, clock.now())


def forget_unconfirmed(house: House) -> None:
    """Delete addresses that were never confirmed, or that stopped 28 days ago, and what else has run out."""
    now, gone = clock.now(), 1
    while gone:
        with house.db.transaction() as session:
            gone = retention.forget_unconfirmed(session, now) + retention.forget_stopped(session, now)
    with house.db.transaction() as session:
        retention.forget_counts(session, now)
        retention.forget_left_over(session, now)


def stop_by_mail(house: House) -> None:
    """Stop subscribers whose mail programs wrote for them, a few to a transaction (RFC 2369)."""
    with house.db.read() as session:
        if not taking.is_waiting(session, UNSUBSCRIBE):
            return
    done = BY_MAIL_AT_ONCE
    while done == BY_MAIL_AT_ONCE:
        with house.db.transaction() as session:
            done = stopping.stop_by_mail(session, house, clock.now(), BY_MAIL_AT_ONCE)


def take_up_wishes(house: House) -> None:
    """Ask whoever wished for our updates in another room to confirm that, a few to a transaction."""
    with house.db.read() as session:
        if not contact_wishes.is_waiting(session):
            return
    done = WISHES_AT_ONCE
    while done == WISHES_AT_ONCE:
        with house.db.transaction() as session:
            done = wishes.take_up(session, house, clock.now(), WISHES_AT_ONCE)


def take_in_lists(house: House) -> None:
    """Take in the lists that were approved on the desk, a batch at a time; after a crash it goes on where it was."""
    while True:
        with house.db.read() as session:
            upload = uploads.next_approved(session)
        if upload is None or not _take_in(house, upload.id):
            return


def _take_in(house: House, upload_id: int) -> bool:
    """One list to its end; False when another process has it in hand."""
    with house.db.read() as session:
        upload = uploads.get(session, upload_id)
        lines, seen, done = uploads.lines(house, upload), Seen(), upload.next_line
    for batch in _batches(_rest(house, lines, seen, done)):
        with house.db.transaction() as session:
            held = uploads.held(session, upload_id, done)
            if held is None:
                return False
            uploads.note(held, takeover.take_in(session, house, clock.now(), batch, seen))
            done = held.next_line
    with house.db.transaction() as session:
        return uploads.finish(session, clock.now(), upload_id, done)


def _rest(house: House, lines: Iterator[Line], seen: Seen, done: int) -> Iterator[Line]:
    """The lines after number `done`; those before are only looked at."""
    for line in lines:
        if line.number > done:
            yield line
        else:
            seen.note(house, line)


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(lines, takeover.BATCH)):
        yield batch
