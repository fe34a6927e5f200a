"""What may be cleared, in one shape: the reply to an inquiry, one answer in it, the answer of a story, a correction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach.inquiries import moves, terms
from outreach.inquiries.clearance import fingerprints
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import Inquiry, Question
from outreach.inquiries.released.models import CorrectionDraft
from outreach.inquiries.stories.models import Story
from outreach.language import Variant, mark, text

PROPOSED = mark("Proposed words")
ENGLISH, SERBIAN = mark("Answer, in English"), mark("Answer, in Serbian")
WE_SAY_NOW, NOTICE = mark("We say now"), mark("Notice")
STORY = mark("Story {number}")


@dataclass(frozen=True)
class Part:
    """Some of our words under a label; their language where it is known; ``was``: the words whose place they take."""

    label: str
    text: str
    lang: str = ""
    was: str = ""


@dataclass(frozen=True)
class Matter:
    """One exact text: its words in parts, their fingerprint, how they may be used, and what they belong to.

    ``question`` is set for one answer of an inquiry. ``ref`` is what mails and log know it by, ``path`` its page on
    the desk. ``authors`` are the accounts whose own words these are: the owner, and whoever last changed them.
    """

    ref: str
    reference: str
    path: str
    subject: str
    parts: tuple[Part, ...]
    hash: str
    terms: str
    attribution: str
    authors: frozenset[int | None]
    is_open: bool
    inquiry: Inquiry | None = None
    question: Question | None = None
    story: Story | None = None
    correction: CorrectionDraft | None = None

    @property
    def key(self) -> dict[str, int | None]:
        """The columns by which a clearance names it."""
        named = {
            "inquiry_id": self.inquiry, "question_id": self.question, "story_id": self.story,
            "correction_id": self.correction,
        }  # fmt: skip
        return {column: thing.id if thing is not None else None for column, thing in named.items()}

    @property
    def text(self) -> str:
        """The words in one piece, as a clearance keeps them."""
        asked = [self.question.text] if self.question else []
        return "\n\n".join([*asked, *(part.text for part in self.parts)])

    def named(self, variant: Variant) -> str:
        """What people call it: a reference, a code, the number of a story."""
        return text(variant, STORY, number=self.reference) if self.story else self.reference


def of_row(session: Session, row: Clearance, *, to_write: bool = False) -> Matter:
    """What a clearance is about, as it reads now; held to the end of the transaction if it is to be changed."""
    if row.story_id is not None:
        return of_story(session.get_one(Story, row.story_id, with_for_update=to_write))
    if row.correction_id is not None:
        return of_correction(session.get_one(CorrectionDraft, row.correction_id, with_for_update=to_write))
    inquiry = session.get_one(Inquiry, row.inquiry_id, with_for_update=to_write)
    return of_inquiry(inquiry, next((one for one in inquiry.questions if one.id == row.question_id), None))


def of_inquiry(inquiry: Inquiry, question: Question | None = None) -> Matter:
    """One answer with its question, or the whole reply."""
    around = inquiry.draft or {}
    term, attribution = around.get("terms", terms.ON_RECORD), around.get("attribution", "")
    if question is not None:
        term = question.terms or term
        parts: tuple[Part, ...] = (Part(PROPOSED, question.answer),)
        print_ = fingerprints.of_answer(question.text, question.answer, term, attribution)
        authors = {inquiry.owner_id, question.edited_by_id}
    else:
        body, body_by = around.get("body", ""), around.get("by", "")
        answers = [(one.text, one.answer, one.terms or term) for one in inquiry.questions if one.answer]
        texts = [body, *(f"{asked}\n\n{answer}" for asked, answer, _ in answers)]
        parts = (Part(PROPOSED, "\n\n".join(one for one in texts if one)),)
        print_ = fingerprints.of_whole(body, answers, term, attribution)
        edited_by = (one.edited_by_id for one in inquiry.questions)
        authors = {inquiry.owner_id, int(body_by) if body_by else None, *edited_by}
    return Matter(
        inquiry.ref, inquiry.reference, f"/desk/inquiries/{inquiry.reference}", inquiry.subject, parts, print_, term,
        attribution, frozenset(authors), moves.is_legal(inquiry, moves.DECIDE), inquiry=inquiry, question=question,
    )  # fmt: skip


def of_story(story: Story) -> Matter:
    """The one answer of a story, in both languages; open until the story is closed, since others may still join."""
    parts = (Part(ENGLISH, story.text, "en"), Part(SERBIAN, story.text_sr, "sr"))
    return Matter(
        f"story:{story.id}", str(story.id), f"/desk/stories/{story.id}", story.title,
        tuple(part for part in parts if part.text),
        fingerprints.of_story(story.text, story.text_sr, story.terms, story.attribution), story.terms,
        story.attribution, frozenset((story.owner_id, story.edited_by_id)), story.ended_at is None, story=story,
    )  # fmt: skip


def of_correction(draft: CorrectionDraft) -> Matter:
    """The right words for each wording that changes, each with its notice; open until the answer is corrected."""
    answer = draft.answer
    parts = [
        part
        for old, new, notice in draft.changed
        for part in (Part(WE_SAY_NOW, new, was=old), Part(NOTICE, notice))
    ]  # fmt: skip
    return Matter(
        f"answer:{answer.code}", answer.code, f"/desk/answers/{answer.code}", answer.question, tuple(parts),
        fingerprints.of_correction(draft.changed), answer.terms, answer.attribution,
        frozenset((draft.owner_id, draft.edited_by_id)), answer.superseded_by_id is None, correction=draft,
    )  # fmt: skip
