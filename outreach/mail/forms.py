"""What many mails share besides their blocks: the form. A mail is a form and a few own values, short strings by number.

A form is content-addressed and never changes, so a mail that is repeated years later is made of the same parts. Own
values stand in pieces: text in which a number means "here stands the value of this number".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from outreach.db import insert
from outreach.house import House
from outreach.language import Variant
from outreach.mail import blocks, compose
from outreach.mail import headers as header_rules
from outreach.mail.compose import Words
from outreach.mail.message import (
    Enclosed,
    Letter,
    Pieces,
    Segment,
    base64_lines,
    encode_own,
    encoding_of,
    filled,
    numbers_in,
)
from outreach.mail.models import MailForm

BETWEEN = "\x1f"  # separates own values in a row; no mail can hold it
MESSAGE_ID = -1  # the number that stands for the mail's own Message-ID, which comes after the last own value

BLOCK, OWN, RUN = "block", "own", "run"

RARE = ("to", "files")  # what a form says only where it has it, so that all others keep their names
REMEMBERED = 4096  # forms

File = tuple[Pieces, str, str | Pieces]  # as in Form.files

_EXTRA_NAMES = ("auto-submitted", "precedence", "list-")


@dataclass(frozen=True)
class Form:
    """`text` and `html` are lists of ["block", hash], ["own", pieces] and ["run", number of the value].

    `to` is whom the mail names as its receiver, where it goes to somebody else: who gets a copy. `files` has the name,
    media type and block of each; or, for one that says something else in each mail, its text in pieces.
    """

    variant: str
    encoding: str
    sender: str
    sender_name: str
    reply_to: Pieces | None
    subject: Pieces
    headers: Sequence[tuple[str, Pieces]]
    text: Sequence[tuple[str, Any]]
    html: Sequence[tuple[str, Any]]
    to: Pieces | None = None
    files: Sequence[File] = ()

    def blocks(self) -> Iterator[str]:
        """The hashes of its blocks."""
        yield from (what for kind, what in (*self.text, *self.html) if kind == BLOCK)
        yield from (block for _, _, block in self.files if isinstance(block, str))

    def runs(self) -> list[int]:
        """The numbers of the values that name blocks."""
        return [what for kind, what in (*self.text, *self.html) if kind == RUN]

    def head_numbers(self) -> list[int]:
        """The numbers of the values that stand in its headers and those of its files."""
        said = [self.reply_to or [], self.to or [], self.subject, *(pieces for _, pieces in self.headers)]
        said += [name for name, _, _ in self.files]
        return sorted({number for pieces in said for number in numbers_in(pieces)} - {MESSAGE_ID})

    def places(self) -> int:
        """How many own values a mail of this form has."""
        said = [what for kind, what in (*self.text, *self.html) if kind == OWN]
        said += [what for _, _, what in self.files if not isinstance(what, str)]
        numbers = [number for pieces in said for number in numbers_in(pieces)]
        return 1 + max([*self.head_numbers(), *numbers, *self.runs()], default=-1)


def keep(
    session: Session, house: House, now: datetime, *, variant: Variant, words: Words,
    headers: Mapping[str, str] | None = None, reply_to: str | None = None,
) -> str:  # fmt: skip
    """Store the form of mails that differ in their own values only, with its blocks; returns its name.

    `compose.place(n)` stands for an own value in the subject, in a header and in segments that are not shared. Raises
    ValueError for a header that no mail may add, and for a place where many mails must be alike.
    """
    extra = [(name, compose.pieces(value)) for name, value in checked(headers or {}).items()]
    form = build(
        session, house, now, variant=variant, text=words.text, html=words.html, subject=compose.pieces(words.subject),
        headers=extra, reply_to=[reply_to] if reply_to else None,
    )  # fmt: skip
    return put(session, now, form)


def build(
    session: Session, house: House, now: datetime, *, variant: Variant, text: Sequence[Segment],
    html: Sequence[Segment], subject: Pieces, headers: Sequence[tuple[str, Pieces]], reply_to: Pieces | None,
    files: Sequence[File] = (),
) -> Form:  # fmt: skip
    """The form itself; its blocks are stored."""
    encoding, office, stable = encoding_of(variant), house.office, house.settings.mail_idempotency_header
    return Form(
        variant=variant.segment, encoding=encoding, sender=house.settings.mail_from,
        sender_name=f"{office.name(variant)} – {office.unit(variant)}", reply_to=reply_to, subject=subject,
        headers=[*headers, (stable, [MESSAGE_ID])] if stable else headers,
        text=_part(session, now, text, encoding), html=_part(session, now, html, encoding),
        files=files,
    )  # fmt: skip


def put(session: Session, now: datetime, form: Form) -> str:
    """Store a form, once; returns its name."""
    content = {name: said for name, said in asdict(form).items() if said or name not in RARE}
    key = hash_of(content)
    fresh = insert(session, MailForm).values(hash=key, content=content, created_at=now)
    session.execute(fresh.on_conflict_do_nothing())
    return key


def hash_of(content: dict[str, Any]) -> str:
    """The name of a form: 32 hexadecimal digits of its canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def load(session: Session | Connection, hashes: Collection[str]) -> dict[str, Form]:
    """The forms of these names that are there."""
    rows = session.execute(select(MailForm.hash, MailForm.content).where(MailForm.hash.in_(hashes)))
    return {key: Form(**content) for key, content in rows}


