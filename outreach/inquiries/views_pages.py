"""What all public pages of inquiries share: their blueprint, what they show of an inquiry, the page for none."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from outreach import hours, web
from outreach.errors import NotFound
from outreach.inquiries import deadlines, forms_by_mail, forms_files, links, terms
from outreach.inquiries.deadlines import Deadline
from outreach.inquiries.files import gathering, keeping, waiting
from outreach.inquiries.forms import FindForm, FollowUpForm, InquiryForm
from outreach.inquiries.models import Inquiry
from outreach.newsroom import library
from outreach.newsroom.pages import Item

public = Blueprint("inquiries", __name__, url_prefix="/<variant:variant>")


def about(session: Session, inquiry: Inquiry) -> dict[str, Any]:
    """What every page about one inquiry shows: itself, its token, its files, the page that it is about, the deadline
    read back, whether it may be edited."""
    return {
        "inquiry": inquiry,
        "token": links.token(web.house(), inquiry),
        "echo": echo(inquiry),
        "can_edit": inquiry.can_be_edited(web.now()),
        "words": terms,
        "files": keeping.for_journalist(session, inquiry, web.now()),
        "subject_page": subject_page(inquiry.about),
    }


def subject_page(document_id: str | None) -> Item | None:
    """The document that an inquiry is about; None when it names none, or none that is public now."""
    if not document_id:
        return None
    shelf = library.current(web.house())
    try:
        return shelf.item(shelf.path_of(document_id), web.variant(), web.now())
    except NotFound:
        return None


def echo(of: Inquiry | Deadline | None) -> tuple[str, str] | None:
    """The whole deadline in words and the time left; ``None`` without a fixed one."""
    if of is None:
        return None
    at, zone = (of.deadline_at, of.deadline_zone) if isinstance(of, Inquiry) else (of.at, of.zone)
    if at is None:
        return None
    return deadlines.echo(web.variant(), at, zone, web.house().office.zone, web.now())


def sent_form(session: Session, kept: Inquiry | None = None) -> InquiryForm:
    """The inquiry form as it came. Its good files are taken in and wait, whatever is wrong with the rest of it.

    `kept`: the inquiry that it edits, whose files count too. `session` reads only.
    """
    house = web.house()
    given: MultiDict[str, Any] = CombinedMultiDict((request.files, request.form)) if request.files else request.form
    form = InquiryForm(given, web.now(), web.variant(), house.office, kept=kept)
    if subject_page(form.about.data) is None:
        form.about.data = kept.about if kept else None
    unwanted = form.unwanted.data or []
    has = [file for file in keeping.every(session, kept) if file.key not in unwanted] if kept else []
    form.file_faults = _gathered(session, form, len(has))
    return form


def sent_words(session: Session) -> FollowUpForm:
    """What is added to an inquiry, as it came. Its good files are taken in and wait. `session` reads only."""
    form = FollowUpForm(CombinedMultiDict((request.files, request.form)), web.now())
    form.file_faults = _gathered(session, form)
    form.brings_files = bool(waiting.of(web.house(), form.nonce))
    return form


def _gathered(session: Session, form: InquiryForm | FollowUpForm, has_already: int = 0) -> list[str]:
    """Take in the files of a form; the faults, each once."""
    chosen = [(file.filename or "", file.stream) for file in forms_files.chosen(form)]
    return gathering.gather(
        session, web.house(), web.now(), form.nonce, chosen, form.unwanted.data or (), has_already
    )  # fmt: skip


def form_page(form: InquiryForm, action: str, **more: Any) -> str:
    """The inquiry form as it was typed; ``editing``, ``failed`` say why it is shown again.

    ``files``: those that the inquiry has; ``remembers``: this device filled in part of it.
    """
    shown: dict[str, Any] = {"editing": None, "failed": False, "files": (), "remembers": False, **more}
    files = [*shown.pop("files"), *waiting.of(web.house(), form.nonce)]
    office = web.house().office
    closed_then = hours.opens_at(office, form.deadline.at) if form.deadline and form.deadline.at else None
    return render_template(
        "inquiries/form.html", form=form, action=action, echo=echo(form.deadline), words=terms,
        opens_at=hours.opens_at(office, web.now()), is_closed_then=closed_then is not None,
        here_already=files, subject_page=None if shown["failed"] else subject_page(form.about.data),
        by_mail=forms_by_mail.address(form, web.variant(), office.email or ""), **shown,
    )  # fmt: skip


def unknown_link() -> Any:
    """Nothing about what exists: one page for every token that is not alive."""
    return web.no_store(render_template("inquiries/unknown_link.html", form=FindForm(None, web.now()))), 404
