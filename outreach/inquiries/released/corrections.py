"""An answer is right no more: every journalist who holds it gets the new words, and the old ones are marked.

Who holds it: whoever was told the same words in either script, or was told them from the same line or in the same
story. Holders of the same words form a group, which gets one text and one notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from outreach import audit
from outreach.accounts import queries as accounts
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries import emails, moves
from outreach.inquiries.clearance import deciding, matters, state
from outreach.inquiries.lines import wording
from outreach.inquiries.models import OUT, SCREENED, Inquiry, InquiryMessage, Question
from outreach.inquiries.released import codes, keeping
from outreach.inquiries.released.models import CorrectionDraft, ReleasedAnswer
from outreach.inquiries.stories.models import Story
from outreach.language import Variant, mark

OVER = mark("This answer was corrected already.")
SAME = mark("The new words are the same as the old ones.")
NOBODY = mark("Tick at least one journalist.")
EMPTY = mark("Write the new words and the notice.")
CHANGED = mark("Somebody changed this correction while you were writing. Compare, then save again.")


@dataclass(frozen=True)
class NewWords:
    """What the holders of one wording get: the right words, and a notice that says what was wrong."""

    text: str
    notice: str


@dataclass(frozen=True)
class Correction:
    """New words by the fingerprint of the old ones, the codes of the answers whose holders are told.

    ``version`` is that of the draft as the officer saw it, 0 for none; ``nonce`` names the form, so that sending it
    twice is once; ``is_confirmed``: words that changed since an approver had them are to leave all the same.
    """

    words: Mapping[str, NewWords]
    to: Collection[str]
    version: int
    nonce: str
    is_confirmed: bool = False


def holders(session: Session, origin: ReleasedAnswer, now: datetime) -> dict[str, list[ReleasedAnswer]]:
    """The current answers that say what this one says, by fingerprint; those with its own words come first."""
    akin = [ReleasedAnswer.text_hash == origin.text_hash]
    akin += [ReleasedAnswer.line_id == origin.line_id] if origin.line_id else []
    akin += [ReleasedAnswer.story_id == origin.story_id] if origin.story_id else []
    wanted = (
        select(ReleasedAnswer)
        .join(Inquiry, Inquiry.id == ReleasedAnswer.inquiry_id)
        .where(ReleasedAnswer.superseded_by_id.is_(None), or_(*akin))
        .where(ReleasedAnswer.released_at <= now, Inquiry.state != SCREENED)
        .options(joinedload(ReleasedAnswer.inquiry))
        .order_by(ReleasedAnswer.text_hash != origin.text_hash, ReleasedAnswer.id)
    )
    groups: dict[str, list[ReleasedAnswer]] = {}
    for row in session.scalars(wanted):
        groups.setdefault(row.text_hash, []).append(row)
    return groups


def draft_of(session: Session, answer: ReleasedAnswer) -> CorrectionDraft | None:
    """The correction of this answer as the desk keeps it."""
    return session.scalar(select(CorrectionDraft).where(CorrectionDraft.answer_id == answer.id))


def words_of(draft: CorrectionDraft | None) -> dict[str, NewWords]:
    """What a draft says, by the fingerprint of the old words."""
    wordings = draft.wordings if draft else []
    return {keeping.text_hash(old): NewWords(new, notice) for old, new, notice in wordings}


def keep(session: Session, now: datetime, code: str, said: Correction, actor_id: int) -> CorrectionDraft:
    """Keep the correction for the whole desk. Raises ``Conflict`` when somebody was faster or it has left."""
    origin = _origin(session, now, code)
    draft = session.scalar(select(CorrectionDraft).where(CorrectionDraft.answer_id == origin.id).with_for_update())
    groups = holders(session, origin, now)
    new = {text_hash: said.words[text_hash] for text_hash in groups if text_hash in said.words}
    wordings = [[groups[text_hash][0].text, one.text, one.notice] for text_hash, one in new.items()]
    if draft is None:
        draft = CorrectionDraft(answer=origin, version=0, wordings=[], told=[], owner_id=actor_id, created_at=now)
        session.add(draft)
    elif (draft.wordings, draft.told) == (wordings, sorted(said.to)):
        return draft
    if draft.version != said.version:
        raise Conflict("version", CHANGED)
    before = draft.changed
    draft.wordings, draft.told, draft.version = wordings, sorted(said.to), draft.version + 1
    if draft.changed != before:
        draft.edited_by_id = actor_id
    session.flush()
    audit.record(session, now, "correction.kept", f"answer:{code}", actor_id)
    return draft


def correct(session: Session, house: House, now: datetime, code: str, said: Correction, actor_id: int) -> int:
    """Send the correction to those who are ticked; how many. The same form twice is one correction.

    Answers in the old words are superseded whether their holders are told or not. Raises ``Conflict``: for words that
    are not cleared as well, and nobody gets anything then.
    """
    nonce = f"correct-{said.nonce}"
    earlier = list(session.scalars(select(InquiryMessage.id).where(InquiryMessage.nonce == nonce)))
    if earlier:
        return len(earlier)
    origin = _origin(session, now, code)
    groups = holders(session, origin, now)
    _check(origin, groups, said)
    draft = keep(session, now, code, said, actor_id)
    standing = state.standing(session, matters.of_correction(draft))
    deciding.clear_by_sending(session, house, now, standing, actor_id, is_confirmed=said.is_confirmed)
    sent = 0
    for text_hash, rows in groups.items():
        new = said.words.get(text_hash)
        if new is None or new.text == rows[0].text:
            continue
        sent += _correct_group(session, house, now, rows, new, said.to, nonce, actor_id)
        _correct_story(session, rows, new, draft)
    return sent


def _origin(session: Session, now: datetime, code: str) -> ReleasedAnswer:
    """The answer to be corrected, held to the end of the transaction."""
    origin = session.scalar(select(ReleasedAnswer).where(ReleasedAnswer.code == code).with_for_update())
    if origin is None or origin.released_at > now:
        raise NotFound(code)
    if origin.superseded_by_id is not None:
        raise Conflict("correction", OVER)
    return origin


def _check(origin: ReleasedAnswer, groups: Mapping[str, list[ReleasedAnswer]], said: Correction) -> None:
    if not all(new.text and new.notice for new in said.words.values()):
        raise Conflict("correction", EMPTY)
    own = said.words.get(origin.text_hash)
    if own is None or own.text == origin.text:
        raise Conflict("correction", SAME)
    if not any(row.code in said.to for row in groups[origin.text_hash]):
        raise Conflict("correction", NOBODY)


def _correct_group(
    session: Session, house: House, now: datetime, rows: list[ReleasedAnswer], new: NewWords, to: Collection[str],
    nonce: str, actor_id: int,
) -> int:  # fmt: skip
    officer = accounts.names(session)[actor_id]
    told = [row for row in rows if row.code in to]
    made = [_tell(session, house, now, row, new, nonce, actor_id, officer) for row in told]
    for row in rows:
        if row not in told and made:
            _supersede(row, made[0], now, new.notice)
    return len(made)


def _tell(
    session: Session, house: House, now: datetime, old: ReleasedAnswer, new: NewWords, nonce: str, actor_id: int,
    officer: str,
) -> ReleasedAnswer:  # fmt: skip
    inquiry = session.get_one(Inquiry, old.inquiry_id, with_for_update=True)
    moves.move(session, inquiry, now, moves.CORRECT, actor_id)
    text, notice = (_in_their_script(words, old) for words in (new.text, new.notice))
    message = InquiryMessage(
        direction=OUT, at=now, author_id=actor_id, channel="mail", body=notice, nonce=nonce, terms=old.terms,
        attribution=old.attribution, answers=[[old.question, text, old.terms]],
    )  # fmt: skip
    inquiry.messages.append(message)
    session.flush()
    question = session.get(Question, old.question_id) if old.question_id else None
    if question is not None and question.answer == old.text:
        question.answer = text
    keeping.release(session, now, inquiry, message, [question] if question else [], actor_id, story_id=old.story_id)
    row = codes.of_message(session, inquiry, message)[0]
    assert row is not None
    row.line_id = old.line_id
    _supersede(old, row, now, notice)
    emails.send_correction(session, house, now, inquiry, message, old, officer)
    return row


def _supersede(old: ReleasedAnswer, row: ReleasedAnswer, now: datetime, notice: str) -> None:
    old.superseded_by_id, old.superseded_at, old.correction = row.id, now, notice


def _correct_story(
    session: Session, rows: Iterable[ReleasedAnswer], new: NewWords, draft: CorrectionDraft
) -> None:  # fmt: skip
    """Who joins a story later is offered the right words; they are whose the correction is."""
    for story_id in {row.story_id for row in rows if row.story_id}:
        story = session.get_one(Story, story_id)
        hashes = {row.text_hash for row in rows}
        if keeping.text_hash(story.text) in hashes:
            story.text = new.text
        if keeping.text_hash(story.text_sr) in hashes:
            story.text_sr = new.text
        story.version += 1
        story.edited_by_id = draft.edited_by_id


def _in_their_script(words: str, old: ReleasedAnswer) -> str:
    if old.variant == Variant.EN.segment:
        return words
    return wording.in_script(words, Variant.CIR if wording.is_cyrillic(old.text) else Variant.LAT)
