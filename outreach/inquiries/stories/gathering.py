"""Questions of several outlets on one topic become one story, with one answer for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.inquiries import casework
from outreach.inquiries.models import SCREENED, WITHDRAWN, Inquiry
from outreach.inquiries.moves import REFUSED
from outreach.inquiries.stories.models import Story
from outreach.inquiries.terms import ON_RECORD
from outreach.language import mark

CHANGED = mark("Somebody changed this story while you were writing. Compare, then save again.")
LEFT = mark("The answer of this story has left. Correct it instead.")


@dataclass(frozen=True)
class Answer:
    """The one answer: for those who read English, for those who read Serbian, on which terms, attributed how."""

    text: str
    text_sr: str
    terms: str
    attribution: str


def get(session: Session, story_id: int, *, to_write: bool = False) -> Story:
    """One story, held to the end of the transaction if it is to be changed. Raises ``NotFound``."""
    story = session.get(Story, story_id, with_for_update=to_write)
    if story is None:
        raise NotFound(str(story_id))
    return story


def gather(
    session: Session, now: datetime, title: str, attribution: str, references: Sequence[str], actor_id: int
) -> Story:
    """A new story, for these inquiries to join; the same title for the same inquiries is the same story."""
    inside = select(Inquiry.story_id).where(Inquiry.reference.in_(list(references)))
    earlier = session.scalar(select(Story).where(Story.title == title, Story.ended_at.is_(None), Story.id.in_(inside)))
    if earlier is not None:
        return earlier
    story = Story(title=title, terms=ON_RECORD, attribution=attribution, owner_id=actor_id, created_at=now)
    session.add(story)
    session.flush()
    audit.record(session, now, "story.gathered", _ref(story), actor_id)
    return story


def join(session: Session, now: datetime, story: Story, references: Iterable[str], actor_id: int) -> None:
    """Add inquiries; one that is in another story leaves it. Raises ``IllegalMove`` for one that cannot be answered."""
    for reference in sorted(set(references)):
        inquiry = casework.open_case(session, reference)
        if inquiry.state in (SCREENED, WITHDRAWN):
            raise IllegalMove(REFUSED[inquiry.state])
        if inquiry.story_id != story.id:
            inquiry.story_id = story.id
            audit.record(session, now, "story.joined", _ref(story), actor_id, inquiry=inquiry.ref)


def leave(session: Session, now: datetime, story: Story, inquiry: Inquiry, actor_id: int) -> None:
    """Take an inquiry out again; what it was sent it keeps."""
    if inquiry.story_id == story.id:
        inquiry.story_id = None
        audit.record(session, now, "story.left", _ref(story), actor_id, inquiry=inquiry.ref)


def write(session: Session, now: datetime, story: Story, version: int, answer: Answer, actor_id: int) -> None:
    """Keep the answer. Raises ``Conflict`` when somebody was faster, ``IllegalMove`` when it has left."""
    if answer == of(story):
        return
    if story.released_at is not None:
        raise IllegalMove(LEFT)
    if story.version != version:
        raise Conflict("version", CHANGED)
    story.text, story.text_sr, story.terms, story.attribution = (
        answer.text, answer.text_sr, answer.terms, answer.attribution
    )  # fmt: skip
    story.version += 1
    story.edited_by_id = actor_id
    audit.record(session, now, "story.written", _ref(story), actor_id)


def of(story: Story) -> Answer:
    """The answer as it is kept."""
    return Answer(story.text, story.text_sr, story.terms, story.attribution)


def end(session: Session, now: datetime, story: Story, actor_id: int) -> None:
    """Close the story; its inquiries go on by themselves."""
    if story.ended_at is None:
        story.ended_at = now
        audit.record(session, now, "story.ended", _ref(story), actor_id)


def _ref(story: Story) -> str:
    return f"story:{story.id}"
