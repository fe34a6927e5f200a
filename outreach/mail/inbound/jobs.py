"""The two ways in: one mail that a mail server hands over, and a mailbox that is read and emptied."""

from __future__ import annotations

import logging
import ssl
from itertools import islice

from outreach import clock
from outreach.house import House
from outreach.mail.inbound import reading, sources, taking
from outreach.mail.inbound.sources import Source

MOST = 500  # mails in one run; the next one goes on

log = logging.getLogger(__name__)


def receive(house: House, raw: bytes, recipient: str | None = None) -> bool:
    """Take in one mail; False when it was there already. It is read before the transaction begins."""
    read = reading.read(house.settings, raw, recipient)
    with house.db.transaction() as session:
        return taking.take(session, house, clock.now(), read) is not None


def read_mailbox(house: House, context: ssl.SSLContext | None = None) -> None:
    """Take in what lies in the mailbox that INBOUND_URL names. A mail is deleted there once its row is committed."""
    if not house.settings.inbound_url:
        return
    fault = None
    try:
        with sources.opened(house.settings.inbound_url, context) as source:
            _empty(house, source)
    except sources.TROUBLE as wrong:
        fault = sources.fault(wrong)
        log.error("the mailbox cannot be read: %s", fault)
    with house.db.transaction() as session:
        taking.note_read(session, clock.now(), fault)


def forget(house: House) -> None:
    """Drop what is no longer needed of mail that came in."""
    with house.db.transaction() as session:
        taking.forget(session, clock.now())


def _empty(house: House, source: Source) -> None:
    for name in islice(source.waiting(), MOST):
        raw = source.fetch(name)
        if raw is not None:
            receive(house, raw)
            source.drop(name)
