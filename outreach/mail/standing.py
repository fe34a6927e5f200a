"""Mails that go out one by one and say the same to everybody but a few values: their words are drawn once, like those
of a form letter. Each mail is then a form that is there already and its own values, and costs no template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from markupsafe import escape
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.language import Variant
from outreach.mail import addresses, compose, entering, forms, outbox, suppressions
from outreach.mail.forms import File, Rule
from outreach.mail.models import MailForm
from outreach.mail.outbox import Attachment
from outreach.prepared import Prepared

MOST = 256  # forms that are remembered

DrawnFile = Callable[[Mapping[str, str]], Attachment]

_HAS_FORM = Prepared(select(MailForm.hash).where(MailForm.hash == bindparam("hash")))
_drawn: dict[tuple[object, ...], tuple[Rule, str]] = {}


def enqueue(
    session: Session, house: House, now: datetime, template: str, variant: Variant, values: Mapping[str, str], *,
    kind: str, ref: str, to_address: str, what: str = "", reply_to: str | None = None, in_reply_to: str | None = None,
    scope: str = suppressions.ALL, file: DrawnFile | None = None,
) -> str | None:  # fmt: skip
    """As `outbox.enqueue`, from the mail `template` whose only own words are `values`, each within a line.

    The mail's Message-ID, None when its address is suppressed.
    `what` is the same for many mails. A value that HTML would write otherwise takes the ordinary way. `file` makes the
    one file that goes with it, a text, of the values or of what stands for them: it is put together when the mail
    leaves.
    """
    if any(escape(value) != value for value in values.values()):
        words = compose.render(house, template, variant, what=what, **values)
        mail = outbox.enqueue(
            session, house, now, kind=kind, ref=ref, to_address=to_address, variant=variant, words=words,
            reply_to=reply_to, in_reply_to=in_reply_to, scope=scope, attachments=[file(values)] if file else (),
        )  # fmt: skip
        return mail.message_id if mail else None
    address = addresses.check(to_address)
    if suppressions.is_suppressed(session, house, address, scope):
        return None
    heads = [head for head in (reply_to, in_reply_to and f"<{in_reply_to}>") if head]
    drawn_from = (template, variant, what, *values)
    rule, name = _form(session, house, now, drawn_from, bool(reply_to), bool(in_reply_to), file)
    row = entering.row(house, now, kind=kind, ref=ref, to_address=address, scope=scope)
    entering.enter_by_rule(session, row, rule, name, [*values.values(), *heads])
    return row.message_id


def _form(
    session: Session, house: House, now: datetime, drawn_from: tuple[object, ...], replies: bool, follows: bool,
    file: DrawnFile | None,
) -> tuple[Rule, str]:  # fmt: skip
    """What the form asks, and its name. What was drawn is remembered, that it is in the database is not."""
    key = (str(house.db.url), house.settings, *drawn_from, replies, follows, file is None)
    known = _drawn.get(key)
    if known is not None and _HAS_FORM.scalar(session, hash=known[1]):
        return known
    template, variant, what, *names = drawn_from
    assert isinstance(variant, Variant)
    places = {str(name): compose.place(number) for number, name in enumerate(names)}
    words = compose.render(house, str(template), variant, what=what, **places)
    thread = [len(names) + replies]
    form = forms.build(
        session, house, now, variant=variant, text=words.text, html=words.html, subject=compose.pieces(words.subject),
        headers=[
            *([("In-Reply-To", thread), ("References", thread)] if follows else []),
            *((name, [value]) for name, value in forms.checked({}).items()),
        ],
        reply_to=[len(names)] if replies else None, files=[_in_pieces(file(places))] if file else (),
    )  # fmt: skip
    if len(_drawn) > MOST:
        _drawn.clear()
    _drawn[key] = forms.rule_of(form), forms.put(session, now, form)
    return _drawn[key]


def _in_pieces(file: Attachment) -> File:
    return compose.pieces(file.name), file.media_type, compose.pieces(file.content.decode())
