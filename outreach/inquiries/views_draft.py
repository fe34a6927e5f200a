"""What the workspace's script asks: keep a field as it is typed, and who else is here."""

from __future__ import annotations

from typing import Any

from flask import request

from outreach import web
from outreach.errors import DomainError
from outreach.inquiries import casework, drafts, presence
from outreach.inquiries.clearance import state
from outreach.inquiries.forms_desk import typed_field
from outreach.inquiries.models import Inquiry
from outreach.inquiries.views_desk import WRITERS, desk, me
from outreach.language import clock_time, mark, text

IN_CONFLICT = mark("Somebody else changed this field meanwhile. Both versions are here; nothing was overwritten.")
KEPT_AT = mark("Draft kept {time}. The whole desk sees it.")
IS_HERE = mark("{name} is here")
IS_WRITING = mark("{name} is writing: {place}")
PLACES = {"body": mark("Reply"), "note": mark("Internal note")}
A_QUESTION = mark("Q{number}")


@desk.post("/<reference>/draft")
@web.allow(*WRITERS)
def keep_field(reference: str) -> Any:
    """One field: kept, or, when somebody else changed it since, answered with their words and 409."""
    try:
        name, typed, base = typed_field()
    except ValueError as wrong:
        return {"state": "refused", "words": text(web.variant(), str(wrong))}, 422
    try:
        with web.transaction() as session:
            inquiry = casework.open_case(session, reference)
            theirs = drafts.keep_field(session, web.house(), web.now(), inquiry, name, typed, base, me())
            session.flush()
            cleared = state.of(session, inquiry)
            void = [one.number for one in inquiry.questions if cleared.questions[one.id].state == state.VOID]
            news = {**_news(inquiry), "void": void}
    except DomainError as refused:
        return {"state": "refused", "words": text(web.variant(), str(refused))}, 409
    if theirs is not None:
        return {"state": "conflict", "theirs": theirs, "words": text(web.variant(), IN_CONFLICT), **news}, 409
    at = clock_time(web.variant(), web.now(), web.house().office.zone)
    return {"state": "kept", "words": text(web.variant(), KEPT_AT, time=at), **news}


@desk.post("/<reference>/presence")
@web.allow(*WRITERS)
def be_here(reference: str) -> Any:
    """Noted without any other effect; told in turn is who else is here, and what has been written since."""
    with web.transaction() as session:
        inquiry = casework.open_case(session, reference)
        presence.arrive(session, web.now(), inquiry, me(), request.form.get("place", ""))
        others = [said(name, place) for name, place in presence.others(session, web.now(), inquiry, me())]
        return {"here": others, **_news(inquiry)}


def said(name: str, place: str) -> str:
    """Who is here and what they write in, in the words of the one who looks."""
    kind, _, number = place.rpartition("-")
    where = PLACES.get(place)
    if kind in drafts.OF_A_QUESTION and number.isascii() and number.isdigit():
        shown = text(web.variant(), A_QUESTION, number=int(number[:3]) + 1)
    elif where:
        shown = text(web.variant(), where)
    else:
        return text(web.variant(), IS_HERE, name=name)
    return text(web.variant(), IS_WRITING, name=name, place=shown)


def _news(inquiry: Inquiry) -> dict[str, Any]:
    """The draft as it is now, unless the page has it; the version only to a page that shows everything else as well."""
    if request.form.get("version") == str(inquiry.version):
        return {"version": inquiry.version, "fields": {}}
    kept = drafts.kept(web.house(), inquiry)
    is_same = request.form.get("stamp") == drafts.stamp(inquiry)
    return {
        "version": inquiry.version if is_same else None,
        "fields": {name: [words, drafts.print_of(words)] for name, words in kept.items()},
    }
