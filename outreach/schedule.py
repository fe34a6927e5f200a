"""The timetable: what happens by itself, and how often. The state is in our tables, so a missed tick is caught up
and a doubled one does nothing."""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.blocking import BlockingScheduler

from outreach.accounts import jobs as accounts
from outreach.briefings import jobs as briefings
from outreach.contacts.duplicates import jobs as duplicates
from outreach.contacts.imports import jobs as imports
from outreach.digests import jobs as digests
from outreach.house import House
from outreach.inquiries import jobs as inquiries
from outreach.inquiries.arrivals import jobs as arrivals
from outreach.inquiries.duty import jobs as duty
from outreach.inquiries.files import jobs as files
from outreach.mail.inbound import jobs as inbound
from outreach.newsroom import jobs as newsroom
from outreach.privacy import jobs as privacy
from outreach.subscriptions import jobs as subscriptions


@dataclass(frozen=True)
class Entry:
    job: Callable[[House], None]
    seconds: int
    words: str


TIMETABLE = (
    Entry(newsroom.read_content, 3, "read content/, note what became public"),
    Entry(digests.plan_due, 5, "freeze and plan the digests that are due"),
    Entry(digests.watch, 60, "look for what must never be, for the desk"),
    Entry(briefings.carry_on, 5, "plan mailings that were released, call back those that were stopped"),
    Entry(duty.remind, 60, "remind officers, approvers and journalists of what is due"),
    Entry(subscriptions.send_kept_back, 60, "send confirmations that were kept back"),
    Entry(inbound.read_mailbox, 60, "read the mailbox to which mails come back"),
    Entry(arrivals.take_in, 15, "take in what journalists wrote by mail"),
    Entry(subscriptions.stop_by_mail, 10, "stop subscribers whose mail programs wrote for them"),
    Entry(subscriptions.take_up_wishes, 10, "ask those to confirm who wished for media notices with an inquiry"),
    Entry(subscriptions.take_in_lists, 10, "take in lists of subscribers that were approved"),
    Entry(imports.go_on, 3, "go on with imports of contacts"),
    Entry(imports.forget, 3600, "delete what the rows of old imports said"),
    Entry(subscriptions.forget_unconfirmed, 3600, "forget addresses that never confirmed or stopped long ago"),
    Entry(duplicates.compare_changed, 20, "compare people who are new or changed with all others"),
    Entry(files.sweep, 3600, "drop files that nobody sent, and those without a row"),
    Entry(inquiries.close_answered, 600, "close what was answered five working days ago"),
    Entry(inbound.forget, 3600, "forget mail that came in"),
    Entry(privacy.keep_refusals, 5, "write refusals down beside the database, and say them to a restored one"),
    Entry(privacy.overwrite, 600, "overwrite what was erased"),
    Entry(accounts.tidy, 3600, "drop rate counts and sessions that are over"),
)

log = logging.getLogger(__name__)


def run(house: House) -> None:
    """Run the timetable until SIGTERM or SIGINT; a job that is running is finished first."""
    scheduler = BlockingScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for entry in TIMETABLE:
        scheduler.add_job(_kept_going, "interval", seconds=entry.seconds, args=(entry, house))
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: scheduler.shutdown(wait=False))
    gc.freeze()  # what is loaded stays; to look through it for circles takes a tenth of a second each time
    scheduler.start()


def _kept_going(entry: Entry, house: House) -> None:
    try:
        entry.job(house)
    except Exception:  # the timetable goes on; the failure is told
        log.exception("failed: %s", entry.words)
