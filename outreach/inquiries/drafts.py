"""The draft: one for the whole desk, kept field by field, so that nobody's words take the place of another's.

A field is named as on the workspace: body, terms, attribution, copies_to, files, note, and answers-0, sources-0,
own_terms-0 for each question, counted from 0.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.house import House
from outreach.inquiries import emails, moves, terms
from outreach.inquiries.clearance import asking
from outreach.inquiries.models import Inquiry, Question
from outreach.language import mark

CHANGED = mark("Somebody changed this inquiry while you were writing. Nothing is lost: compare, then send again.")
OF_A_QUESTION = {"answers": "answer", "sources": "source", "own_terms": "terms"}
LONGEST = {"answers": 10_000, "body": 10_000, "note": 10_000, "sources": 300, "attribution": 200, "copies_to": 1300}
SAME_SITTING = timedelta(minutes=30)


@dataclass(frozen=True)
class Draft:
    """What the officer typed: an answer per question, in their order, words around them, terms and attribution, and a
    note that only the desk will see.

    ``version`` is the inquiry's as the officer saw it; ``nonce`` names the form, so that sending it twice is once.
    ``sources`` and ``own_terms`` go with ``texts``; own terms are empty where those of the reply hold. ``partly``,
    ``mixed`` and ``release`` are what the officer was asked once and confirmed.
    """

    texts: Sequence[str]
    body: str
    terms: str
    attribution: str
    version: int
    nonce: str
    partly: bool = False
    sources: Sequence[str] = ()
    own_terms: Sequence[str] = ()
    copies_to: str = ""
    files: Sequence[int] = ()
    mixed: bool = False
    release: bool = False
    note: str = ""


def of(house: House, inquiry: Inquiry) -> Draft:
    """The draft as it is kept, with the office's usual attribution where none was written."""
    around = inquiry.draft or {}
    usual = house.office.name(emails.reply_variant(inquiry))
    return Draft(
        texts=[one.answer for one in inquiry.questions], sources=[one.source for one in inquiry.questions],
        own_terms=[one.terms or "" for one in inquiry.questions], body=around.get("body", ""),
        terms=around.get("terms", terms.ON_RECORD), attribution=around.get("attribution", usual),
        copies_to=around.get("copies_to", ""), files=[int(one) for one in around.get("files", "").split()],
        note=around.get("note", ""), version=inquiry.version, nonce="",
    )  # fmt: skip


def fields(draft: Draft, count: int) -> dict[str, str]:
    """The draft by field, for an inquiry of so many questions."""
    lists = {"answers": draft.texts, "sources": draft.sources, "own_terms": draft.own_terms}
    each = {
        f"{name}-{place}": given[place] if place < len(given) else ""
        for name, given in lists.items()
        for place in range(count)
    }
    return {**each, **_around(draft)}


def kept(house: House, inquiry: Inquiry) -> dict[str, str]:
    """What is kept now, by field."""
    return fields(of(house, inquiry), len(inquiry.questions))


def differs(house: House, inquiry: Inquiry, draft: Draft) -> bool:
    """Whether the draft says anything else than what is kept."""
    return kept(house, inquiry) != fields(draft, len(inquiry.questions))


def keep(session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int) -> bool:
    """Keep the draft without sending; ``False`` when nothing differs. Raises ``Conflict`` on a stale version."""
    if not differs(house, inquiry, draft):
        return False
    check_version(inquiry, draft)
    moves.move(session, inquiry, now, moves.KEEP, actor_id)
    write(house, inquiry, draft, actor_id)
    asking.settle(session, now, inquiry, actor_id)
    return True


def write(house: House, inquiry: Inquiry, draft: Draft, actor_id: int) -> None:
    """Put the draft in place of what is kept; who changed which words is noted."""
    before = kept(house, inquiry)
    for name, text in fields(draft, len(inquiry.questions)).items():
        if text != before[name]:
            _put(inquiry, name, text, actor_id)
    inquiry.draft = {**(inquiry.draft or {}), **_around(draft)}


def keep_field(
    session: Session, house: House, now: datetime, inquiry: Inquiry, name: str, text: str, base: str, actor_id: int
) -> str | None:
    """Keep one field as it is typed. ``base``: the print of what it was when the page took it up.

    ``None`` when it is kept; else what somebody else has written there since, and nothing is changed.
    """
    present = kept(house, inquiry)
    if name not in present:
        raise NotFound(name)
    if text == present[name]:
        return None
    if print_of(present[name]) != base:
        return present[name]
    _note_keeping(session, now, inquiry, actor_id)
    _put(inquiry, name, text, actor_id)
    asking.settle(session, now, inquiry, actor_id)
    return None


def print_of(text: str) -> str:
    """A short fingerprint, by which a page knows the words that it took up."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stamp(inquiry: Inquiry) -> str:
    """Changes with all that a workspace shows besides its draft: an open page with another one must be read again."""
    seen = [str(inquiry.is_open()), str(len(inquiry.messages)), *(one.text for one in inquiry.questions)]
    return print_of("\0".join(seen))


def check_version(inquiry: Inquiry, draft: Draft) -> None:
    """Raises ``Conflict`` when the officer wrote on a page that has been overtaken."""
    if draft.version != inquiry.version:
        raise Conflict("version", CHANGED)


def addresses(copies_to: str) -> list[str]:
    """The addresses in a line of them, each once."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", copies_to) if part))


def _around(draft: Draft) -> dict[str, str]:
    return {
        "body": draft.body, "terms": draft.terms, "attribution": draft.attribution, "copies_to": draft.copies_to,
        "files": " ".join(str(one) for one in draft.files), "note": draft.note,
    }  # fmt: skip


def _put(inquiry: Inquiry, name: str, text: str, actor_id: int) -> None:
    kind, _, place = name.rpartition("-")
    if kind in OF_A_QUESTION:
        question: Question = inquiry.questions[int(place)]
        setattr(question, OF_A_QUESTION[kind], text or (None if kind == "own_terms" else ""))
        question.edited_by_id = actor_id if kind != "sources" else question.edited_by_id
        return
    author = {"by": str(actor_id)} if name == "body" else {}
    inquiry.draft = {**(inquiry.draft or {}), name: text, **author}


def _note_keeping(session: Session, now: datetime, inquiry: Inquiry, actor_id: int) -> None:
    """One line of history for a sitting, not one for every pause in typing."""
    if not moves.is_legal(inquiry, moves.KEEP):
        raise IllegalMove(moves.REFUSED[inquiry.state])
    last = next((event for event in reversed(inquiry.events) if event.verb not in moves.QUIET), None)
    if last and (last.verb, last.actor_id) == (moves.KEEP, actor_id) and now - last.at < SAME_SITTING:
        inquiry.version += 1
        inquiry.desk_at = now
        return
    moves.move(session, inquiry, now, moves.KEEP, actor_id)
