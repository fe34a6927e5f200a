"""Sessions on the server's side, as Flask sees them (S-04, S-08).

A visitor who has not signed in carries the CSRF token of the sign-in form in a signed cookie; signing in replaces that
cookie by a fresh random key to a row. Only the desk's and the staff's own addresses look at the cookie at all: a public
page is the same for everybody.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from flask_security import current_user
from werkzeug.datastructures import CallbackDict

from outreach import web
from outreach.accounts import sessions
from outreach.accounts.models import Account

PRIVATE = ("/desk", "/staff")
VISITOR = "staff visitor"
VISITOR_LIVES = timedelta(hours=12)
NOT_ACTIVITY = "X-Renewal"  # a page that renews itself says so, and does not keep its session alive


class DeskSession(CallbackDict[str, Any], SessionMixin):
    """What this browser's session holds; `row_id` when it is signed in, `account` its owner."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        super().__init__(values or {}, on_update=DeskSession._changed)
        self.modified = False
        self.accessed = True
        self.came_with_cookie = False
        self.row_id: int | None = None
        self.account: Account | None = None
        self.is_stale = False

    def _changed(self) -> None:
        self.modified = True

    @property
    def has_ended(self) -> bool:
        """The browser still shows a cookie, and nothing stands behind it any more."""
        return self.came_with_cookie and self.row_id is None and not self


class DeskSessions(SessionInterface):
    """Opens the session before a view and writes it down after it."""

    def open_session(self, app: Flask, asked: Request) -> DeskSession:
        cookie = asked.cookies.get(self.get_cookie_name(app)) if is_private(asked.path) else None
        if not cookie:
            return DeskSession()
        session = _signed_in(cookie) or _visitor(cookie)
        session.came_with_cookie = True
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        desk = cast(DeskSession, session)
        if not is_private(request.path):
            return
        response.vary.add("Cookie")
        is_signed_in = "_user_id" in desk
        if desk.row_id is None and is_signed_in:
            self._give(app, response, _begin(desk))
        elif desk.row_id is not None and not is_signed_in:
            _end(desk)
            self._take(app, response)
        elif desk.row_id is not None:
            _keep(desk)
        elif desk.modified:
            until = web.now() + VISITOR_LIVES
            self._give(app, response, web.house().tokens.make(VISITOR, json.dumps(dict(desk)), until))
        elif desk.has_ended:
            self._take(app, response)

    def _give(self, app: Flask, response: Response, value: str) -> None:
        response.set_cookie(self.get_cookie_name(app), value, **self._limits(app))

    def _take(self, app: Flask, response: Response) -> None:
        response.delete_cookie(self.get_cookie_name(app), **self._limits(app))

    def _limits(self, app: Flask) -> dict[str, Any]:
        """`__Host-` wants Secure, Path=/ and no Domain."""
        return {"path": "/", "secure": self.get_cookie_secure(app), "httponly": True, "samesite": "Lax"}


def is_private(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PRIVATE)


def _signed_in(cookie: str) -> DeskSession | None:
    """The session of this key; reading it takes one look at the database."""
    with web.reading() as reading:
        found = sessions.find(reading, cookie, web.now())
        if found is None:
            return None
        row, account = found
        reading.expunge_all()
    session = DeskSession(json.loads(row.data))
    if session.get("_user_id") != account.fs_uniquifier:
        return None
    session.row_id, session.account = row.id, account
    session.is_stale = web.now() - row.seen_at >= sessions.SEEN_EVERY
    return session


def _visitor(cookie: str) -> DeskSession:
    held = web.house().tokens.read(VISITOR, cookie, web.now())
    return DeskSession(json.loads(held) if held else None)


def _begin(desk: DeskSession) -> str:
    """A new key at sign-in, and a new CSRF token with it; where and on what somebody sits is not kept."""
    desk["csrf_token"] = secrets.token_hex(32)
    desk.pop("_id", None)
    with web.side_transaction() as writing:
        return sessions.begin(writing, web.now(), current_user.account_id, dict(desk))


def _end(desk: DeskSession) -> None:
    with web.side_transaction() as writing:
        sessions.end(writing, cast(int, desk.row_id), web.now(), cast(Account, desk.account).id)


def _keep(desk: DeskSession) -> None:
    is_activity = NOT_ACTIVITY not in request.headers
    if desk.modified or (desk.is_stale and is_activity):
        with web.side_transaction() as writing:
            sessions.keep(writing, cast(int, desk.row_id), web.now(), dict(desk) if desk.modified else None)
