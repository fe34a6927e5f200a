"""Staff settle what was asked on a card: put corrections into the record, erase, or refuse and say why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, selectinload

from outreach import audit
from outreach.contacts import filing, records
from outreach.contacts.card.asking import CORRECTABLE
from outreach.contacts.card.models import CORRECTION, DONE, ERASURE, REFUSED, CardRequest
from outreach.contacts.models import Person, PersonBeat
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.language import mark
from outreach.serbian import fold

SAY_WHY = mark("Say why; they read it on their card.")
SHOWN = 100
IS_OPEN = text("card_request.settled_at IS NULL")


def waiting(session: Session) -> Sequence[CardRequest]:
    """What nobody has settled yet, the oldest first; a hundred at most."""
    asked = select(CardRequest).where(IS_OPEN).order_by(CardRequest.asked_at)
    loaded = selectinload(CardRequest.person).selectinload(Person.beats)
    return session.scalars(asked.options(loaded).limit(SHOWN)).all()


def count(session: Session) -> int:
    """How many wait."""
    return session.scalar(select(func.count()).select_from(CardRequest).where(IS_OPEN)) or 0


def accept(
    session: Session, now: datetime, request_id: int, fields: Collection[str], answer: str, actor_id: int | None
) -> None:
    """Put these of the proposed values into the record, which its owner has so confirmed. Twice is once."""
    request = _held(session, request_id)
    if request.kind != CORRECTION:
        raise IllegalMove(mark("This is no correction."))
    if request.settled_at is None:
        person = records.opened(session, request.person_id)
        for name in CORRECTABLE:
            if name in fields and name in request.proposed:
                _put(person, name, request.proposed[name])
        person.version, person.changed_at, person.confirmed_at = person.version + 1, now, now
        filing.refile(session, [person.id])
        _settle(session, now, request, DONE, answer, actor_id)


def refuse(session: Session, now: datetime, request_id: int, answer: str, actor_id: int | None) -> None:
    """Refuse what was asked; Conflict("answer") without a reason. Twice is once."""
    request = _held(session, request_id)
    if not answer:
        raise Conflict("answer", SAY_WHY)
    if request.settled_at is None:
        _settle(session, now, request, REFUSED, answer, actor_id)


def to_erase(session: Session, request_id: int) -> int | None:
    """Whose erasure was asked by this request, held; None when they are erased already, and the request with them."""
    request = session.get(CardRequest, request_id, with_for_update=True)
    if request is None:
        return None
    if request.kind != ERASURE or request.settled_at is not None:
        raise IllegalMove(mark("Nobody asks for this erasure any more."))
    return request.person_id


def _held(session: Session, request_id: int) -> CardRequest:
    request = session.get(CardRequest, request_id, with_for_update=True)
    if request is None:
        raise NotFound
    return request


def _settle(
    session: Session, now: datetime, request: CardRequest, outcome: str, answer: str, actor_id: int | None
) -> None:
    request.settled_at, request.settled_by, request.outcome, request.answer = now, actor_id, outcome, answer
    audit.record(
        session, now, "person.card_settled", f"person:{request.person_id}", actor_id, kind=request.kind, outcome=outcome
    )


def _put(person: Person, name: str, value: str) -> None:
    items = list(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if name == "beats":
        known = {held.beat: held for held in person.beats}
        person.beats[:] = [known.get(beat.lower()) or PersonBeat(beat=beat.lower()) for beat in items]
    elif name == "languages":
        person.languages = items
    else:
        setattr(person, name, value)
    if name == "name":
        person.folded = fold(value)
