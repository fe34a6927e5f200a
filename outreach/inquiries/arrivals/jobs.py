"""Mail that journalists wrote is taken in by itself, each in a transaction of its own."""

from __future__ import annotations

import logging

from outreach import clock
from outreach.house import House
from outreach.inquiries.arrivals import attached, reading, sorting, taking
from outreach.mail.inbound import taking as inbound

log = logging.getLogger(__name__)


def take_in(house: House) -> None:
    """Sort what is new. Mails and their files are read before the transaction; one that cannot be sorted waits."""
    with house.db.read() as session:
        waiting = sorting.new(session)
    for row_id in waiting:
        try:
            _sort(house, row_id)
        except Exception as wrong:  # those behind it go on
            log.error("mail %s that came in cannot be sorted: %s", row_id, type(wrong).__name__)
            with house.db.transaction() as session:
                row = taking.waiting(session, row_id)
                if row is not None:
                    row.wait(inbound.UNREADABLE)


def _sort(house: House, row_id: int) -> None:
    with house.db.read() as session:
        mail = reading.arrived(session, row_id)
        if mail is None:
            return
        brings_files = mail.written is not None and not mail.written.is_automatic
        is_known = brings_files and sorting.match(session, mail) is not None
        faults = attached.put(session, house, clock.now(), mail) if is_known else []
    with house.db.transaction() as session:
        sorting.sort(session, house, clock.now(), mail, faults)
