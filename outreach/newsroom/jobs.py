"""The tick that looks at the content folder."""

from __future__ import annotations

import logging

from outreach import clock
from outreach.house import House
from outreach.newsroom import intake

log = logging.getLogger(__name__)


def read_content(house: House) -> None:
    """Take in what is new in content/, and note what became public; nothing is written when nothing is new."""
    with house.db.read() as session:
        if not intake.is_stale(session, house, clock.now()):
            return
    with house.db.transaction() as session:
        report = intake.read_content(session, house, clock.now())
    for fault in report.faults:
        if fault.is_blocking:
            log.warning("%s", fault)
    if report.held:
        log.warning("%d publications at once: held until somebody releases them on the desk", len(report.held))
