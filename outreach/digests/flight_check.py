"""The flight check: the issue as it will be mailed, before it is; computed from what would be planned now."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from outreach.digests import census, compose, forecast, queries, rounds
from outreach.digests.census import Census
from outreach.digests.editions import Editions, Key
from outreach.digests.models import DigestIssue
from outreach.digests.rounds import Round
from outreach.errors import NotFound
from outreach.house import House
from outreach.language import Variant
from outreach.mail import message
from outreach.mail.compose import Words
from outreach.newsroom import library
from outreach.newsroom.library import PublicationView
from outreach.subscriptions.models import EVERYTHING
from outreach.subscriptions.slots import AT_ONCE, CADENCES

GOAL, LIMIT = 60_000, 90_000  # bytes as sent
SHORTEST, LONGEST = 10, 78  # characters of a subject

_HOUR = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_LINK = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True)
class Shown:
    """The mail of one variant, with everything the issue carries. `size` is in bytes, as sent."""

    variant: Variant
    words: Words
    size: int
    readers: int
    dead: tuple[str, ...]
    untranslated: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.words.text)

    @property
    def html(self) -> str:
        return "".join(segment.text for segment in self.words.html)

    @property
    def is_subject_fit(self) -> bool:
        return SHORTEST <= len(self.words.subject) <= LONGEST

    @property
    def is_well(self) -> bool:
        return self.size <= GOAL and not self.dead and not self.untranslated and self.is_subject_fit


@dataclass(frozen=True)
class Check:
    """Everything an officer needs to let it go or to hold it. `dropped` were left out of this cadence's digests."""

    turn: Round
    issue: DigestIssue | None
    is_frozen: bool
    is_held: bool
    has_left: bool
    items: tuple[PublicationView, ...]
    dropped: tuple[PublicationView, ...]
    broken: tuple[PublicationView, ...]
    shown: tuple[Shown, ...]
    census: Census


def turn(house: House, cadence: str, slot: str, hour: str | None, now: datetime) -> Round:
    """The round of this name if it is the next or the latest of its kind; NotFound for any other."""
    kind = next((one for one in CADENCES if one == cadence), None)
    if kind is None or (hour is None) is not (kind in AT_ONCE) or not _HOUR.fullmatch(hour or "00:00"):
        raise NotFound("issue")
    for is_next in (True, False):
        found = rounds.slot_of(house.office, kind, hour, now, is_next)
        if found is not None and found.key == slot:
            return Round(found, hour)
    raise NotFound("issue")


def check(
    session: Session, house: House, turn: Round, now: datetime, variant: Variant, leads: Callable[[str], bool]
) -> Check:
    """The issue of a round as it would leave. `leads` tells whether a path of this site leads anywhere; `variant` is
    the officer's."""
    issue = queries.issue(session, turn.slot.cadence, turn.slot.key)
    coming = forecast.of_round(session, turn, now)
    editions = made(session, house, turn, coming)
    counted = census.census(session, turn, coming.carried)
    shelf = library.opened(session, house)

    def views(ids: list[int]) -> tuple[PublicationView, ...]:
        found = [shelf.publication_view(session, one, variant) for one in ids]
        return tuple(compose.in_order([view for view in found if view is not None]))

    carried = [one.id for one in coming.carried if one.id in editions.told]
    return Check(
        turn=turn,
        issue=issue,
        is_frozen=coming.is_frozen,
        is_held=coming.is_held,
        has_left=issue is not None and queries.has_left(session, issue),
        items=views(carried),
        dropped=views(queries.dropped(session, turn.slot.cadence, now - forecast.RECENT)),
        broken=views(sorted(editions.broken)),
        shown=tuple(_shown(house, editions, carried, variant, counted, leads) for variant in Variant)
        if carried
        else (),
        census=counted,
    )


def made(session: Session, house: House, turn: Round, coming: forecast.Coming) -> Editions:
    """The editions that this round would have."""
    issue = queries.issue(session, turn.slot.cadence, turn.slot.key)
    line = queries.line(session, issue.id) if issue is not None else compose.Line()
    number = queries.number(session, turn.slot)
    return Editions(session, house, turn.slot, number, line, [one.id for one in coming.carried])


def whole(editions: Editions, variant: Variant) -> Words:
    """The mail with everything that the round carries; its private links lead to the form for everybody."""
    key = Key(variant.segment, tuple(sorted(editions.told)), (EVERYTHING,))
    form = editions.house.url(f"/{variant.segment}/subscribe")
    return editions.words(key, form, form)


def _shown(
    house: House,
    editions: Editions,
    carried: list[int],
    variant: Variant,
    counted: Census,
    leads: Callable[[str], bool],
) -> Shown:
    words = whole(editions, variant)
    html = "".join(segment.text for segment in words.html)
    return Shown(
        variant=variant,
        words=words,
        size=len(_bytes(house, variant, words)),
        readers=counted.readers.get(variant.segment, 0),
        dead=tuple(sorted(_dead(house, editions, html, leads))),
        untranslated=tuple(editions.title(one, variant) for one in editions.untranslated(variant) if one in carried),
    )


def _dead(house: House, editions: Editions, html: str, leads: Callable[[str], bool]) -> set[str]:
    """Links of this mail to pages of ours that are not there; the issue's own page comes when it leaves."""
    own = {house.url(compose.archive_path(variant, editions.slot)) for variant in Variant}
    base = house.url("/")
    inner = {link for link in _LINK.findall(html) if link.startswith(base)} - own
    return {link for link in inner if not leads(urlsplit(link).path)}


def _bytes(house: House, variant: Variant, words: Words) -> bytes:
    """A mail of these words as it is sent, to an address of ours."""
    encoding = message.encoding_of(variant)
    text, html = (
        b"".join(message.encode_block(segment.text, encoding) for segment in part) for part in (words.text, words.html)
    )
    sender, host = house.settings.mail_from, house.settings.mail_from.rpartition("@")[2]
    letter = message.Letter(
        sender_name=f"{house.office.name(variant)} – {house.office.unit(variant)}",
        sender=sender,
        to_name=None,
        to_address=sender,
        subject=words.subject,
        dated_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        message_id=f"{'0' * 32}@{host}",
        lang=variant.lang,
        encoding=encoding,
        text=text,
        html=html,
        extra=tuple(compose.headers(house, "immediately", house.url("/en/unsubscribe/"), "0" * 46).items()),
    )
    return message.stitch(letter)
