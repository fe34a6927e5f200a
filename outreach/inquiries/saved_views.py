"""Views of the queue kept by name: a tab and a filter line, one officer's own; those with a star are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.errors import Conflict, NotFound
from outreach.inquiries import queries
from outreach.inquiries.desk_models import SavedView
from outreach.inquiries.filters import OPEN_VIEWS, Asked
from outreach.language import mark

MOST, MOST_STARRED, MOST_COUNTED = 30, 6, 100
NO_NAME = mark("Give the view a name")
FULL = mark("There are 30 saved views. Delete one first")
STARS = mark("Six views have a star. Take one away first")
TAKEN = mark("Another view of yours has this name")


@dataclass(frozen=True)
class Shown:
    """A kept view and how many inquiries it holds; ``None`` where counting would read what is long over."""

    view: SavedView
    count: int | None


def of(session: Session, account_id: int | None, now: datetime, zone: ZoneInfo) -> list[Shown]:
    """The account's views, those with a star first, then by name; starred ones over open inquiries are counted."""
    kept = select(SavedView).where(SavedView.account_id == account_id)
    views = session.scalars(kept.order_by(SavedView.is_starred.desc(), SavedView.name)).all()
    return [Shown(view, _count(session, view, now, zone)) for view in views]


def save(session: Session, now: datetime, account_id: int, name: str, view: str, typed: str) -> SavedView:
    """Keep the view under this name; the same name again changes what it shows. Raises ``Conflict``."""
    if not name:
        raise Conflict("name", NO_NAME)
    kept = session.scalar(select(SavedView).where(SavedView.account_id == account_id, SavedView.name == name))
    if kept is None:
        if _how_many(session, account_id) >= MOST:
            raise Conflict("name", FULL)
        starred = _how_many(session, account_id, True)
        kept = SavedView(account_id=account_id, name=name, created_at=now, is_starred=starred < MOST_STARRED)
        session.add(kept)
    kept.view, kept.typed = view, typed
    session.flush()
    return kept


def rename(session: Session, account_id: int, view_id: int, name: str) -> None:
    """Give it another name. Raises ``Conflict`` for none, or one that is taken."""
    kept = _own(session, account_id, view_id)
    others = select(SavedView.id).where(
        SavedView.account_id == account_id, SavedView.name == name, SavedView.id != view_id
    )
    if not name or session.scalar(others) is not None:
        raise Conflict("name", TAKEN if name else NO_NAME)
    kept.name = name


def star(session: Session, account_id: int, view_id: int, is_starred: bool) -> None:
    """Put a star on it or take it away; at most six have one."""
    kept = _own(session, account_id, view_id)
    if is_starred and not kept.is_starred and _how_many(session, account_id, True) >= MOST_STARRED:
        raise Conflict("star", STARS)
    kept.is_starred = is_starred


def delete(session: Session, account_id: int, view_id: int) -> None:
    """Forget it; a second time does nothing."""
    kept = session.get(SavedView, view_id)
    if kept is not None and kept.account_id == account_id:
        session.delete(kept)


def _own(session: Session, account_id: int, view_id: int) -> SavedView:
    kept = session.get(SavedView, view_id)
    if kept is None or kept.account_id != account_id:
        raise NotFound
    return kept


def _how_many(session: Session, account_id: int, starred: bool = False) -> int:
    mine = select(func.count()).select_from(SavedView).where(SavedView.account_id == account_id)
    return session.scalar(mine.where(SavedView.is_starred) if starred else mine) or 0


def _count(session: Session, view: SavedView, now: datetime, zone: ZoneInfo) -> int | None:
    if not view.is_starred or view.view not in OPEN_VIEWS:
        return None
    return queries.how_many(session, Asked(view.view, view.typed, view.account_id, now, zone), MOST_COUNTED)
