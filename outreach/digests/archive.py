"""What was sent, for everybody: each issue as a page, in the words in which it was mailed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach.digests import compose, editions, queries
from outreach.digests.compose import LEAD_WORDS, Item
from outreach.digests.models import DigestIssue
from outreach.house import House
from outreach.language import Variant
from outreach.newsroom import library


@dataclass(frozen=True)
class Told:
    """An issue: its own news, then what it brought to readers who were away before. `line` is the officer's."""

    issue: DigestIssue
    items: tuple[Item, ...]
    earlier: tuple[Item, ...]
    line: str | None
    line_lang: str | None


def told(session: Session, house: House, issues: Sequence[DigestIssue], variant: Variant) -> list[Told]:
    """Issues as one variant tells them; an item that was withdrawn since is a stub with its reason."""
    shelf, found = library.opened(session, house), queries.items(session, [issue.id for issue in issues])
    made = []
    for issue in issues:
        views = []
        for item, publication in found.get(issue.id, []):
            view = shelf.publication_view(session, publication.id, variant) if item.carried_at is not None else None
            if view is not None:
                views.append(editions.as_mailed(view, (item.said or {}).get(variant.segment)))
        before = queries.closed_before(session, issue)
        items = [compose.item(variant, view, house.office.zone, LEAD_WORDS) for view in compose.in_order(views)]
        own = [item for item in items if not before or item.public_at > before[0].closes_at]
        earlier = [item for item in items if item not in own]
        line = compose.Line(issue.line_en, issue.line_sr).said(variant)
        made.append(Told(issue, tuple(own), tuple(earlier), *line))
    return made
