"""A list that was uploaded: looked at first, taken in on a second word, its lines gone with the end of either."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import IllegalMove, NotFound
from outreach.house import House
from outreach.language import Variant, mark
from outreach.subscriptions import lists, takeover
from outreach.subscriptions.lists import Line, Terms
from outreach.subscriptions.models import ListImport
from outreach.subscriptions.takeover import Judged, Seen

# Larger files are for the command line, which reads them line by line.
MOST_BYTES = 2 * 1024 * 1024
SHOWN = 20


def keep(
    session: Session, now: datetime, *, file_name: str, content: str, proof: str, variant: Variant, actor_id: int | None
) -> ListImport:
    """Keep an uploaded list as it came; nothing is taken in yet."""
    upload = ListImport(
        file_name=file_name[:200], content_hash=hashlib.sha256(content.encode()).hexdigest(), content=content,
        proof=proof, variant=variant.segment, uploaded_at=now, actor_id=actor_id, next_line=0, report=[],
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def noted(
    session: Session, now: datetime, *, file_name: str, content_hash: str, terms: Terms, report: list[list[int | str]]
) -> ListImport:
    """Leave a trace of a list that the command line took in: name, proof and report, without its lines."""
    upload = ListImport(
        file_name=file_name[:200], content_hash=content_hash, content=None, proof=terms.proof,
        variant=terms.variant.segment, uploaded_at=now, approved_at=now, next_line=0, report=report,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    end(session, now, upload)
    return upload


def get(session: Session, upload_id: int) -> ListImport:
    """The upload of this number; NotFound for none."""
    upload = session.get(ListImport, upload_id)
    if upload is None:
        raise NotFound("list")
    return upload


def latest(session: Session) -> Sequence[ListImport]:
    """The last few, newest first."""
    return session.scalars(select(ListImport).order_by(ListImport.id.desc()).limit(SHOWN)).all()


def lines(house: House, upload: ListImport) -> Iterator[Line]:
    """The lines of an upload that is still there, from its beginning."""
    today = upload.uploaded_at.astimezone(house.office.zone).date()
    terms = Terms(upload.proof, upload.file_name, Variant.of(upload.variant), today)
    return lists.read(io.StringIO(upload.content or "", newline=""), house.office, terms)


def looked_at(session: Session, house: House, upload: ListImport) -> list[Judged]:
    """What would become of every line if the list were taken in now."""
    seen, rows, judged = Seen(), lines(house, upload), []
    while batch := list(islice(rows, 500)):
        judged += takeover.judge(session, house, batch, seen)
    return judged


def counted(outcomes: Sequence[str]) -> dict[str, int]:
    """How many lines have each outcome, in the order of takeover.OUTCOMES."""
    numbers = Counter(outcomes)
    return {name: numbers[name] for name in takeover.OUTCOMES if numbers[name]}


def approve(session: Session, now: datetime, upload_id: int, actor_id: int | None) -> None:
    """The second word: from now on the list is taken in. Saying it twice is no error."""
    upload = session.get(ListImport, upload_id, with_for_update=True)
    if upload is None:
        raise NotFound("list")
    if upload.state == "discarded":
        raise IllegalMove(mark("This list was discarded. Upload it again."))
    if upload.approved_at is None:
        upload.approved_at = now
        audit.record(session, now, "subscribers.list_approved", f"list:{upload.id}", actor_id)


def discard(session: Session, now: datetime, upload_id: int) -> None:
    """Drop an uploaded list that was not approved."""
    upload = session.get(ListImport, upload_id, with_for_update=True)
    if upload is None:
        raise NotFound("list")
    if upload.approved_at is None and upload.ended_at is None:
        upload.content, upload.ended_at = None, now


def next_approved(session: Session) -> ListImport | None:
    """The oldest list that is to be taken in."""
    waiting = select(ListImport).where(ListImport.approved_at.is_not(None), ListImport.ended_at.is_(None))
    return session.scalar(waiting.order_by(ListImport.id).limit(1))


def held(session: Session, upload_id: int, done: int) -> ListImport | None:
    """The list, held for this transaction; None when it has ended or another process has gone further with it."""
    upload = session.get(ListImport, upload_id, with_for_update=True)
    return upload if upload is not None and upload.ended_at is None and upload.next_line == done else None


def note(upload: ListImport, judged: Sequence[Judged]) -> None:
    """Write down what became of a batch."""
    fared: list[list[int | str]] = [[line.number, outcome] for line, outcome in judged]
    upload.report = [*upload.report, *fared]
    upload.next_line = judged[-1][0].number


def finish(session: Session, now: datetime, upload_id: int, done: int) -> bool:
    """The list was taken in to its end: its lines go, the report stays. False when another process was faster."""
    upload = held(session, upload_id, done)
    if upload is None:
        return False
    end(session, now, upload)
    return True


def end(session: Session, now: datetime, upload: ListImport) -> None:
    """Close the list and say in the log how its lines fared."""
    upload.content, upload.ended_at = None, now
    numbers = counted([str(outcome) for _, outcome in upload.report])
    audit.record(session, now, "subscribers.list_taken_in", f"list:{upload.id}", upload.actor_id, **numbers)
