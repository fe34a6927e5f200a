"""What happens by itself: mailings are planned, stopped ones called back, and what became of each copy is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from outreach import clock
from outreach.briefings import planning, releasing, settling
from outreach.briefings.models import Mailing
from outreach.contacts import records
from outreach.contacts.lists import members
from outreach.errors import NotFound
from outreach.house import House
from outreach.mail import outbox

BATCH = 250  # people to a transaction, which takes a tenth of a second


def carry_on(house: House) -> None:
    """One look at all mailings; most of the time there is nothing to do."""
    with house.db.read() as session:
        due = settling.released(session, clock.now())
        is_busy = settling.is_anything_under_way(session)
    if is_busy:
        _call_back(house)
    for mailing_id in due:
        plan(house, mailing_id)
    if is_busy:
        _settle(house)


def plan(house: House, mailing_id: int) -> None:
    """Plan a mailing from where it was left to its end."""
    with house.db.read() as session:
        mailing = session.get_one(Mailing, mailing_id)
        made = planning.editions(house, mailing)
    with house.db.transaction() as session:
        names = planning.keep(session, house, clock.now(), made)
    for ids in _people(house, mailing):
        with house.db.transaction() as session:
            if not planning.enter(session, house, clock.now(), mailing_id, ids, names):
                return
    with house.db.transaction() as session:
        planning.finish(session, mailing_id)


def _people(house: House, mailing: Mailing) -> Iterator[list[int]]:
    """Those beyond where it was left, a batch at a time; nobody when the list is no more."""
    with house.db.read() as session:
        try:
            for ids in members.members(session, house, mailing.to_kind, mailing.to_id, clock.now()):
                rest = [person_id for person_id in ids if person_id > mailing.last_person_id]
                yield from (rest[at : at + BATCH] for at in range(0, len(rest), BATCH))
        except NotFound:
            return


def _call_back(house: House) -> None:
    """Cancel mails to people who objected since, and those of mailings that were stopped."""
    _cancel(house, settling.objecting_since, records.STOPPED)
    with house.db.read() as session:
        stopped = settling.stopped(session)
    for mailing_id in stopped:
        _cancel(house, partial(releasing.pending, mailing_id=mailing_id, limit=BATCH), releasing.STOPPED_BY_HAND)


def _cancel(house: House, following: Callable[..., list[tuple[int, int]]], reason: str) -> None:
    """Cancel the mails of all copies that `following` names, those beyond a copy at a time."""
    last = 0
    while True:
        with house.db.read() as session:
            found = following(session, after=last)
        if not found:
            return
        with house.db.transaction() as session:
            outbox.cancel_mails(session, [mail_id for _, mail_id in found], reason)
        last = found[-1][0]


def _settle(house: House) -> None:
    done = settling.AT_ONCE
    while done == settling.AT_ONCE:
        with house.db.transaction() as session:
            done = settling.settle(session, clock.now())
