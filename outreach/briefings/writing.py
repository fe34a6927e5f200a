"""Write a mailing: to whom, in which words, on which terms, under which embargo."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.briefings import audience
from outreach.briefings.models import DRAFT, Mailing
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.language import mark

STALE = mark("Somebody else changed this mailing meanwhile. Your words are kept here; compare, then save again.")
NOT_A_DRAFT = mark("This mailing is not being written any more.")
NO_SUCH_SET = mark("Choose a press list or a segment that is still there.")


@dataclass(frozen=True)
class Draft:
    """What a form says; each as the column of its name."""

    kind: str
    subject_en: str
    subject_sr: str
    text_en: str
    text_sr: str
    terms: str
    embargo_at: datetime | None
    embargo_zone: str
    also_zone: str
    to_kind: str
    to_id: int


def get(session: Session, mailing_id: int, to_write: bool = False) -> Mailing:
    """The mailing of this id, held for the transaction when it is written to; NotFound for none."""
    found = session.get(Mailing, mailing_id, with_for_update=True if to_write else None)
    if found is None:
        raise NotFound(str(mailing_id))
    return found


def write(session: Session, now: datetime, draft: Draft, actor_id: int) -> Mailing:
    """A new mailing. Raises Conflict("to") for a set that is no more."""
    _check(session, draft)
    made = Mailing(**asdict(draft), state=DRAFT, version=1, created_at=now, created_by=actor_id, changed_by=actor_id)
    session.add(made)
    session.flush()
    audit.record(session, now, "mailing.written", made.ref, actor_id)
    return made


def change(session: Session, now: datetime, mailing_id: int, version: int, draft: Draft, actor_id: int) -> Mailing:
    """Other words for a draft. Raises Conflict("version") when somebody was faster, IllegalMove when it is no draft."""
    mailing = get(session, mailing_id, to_write=True)
    if mailing.state != DRAFT:
        raise IllegalMove(NOT_A_DRAFT)
    if mailing.version != version:
        raise Conflict("version", STALE)
    _check(session, draft)
    for name, value in asdict(draft).items():
        setattr(mailing, name, value)
    mailing.version, mailing.changed_by = mailing.version + 1, actor_id
    audit.record(session, now, "mailing.changed", mailing.ref, actor_id)
    return mailing


def _check(session: Session, draft: Draft) -> None:
    if audience.name(session, draft.to_kind, draft.to_id) is None:
        raise Conflict("to", NO_SUCH_SET)
