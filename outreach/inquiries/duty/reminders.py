"""Reminders: what is due is said once, to whoever can do something about it, when somebody is there to do it.

Everything is worked out from the inquiries, clearances and lines as they are now; the table of reminders only says
what was said. A deadline that was moved is another deadline, so the instant stands in the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, load_only, raiseload

from outreach import db, hours
from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries import emails, moves
from outreach.inquiries.clearance import matters
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.duty import emails as staff
from outreach.inquiries.duty.models import Reminder
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import DUE_SOON, OPEN_STATES, RECEIVED, WAITING, Inquiry, InquiryEvent
from outreach.inquiries.stories.models import Story
from outreach.language import mark, text
from outreach.office import Office

UNOWNED_FOR, BEFORE_COMMITTING, LAST_HOUR = timedelta(minutes=15), timedelta(minutes=10), timedelta(hours=1)
WORKING_DAYS_BEFORE = 3
MORNING, EVENING = 7, 22  # local hours between which an office that states none is taken to be awake
AT_ONCE = 5_000  # references looked up in one statement

NOBODYS = mark("Nobody has taken this inquiry on yet")
COMMIT = mark("Say whether the answer will come in time")
SUSPENSE = mark("The suspense has passed and nothing is answered")
HOUR = mark("Less than an hour is left until the deadline")
PASSED = mark("The deadline has passed and nothing is answered")
HALF = mark("A clearance is waited for: half of its time has passed")
NEARLY = mark("A clearance is needed now: its time is nearly over")
WAITED = mark("The journalist is reminded of our question")
EXPIRES = mark("A line to take is about to expire")


@dataclass(frozen=True)
class Call:
    """One reminder, given or not: what it is about (`subject` and its id), its key in the table, from when it is due.

    It may sound in closed hours if `deadline` leaves no time to wait until the office opens.
    """

    subject: str
    number: int
    ref: str
    key: str
    at: datetime
    what: str
    reference: str
    deadline: datetime | None = None


def due(session: Session, house: House, now: datetime) -> list[tuple[str, int]]:
    """What somebody is to be reminded of now: subject and id, each once."""
    ripe = [call for call in _all(session, house.office, now) if call.at <= now]
    ripe = [call for call in ripe if may_sound(house.office, now, call.deadline)]
    return list(dict.fromkeys((call.subject, call.number) for call in _not_given(session, ripe)))


def coming(session: Session, house: House, now: datetime, until: datetime) -> list[Call]:
    """What will be said until then about inquiries, the next first."""
    every = (call for call in _all(session, house.office, now) if call.subject != "line" and call.reference)
    ahead = [call for call in every if now < call.at <= until]
    return sorted(_not_given(session, ahead), key=lambda call: (call.at, call.ref))


def give(session: Session, house: House, now: datetime, subject: str, number: int) -> bool:
    """Say the most pressing of what is due about this, and count the rest as said; `False` when it was said before."""
    calls = [call for call in SOURCES[subject](session, house.office, now, number) if call.at <= now]
    fresh = [call for call in calls if _note(session, now, call)]
    if fresh:
        TELL[subject](session, house, now, fresh[-1])
    return bool(fresh)


def opens_again(office: Office, now: datetime) -> datetime | None:
    """When alarms may sound again; `None` when they may now. Without stated hours they are silent at night."""
    if office.hours:
        return hours.opens_at(office, now)
    local = now.astimezone(office.zone)
    if MORNING <= local.hour < EVENING:
        return None
    on = local.date() + timedelta(days=int(local.hour >= EVENING))
    return datetime.combine(on, time(MORNING), office.zone).astimezone(UTC)


def may_sound(office: Office, now: datetime, deadline: datetime | None) -> bool:
    """Whether somebody may be disturbed: the office is open, or the deadline falls before it opens."""
    opens = opens_again(office, now)
    return opens is None or (deadline is not None and deadline < opens)


def of_inquiry(office: Office, inquiry: Inquiry) -> Iterator[Call]:
    """All there ever is to say about an open inquiry as it stands, the less pressing first."""

    def call(name: str, at: datetime, what: str, bound_to: datetime | None = None) -> Call:
        key = f"{name} {bound_to:%y%m%d%H%M}" if bound_to else name
        at = max(at, inquiry.received_at)
        return Call("inquiry", inquiry.id, inquiry.ref, key, at, what, inquiry.reference, inquiry.deadline_at)

    deadline, suspense, commit_by = inquiry.deadline_at, inquiry.suspense_at, inquiry.commit_by_at
    if inquiry.state == RECEIVED and inquiry.owner_id is None:
        unowned = hours.later(office, inquiry.received_at, UNOWNED_FOR)
        yield call("nobodys", min(unowned, deadline - DUE_SOON) if deadline else unowned, NOBODYS)
    if commit_by and inquiry.commitment is None:
        yield call("commit", hours.earlier(office, commit_by, BEFORE_COMMITTING), COMMIT, commit_by)
    if suspense:
        yield call("suspense", suspense, SUSPENSE, suspense)
    if deadline:
        yield call("hour", deadline - LAST_HOUR, HOUR, deadline)
        yield call("passed", deadline, PASSED, deadline)


def _of_inquiries(session: Session, office: Office, _now: datetime, number: int | None = None) -> Iterator[Call]:
    columns = (
        Inquiry.reference, Inquiry.state, Inquiry.owner_id, Inquiry.received_at, Inquiry.deadline_at,
        Inquiry.suspense_at, Inquiry.commit_by_at, Inquiry.commitment,
    )  # fmt: skip
    wanted = select(Inquiry).where(Inquiry.state.in_(OPEN_STATES), *_only(Inquiry.id, number))
    plain = load_only(*columns)
    for inquiry in session.scalars(wanted.options(plain, raiseload(Inquiry.questions)).order_by(Inquiry.id)):
        yield from of_inquiry(office, inquiry)


def _of_waiting(session: Session, _office: Office, _now: datetime, number: int | None = None) -> Iterator[Call]:
    """To the journalist, half-way from our question to the deadline."""
    until: Any = Inquiry.deadline_at
    asked = (
        select(Inquiry.id, Inquiry.reference, until, func.max(InquiryEvent.at))
        .join(InquiryEvent, InquiryEvent.inquiry_id == Inquiry.id)
        .where(Inquiry.state == WAITING, Inquiry.deadline_at.is_not(None), Inquiry.email != "")
        .where(InquiryEvent.verb == moves.ASK_BACK, *_only(Inquiry.id, number))
        .group_by(Inquiry.id, Inquiry.reference, Inquiry.deadline_at)
        .order_by(Inquiry.id)
    )
    for inquiry_id, reference, deadline, asked_at in session.execute(asked):
        if asked_at < deadline:
            key, at = f"waiting {asked_at:%y%m%d%H%M}", asked_at + (deadline - asked_at) / 2
            yield Call("waiting", inquiry_id, f"inquiry:{reference}", key, at, WAITED, reference, deadline)


def _of_clearances(session: Session, _office: Office, _now: datetime, number: int | None = None) -> Iterator[Call]:
    latest: Any = func.coalesce(Clearance.latest_at, Inquiry.suspense_at)
    asked = (
        select(Clearance.id, Clearance.asked_at, latest, Inquiry.reference, Inquiry.deadline_at)
        .outerjoin(Inquiry, Inquiry.id == Clearance.inquiry_id)
        .outerjoin(Story, Story.id == Clearance.story_id)
        .where(Clearance.decision.is_(None), Clearance.withdrawn_at.is_(None), latest > Clearance.asked_at)
        .where(or_(Inquiry.state.in_(OPEN_STATES), and_(Story.id.is_not(None), Story.ended_at.is_(None))))
        .where(*_only(Clearance.id, number))
        .order_by(Clearance.id)
    )
    for clearance_id, asked_at, latest_at, reference, deadline in session.execute(asked):
        for key, share, what in (("half", 0.5, HALF), ("nearly", 0.8, NEARLY)):
            at = asked_at + (latest_at - asked_at) * share
            ref = f"clearance:{clearance_id}"
            yield Call("clearance", clearance_id, ref, key, at, what, reference or "", deadline)


def _of_lines(session: Session, office: Office, now: datetime, number: int | None = None) -> Iterator[Call]:
    today = now.astimezone(office.zone).date()
    last_day: Any = Line.expires_on
    ending = select(Line.id, last_day).where(Line.ended_at.is_(None), last_day >= today)
    for line_id, expires_on in session.execute(ending.where(*_only(Line.id, number)).order_by(Line.id)):
        on = working_days_before(office, expires_on, WORKING_DAYS_BEFORE)
        at = datetime.combine(on, time(), office.zone).astimezone(UTC)
        yield Call("line", line_id, f"line:{line_id}", f"expires {expires_on:%y%m%d}", at, EXPIRES, str(line_id))


def working_days_before(office: Office, on: date, count: int) -> date:
    """So many working days before a day; days of the week where the office names none."""
    working, day = hours.working_days(office), on
    while count:
        day -= timedelta(days=1)
        count -= int(day in working or not working.weekdays)
    return day


def _tell_owner(session: Session, house: House, now: datetime, call: Call) -> None:
    inquiry = session.get_one(Inquiry, call.number)
    _tell(session, house, now, staff.holder(session, house, now, inquiry.owner_id), call)


def _tell_approver(session: Session, house: House, now: datetime, call: Call) -> None:
    """To the approver; without an account the request itself comes once more."""
    clearance = session.get_one(Clearance, call.number)
    matter = matters.of_row(session, clearance)
    if clearance.approver_id is not None:
        to = staff.holder(session, house, now, clearance.approver_id)
        named = matter.named(to.variant)
        return staff.tell(session, house, now, to, call.what, ref=matter.ref, reference=named, path=matter.path)
    asker = session.get(Account, clearance.asked_by_id) if clearance.asked_by_id else None
    return emails.send_clearance_request(session, house, now, matter, clearance, asker.variant if asker else "en")


def _tell(session: Session, house: House, now: datetime, to: staff.Receiver, call: Call) -> None:
    path, ref = f"/desk/inquiries/{call.reference}", f"inquiry:{call.reference}"
    staff.tell(session, house, now, to, call.what, ref=ref, reference=call.reference, path=path)


def _tell_journalist(session: Session, house: House, now: datetime, call: Call) -> None:
    emails.send_reminder(session, house, now, session.get_one(Inquiry, call.number))


def _tell_line_owner(session: Session, house: House, now: datetime, call: Call) -> None:
    to = staff.holder(session, house, now, session.get_one(Line, call.number).owner_id)
    named = text(to.variant, "Line {number}", number=call.number)
    staff.tell(session, house, now, to, call.what, ref=call.ref, reference=named, path=f"/desk/lines/{call.number}")


SOURCES: dict[str, Callable[..., Iterator[Call]]] = {
    "inquiry": _of_inquiries,
    "waiting": _of_waiting,
    "clearance": _of_clearances,
    "line": _of_lines,
}
TELL: dict[str, Callable[[Session, House, datetime, Call], None]] = {
    "inquiry": _tell_owner,
    "waiting": _tell_journalist,
    "clearance": _tell_approver,
    "line": _tell_line_owner,
}


def _all(session: Session, office: Office, now: datetime) -> Iterator[Call]:
    for source in SOURCES.values():
        yield from source(session, office, now)


def _only(column: Any, number: int | None) -> list[Any]:
    return [] if number is None else [column == number]


def _not_given(session: Session, calls: Iterable[Call]) -> list[Call]:
    asked = list(calls)
    refs = sorted({call.ref for call in asked})
    given: set[tuple[str, str]] = set()
    for start in range(0, len(refs), AT_ONCE):
        some = Reminder.ref.in_(refs[start : start + AT_ONCE])
        given |= {(ref, kind) for ref, kind in session.execute(select(Reminder.ref, Reminder.kind).where(some))}
    return [call for call in asked if (call.ref, call.key) not in given]


def _note(session: Session, now: datetime, call: Call) -> bool:
    """Write down that it is said now; `False` when it was said before."""
    row = db.insert(session, Reminder).values(ref=call.ref, kind=call.key, at=now)
    return session.execute(row.on_conflict_do_nothing().returning(Reminder.ref)).first() is not None
