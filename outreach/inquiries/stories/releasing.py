"""The one answer of a story leaves to everybody in it at the same instant; nobody learns who else asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import casework, emails, intake, moves, sending
from outreach.inquiries.clearance import deciding, matters, state
from outreach.inquiries.lines import wording
from outreach.inquiries.models import OUT, Inquiry, InquiryMessage
from outreach.inquiries.released import keeping
from outreach.inquiries.stories import gathering
from outreach.inquiries.stories.models import Story
from outreach.language import mark

EMPTY = mark("Write the answer first.")
NOBODY = mark("No inquiry in this story is open.")
PAST = mark("The moment of release must be in the future.")
CHANGED = mark("Somebody joined this story, wrote or was answered meanwhile. Look again, then release.")


@dataclass(frozen=True)
class Order:
    """What the officer saw: the versions of the story and of who waits, by reference; and the instant, if any.

    ``is_confirmed``: words that changed since an approver had them are to leave all the same.
    """

    version: int
    seen: Mapping[str, int]
    at: datetime | None
    is_confirmed: bool = False


@dataclass(frozen=True)
class Members:
    """The inquiries of a story: those that have its answer, that wait for it, that were answered otherwise."""

    given: list[Inquiry]
    waiting: list[Inquiry]
    skipped: list[Inquiry]


def members(session: Session, story: Story, *, to_write: bool = False) -> Members:
    """Who is in it, oldest first."""
    mine = select(Inquiry).where(Inquiry.story_id == story.id).order_by(Inquiry.id)
    inquiries = list(session.scalars(mine.with_for_update() if to_write else mine))
    given = [inquiry for inquiry in inquiries if _has(inquiry, story)]
    others = [inquiry for inquiry in inquiries if inquiry not in given]
    return Members(
        given=given,
        waiting=[inquiry for inquiry in others if inquiry.is_open()],
        skipped=[inquiry for inquiry in others if not inquiry.is_open()],
    )


def release(session: Session, house: House, now: datetime, story_id: int, order: Order, actor_id: int) -> Members:
    """Send the answer to all that wait for it, at one instant; who has it already gets nothing twice.

    Raises ``Conflict`` when the officer saw another state of the story, or the answer is not cleared, and nobody gets
    anything then.
    """
    story = gathering.get(session, story_id, to_write=True)
    before = members(session, story, to_write=True)
    if not before.waiting and before.given:
        return before
    _check(now, story, before, order)
    standing = state.standing(session, matters.of_story(story))
    deciding.clear_by_sending(session, house, now, standing, actor_id, is_confirmed=order.is_confirmed)
    leaves_at = order.at or now + sending.UNDO
    for inquiry in before.waiting:
        _answer(session, house, now, story, inquiry, leaves_at, actor_id)
    story.release_at, story.released_at = story.release_at or leaves_at, story.released_at or now
    audit.record(session, now, "story.released", f"story:{story.id}", actor_id, inquiries=len(before.waiting))
    return members(session, story)


def _check(now: datetime, story: Story, before: Members, order: Order) -> None:
    if not (story.text or story.text_sr):
        raise Conflict("text", EMPTY)
    if not before.waiting:
        raise Conflict("story", NOBODY)
    if order.at is not None and order.at <= now:
        raise Conflict("release_at", PAST)
    if order.version != story.version or {i.reference: i.version for i in before.waiting} != dict(order.seen):
        raise Conflict("version", CHANGED)


def _answer(
    session: Session, house: House, now: datetime, story: Story, inquiry: Inquiry, leaves_at: datetime, actor_id: int
) -> None:
    text = wording.choose(story.text, story.text_sr, emails.reply_variant(inquiry)).text
    nonce = f"{_nonce(story)}{inquiry.version}"
    moves.move(session, inquiry, now, moves.ANSWER, actor_id)
    casework.take(inquiry, now, actor_id)
    # The answer to a lone question; several questions, or one with a draft of its own, get it under the story's title.
    lone = [question for question in inquiry.questions if len(inquiry.questions) == 1 and not question.answer]
    for question in lone:
        question.answer, question.answered_at = text, now
    message = InquiryMessage(
        direction=OUT, at=now, author_id=actor_id, channel="mail", body="", nonce=nonce, terms=story.terms,
        attribution=story.attribution, answers=[[lone[0].text if lone else story.title, text, story.terms]],
        leaves_at=leaves_at,
    )  # fmt: skip
    inquiry.answered_at = leaves_at
    inquiry.messages.append(message)
    session.flush()
    keeping.release(session, now, inquiry, message, lone, actor_id, story_id=story.id)
    emails.send_reply(session, house, now, inquiry, message, accounts.names(session)[actor_id])
    intake.note_interaction(session, now, inquiry, "answer")


def _has(inquiry: Inquiry, story: Story) -> bool:
    return any((m.nonce or "").startswith(_nonce(story)) and m.undone_at is None for m in inquiry.messages)


def _nonce(story: Story) -> str:
    return f"story-{story.id}-"