class Rule(NamedTuple):
    """What a form asks of a mail: how many own values, and which of them stand in its subject and other headers."""

    places: int
    in_subject: list[int]
    in_head: list[int]  # the other headers


def rules(session: Session | Connection, hashes: Collection[str]) -> dict[str, Rule]:
    """The rules of those forms that are there. What a form asks is remembered, that it is there is not."""
    there = set(session.scalars(select(MailForm.hash).where(MailForm.hash.in_(hashes))))
    known = {key: rule for key in there if (rule := _rules.get(key))}
    if there - known.keys():
        for key, form in load(session, there - known.keys()).items():
            known[key] = rule_of(form)
        if len(_rules) > REMEMBERED:
            _rules.clear()
        _rules.update(known)
    return known


_rules: dict[str, Rule] = {}


def rule_of(form: Form) -> Rule:
    in_subject = numbers_in(form.subject)
    return Rule(form.places(), in_subject, sorted(set(form.head_numbers()) - set(in_subject)))


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers a mail adds, first that no person answers it; raises BadHeader for one that none may add."""
    for name in headers:
        if not name.lower().startswith(_EXTRA_NAMES):
            raise header_rules.BadHeader(f"{name}: not a header that a mail may add")
    return {"Auto-Submitted": "auto-generated", **headers}


def values_of(own: str) -> list[str]:
    """The own values of a row, by number."""
    return own.split(BETWEEN)


def own_of(values: Sequence[str]) -> str:
    """Own values as a row keeps them."""
    return BETWEEN.join(value.replace(BETWEEN, "") if BETWEEN in value else value for value in values)


def letter(
    form: Form, values: Sequence[str], bodies: Mapping[str, bytes] | None, mail: Any, dated_at: datetime
) -> Letter:
    """The pure value that decides the bytes of one mail. `mail` has to_name, to_address and message_id.

    Without bodies it is the head alone.
    Raises KeyError when a block is gone, ValueError when there are too few or too many values.
    """
    if len(values) != form.places():
        raise ValueError(f"{len(values)} own values for {form.places()} places")
    given = [*values, mail.message_id]
    extra = [(name, filled(said, given)) for name, said in form.headers]
    text, html = (
        b"".join(_encoded(kind, what, given, bodies, form.encoding) for kind, what in part if bodies is not None)
        for part in (form.text, form.html)
    )
    files = [
        Enclosed(filled(name, given), kind, b"" if bodies is None else _file_body(what, given, bodies))
        for name, kind, what in form.files
    ]
    return Letter(
        sender_name=form.sender_name, sender=form.sender, to_name=mail.to_name,
        to_address=filled(form.to, given) if form.to else mail.to_address,
        subject=filled(form.subject, given), dated_at=dated_at, message_id=mail.message_id,
        lang=Variant.of(form.variant).lang, encoding=form.encoding, text=text, html=html,
        reply_to=filled(form.reply_to, given) if form.reply_to else None, extra=tuple(extra),
        files=tuple(files),
    )  # fmt: skip


def _file_body(what: str | Pieces, values: Sequence[str], bodies: Mapping[str, bytes]) -> bytes:
    return bodies[what] if isinstance(what, str) else base64_lines(filled(what, values).encode())


def _encoded(kind: str, what: Any, values: Sequence[str], bodies: Mapping[str, bytes], encoding: str) -> bytes:
    if kind == BLOCK:
        return bodies[what]
    if kind == RUN:
        return b"".join(bodies[key] for key in values[what].split(",") if key)
    return encode_own(what, values, encoding)


def _part(session: Session, now: datetime, segments: Sequence[Segment], encoding: str) -> list[tuple[str, Any]]:
    """A body part as a form keeps it; what is shared becomes a block."""
    parts: list[tuple[str, Any]] = [_place_of(segment) for segment in segments]
    shared = [what for kind, what in parts if kind == BLOCK]
    hashes = dict(zip(shared, blocks.keep(session, now, shared, encoding), strict=True))
    return [(kind, hashes[what] if kind == BLOCK else what) for kind, what in parts]


def _place_of(segment: Segment) -> tuple[str, Any]:
    number = compose.run_number(segment.text)
    if number is not None:
        return RUN, number
    pieces = compose.pieces(segment.text)
    if not segment.shared:
        return OWN, pieces
    if numbers_in(pieces):
        raise ValueError("an own value stands in what many mails share")
    return BLOCK, segment.text
