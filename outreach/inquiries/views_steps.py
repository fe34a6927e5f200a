"""The steps beside answering, as buttons of the workspace's one form: what was typed elsewhere in it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.accounts.models import Account
from outreach.errors import Conflict
from outreach.inquiries import commitments, deadlines, drafts, endings, handling, moves
from outreach.inquiries.deadlines import DeadlineError
from outreach.inquiries.forms_desk import WorkForm
from outreach.inquiries.models import DUPLICATE, Inquiry
from outreach.inquiries.queries import around
from outreach.inquiries.views_desk import me
from outreach.language import mark, plural, text

SAID = {
    "commit": mark("Said. The status page shows it."),
    "decline": mark("Declined. The journalist is told why and what we can give."),
    "refer": mark("Passed on. The journalist is told whom to ask."),
    "merge": mark("Merged. Its messages stay with it."),
    "withdraw": mark("Withdrawn as the journalist asked."),
    "close": mark("Closed."),
    "close-anyway": mark("Closed."),
    "reopen": mark("Reopened."),
    "screen": mark("Put aside under Screened."),
    "put-off": mark("Put off. The deadline keeps running."),
    "ask": mark("Asked. The deadline keeps running."),
    "hand-over": mark("Handed over. Your colleague is told."),
    "undo": mark("Undone."),
}
FATES = {
    endings.STOPPED: mark("Undone. Its mail had not left and was stopped."),
    endings.GONE: mark("Undone. Its mail has left already: tell the journalist what changed."),
    endings.NO_MAIL: mark("Undone. No mail had been sent."),
}
Step = Callable[[Session, Inquiry, WorkForm, int], "str | None"]


def moment_of(field: str, typed: str) -> datetime:
    """The instant typed into one box ("16h", "sutra 10"), by the office's clock. Raises ``Conflict``."""
    try:
        read = deadlines.read_box(typed, web.house().office.zone.key, web.now())
    except DeadlineError as error:
        raise Conflict(field, text(web.variant(), error.message, **error.values(web.variant()))) from None
    assert read.at is not None
    return read.at


def shown(session: Session, inquiry: Inquiry, form: WorkForm) -> dict[str, Any]:
    """What the panels show: colleagues to choose from, until when to put off, what this inquiry is merged with."""
    names = [(str(one.id), one.name) for one in accounts.active_with_role(session, "officer")]
    form.hand_to.choices = [("", mark("Choose")), *(pair for pair in names if pair[0] != str(inquiry.owner_id))]
    office, until = web.house().office, handling.proposed(web.house().office, web.now(), inquiry)
    if not form.snooze_until.data:
        form.snooze_until.data = f"{until.astimezone(office.zone):%-d.%-m. %H:%M}" if until else ""
    first, merged = around(session, inquiry)
    if not form.merge_into.data and first is not None and inquiry.state != DUPLICATE:
        form.merge_into.data = first.reference
    return {"first": first, "merged": merged, "undoable": moves.can_undo(inquiry), "fates": FATES}


def _commit(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    if form.commit_as.data not in ("will", "partly", "wont"):
        raise Conflict("commit_as", mark("Choose what the journalist can count on"))
    _keep(session, inquiry, form)
    words = form.commitment_words.data or ""
    commitments.commit(session, web.house(), web.now(), inquiry, form.commit_as.data, words, me())


def _decline(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    reason, words = form.decline_reason.data or "", form.decline_words.data or ""
    endings.decline(session, web.house(), web.now(), inquiry, reason, words, me())


def _refer(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    endings.refer(
        session, web.house(), web.now(), inquiry, form.refer_to.data or "", form.refer_contact.data or "",
        form.refer_words.data or "", me(),
    )  # fmt: skip


def _merge(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    endings.merge(session, web.now(), inquiry, form.merge_into.data or "", me())


def _withdraw(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    endings.withdraw_by_phone(session, web.now(), inquiry, form.withdraw_words.data or "", me())


def _close(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    """Once more asked when a question has no answer."""
    open_ones = endings.unanswered(inquiry) if inquiry.state == "answered" else []
    if open_ones:
        numbers = ", ".join(text(web.variant(), "Q{number}", number=number) for number in open_ones)
        said = plural(web.variant(), "{which} has no answer.", "{which} have no answer.", len(open_ones), which=numbers)
        raise Conflict("undoes", said)
    _close_anyway(session, inquiry, form, 0)


def _close_anyway(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    endings.close(session, web.now(), inquiry, me())


def _reopen(session: Session, inquiry: Inquiry, _form: WorkForm, _which: int) -> None:
    endings.reopen(session, web.now(), inquiry, me())


def _screen(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    endings.screen(session, web.now(), inquiry, me())


def _put_off(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    until = moment_of("snooze_until", form.snooze_until.data or "")
    _keep(session, inquiry, form)
    handling.put_off(session, web.now(), inquiry, until, me())


def _ask(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    draft = form.draft()
    _keep(session, inquiry, form)
    handling.ask_back(session, web.house(), web.now(), inquiry, form.ask_words.data or "", draft.nonce, me())


def _hand_over(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form)
    colleague = session.get(Account, form.colleague_id())
    handling.hand_over(session, web.house(), web.now(), inquiry, colleague, me())


def _undo(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> str | None:
    fate = endings.undo(session, web.now(), inquiry, form.event_id(), me())
    return FATES.get(fate or "")


def _keep(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    if moves.is_legal(inquiry, moves.KEEP):
        drafts.keep(session, web.house(), web.now(), inquiry, form.draft(), me())


STEPS: dict[str, Step] = {
    "commit": _commit, "decline": _decline, "refer": _refer, "merge": _merge, "withdraw": _withdraw, "close": _close,
    "close-anyway": _close_anyway, "reopen": _reopen, "screen": _screen, "put-off": _put_off, "ask": _ask,
    "hand-over": _hand_over, "undo": _undo,
}  # fmt: skip
