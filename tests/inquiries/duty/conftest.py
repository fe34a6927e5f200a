"""An office that is open from Monday to Friday, 09:00 to 17:00 in Belgrade, and rows as they come about on the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries import deadlines
from outreach.inquiries.duty import jobs
from outreach.inquiries.models import Inquiry

DAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture(autouse=True)
def content_dir(content_dir: Path) -> Path:
    """The office states its hours."""
    hours = "\n".join(f'{day} = ["09:00", "17:00"]' for day in DAYS)
    office = content_dir / "office.toml"
    office.write_text(f"{office.read_text()}\n[hours]\n{hours}\n")
    return content_dir


@pytest.fixture
def put(house: House) -> Callable[..., str]:
    """put(deadline=…, state="accepted", …): an inquiry that comes in now; its reference."""
    numbers = iter(range(1, 1000))

    def entered(deadline: datetime | None = None, **other: Any) -> str:
        now, number = clock.now(), next(numbers)
        suspense = deadlines.suspense(now, deadline)
        values: dict[str, Any] = {
            "reference": f"26-{number:05}-0", "fingerprint": str(number), "key_id": house.tokens.key_id,
            "variant": "en", "state": "received", "needs": ["quote"], "subject": f"Subjectword {number}",
            "deadline_choice": "day", "deadline_zone": "Europe/Belgrade", "terms_wanted": "on_record",
            "name": "Nameword", "outlet": "Outletword", "email": "reporter@example.org", "channels": [],
            "reply_in": "any", "folded": f"subjectword {number}", "received_at": now, "changed_at": now,
            "last_in_at": now, "deadline_at": deadline, "suspense_at": suspense,
            "commit_by_at": deadlines.commit_by(now, suspense),
        }  # fmt: skip
        with house.db.transaction() as session:
            session.add(Inquiry(**{**values, **other}))
        return str(values["reference"])

    return entered


@pytest.fixture
def said(house: House, mailbox: Any) -> Callable[[], list[tuple[str, str]]]:
    """said(): runs the job as the timetable does; the new mails as (address, subject)."""
    known = 0

    def new() -> list[tuple[str, str]]:
        nonlocal known
        jobs.remind(house)
        mailbox.deliver()
        every = mailbox.all()
        fresh, known = every[known:], len(every)
        return [(str(mail.recipients[0]), mail.subject) for mail in fresh]

    return new


def account_id(house: House, email: str = "officer@example.org") -> int:
    with house.db.read() as session:
        return session.scalars(select(Account.id).where(Account.email == email)).one()


def stays(moment: Any, said: Callable[[], list[tuple[str, str]]], until: datetime) -> list[tuple[datetime, str]]:
    """Lets the clock run until then, looking every five minutes: when something was said, and its subject."""
    told = []
    while (now := moment.moves(minutes=5)) <= until:
        told += [(now.replace(second=0, microsecond=0), subject) for _, subject in said()]
        moment.is_at(now)
    return told


HOUR = timedelta(hours=1)
