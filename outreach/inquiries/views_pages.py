"""What all public pages of inquiries share: their blueprint, what they show of an inquiry, the page for none."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from outreach import hours, web
from outreach.inquiries import deadlines, links, terms
from outreach.inquiries.deadlines import Deadline
from outreach.inquiries.forms import FindForm, InquiryForm
from outreach.inquiries.models import Inquiry

public = Blueprint("inquiries", __name__, url_prefix="/<variant:variant>")


def about(inquiry: Inquiry) -> dict[str, Any]:
    """What every page about one inquiry shows: itself, its token, the deadline read back, whether it may be edited."""
    return {
        "inquiry": inquiry,
        "token": links.token(web.house(), inquiry),
        "echo": echo(inquiry),
        "can_edit": inquiry.can_be_edited(web.now()),
        "words": terms,
    }


def echo(of: Inquiry | Deadline | None) -> tuple[str, str] | None:
    """The whole deadline in words and the time left; ``None`` without a fixed one."""
    if of is None:
        return None
    at, zone = (of.deadline_at, of.deadline_zone) if isinstance(of, Inquiry) else (of.at, of.zone)
    if at is None:
        return None
    return deadlines.echo(web.variant(), at, zone, web.house().office.zone, web.now())


def form_page(form: InquiryForm, action: str, **more: Any) -> str:
    """The inquiry form as it was typed; ``editing``, ``failed`` say why it is shown again."""
    known: dict[str, Any] = {"editing": None, "failed": False, **more}
    office = web.house().office
    closed_then = hours.opens_at(office, form.deadline.at) if form.deadline and form.deadline.at else None
    return render_template(
        "inquiries/form.html", form=form, action=action, echo=echo(form.deadline), words=terms,
        opens_at=hours.opens_at(office, web.now()), is_closed_then=closed_then is not None, **known,
    )  # fmt: skip


def unknown_link() -> Any:
    """Nothing about what exists: one page for every token that is not alive."""
    return web.no_store(render_template("inquiries/unknown_link.html", form=FindForm(None, web.now()))), 404
