"""Reads over mailings, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.briefings.models import Mailing, MailingRecipient
from outreach.contacts.models import Person

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some rows, and the number to ask for the next ones after; None when there are no more."""

    rows: list[tuple[MailingRecipient, str]]
    next: int | None


def mailings(session: Session, page: int) -> tuple[list[Mailing], bool]:
    """A page of mailings, the newest first, and whether there are older ones."""
    newest = select(Mailing).order_by(Mailing.id.desc()).limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE)
    found = list(session.scalars(newest))
    return found[:PER_PAGE], len(found) > PER_PAGE


def counts(session: Session, mailing_id: int) -> dict[str, int]:
    """How many copies are in each state."""
    mine = select(MailingRecipient.state, func.count()).where(MailingRecipient.mailing_id == mailing_id)
    return {state: number for state, number in session.execute(mine.group_by(MailingRecipient.state))}


def recipients(session: Session, mailing_id: int, state: str, after: int) -> Page:
    """The next copies in this state with the name of the person."""
    mine = select(MailingRecipient, Person.name).join(Person, Person.id == MailingRecipient.person_id)
    theirs = mine.where(MailingRecipient.mailing_id == mailing_id, MailingRecipient.state == state)
    following = theirs.where(MailingRecipient.id > after).order_by(MailingRecipient.id).limit(PER_PAGE + 1)
    rows = [(copy, name) for copy, name in session.execute(following)]
    return Page(rows[:PER_PAGE], rows[PER_PAGE - 1][0].id if len(rows) > PER_PAGE else None)
