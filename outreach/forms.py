"""The two kinds of form: a public one that needs no session, and a staff one under the session's CSRF token."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, StringField
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta

FASTEST = timedelta(seconds=3)
STALEST = timedelta(hours=12)


class Said:
    """A message with values, said in the reader's language when it is shown: Said("It is now {time}", time=…)."""

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message.format(**self.values)


class PublicForm(Form):
    """A form for anybody: a signed token carries its nonce and the time it was drawn (F-02, F-25)."""

    class Meta(DefaultMeta):
        built: ClassVar[dict[tuple[UnboundField, str, str], Field]] = {}

        def bind_field(self, form: Form, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            """Each field is built once, and every form gets a copy: building takes five times as long."""
            key = unbound_field, options["name"], options["prefix"]
            if key not in self.built:
                self.built[key] = super().bind_field(form, unbound_field, options)
                self.built[key]._form = None  # it must not keep what the first visitor typed
            built = self.built[key]
            field = object.__new__(type(built))
            vars(field).update(vars(built), _form=form, meta=self)
            return field

    form_token = HiddenField()
    website = StringField("Website")  # the trap: people never see it

    def __init__(self, formdata: Any = None, now: datetime | None = None, **kwargs: Any) -> None:
        """`now`: the instant of this request; a form without a readable token is given a fresh one."""
        super().__init__(formdata, **kwargs)
        self._now = now or datetime.now(UTC)
        self._tokens = current_app.extensions["house"].tokens
        drawn = self._tokens.read("form", self.form_token.data or "", self._now)
        self.came_with_token = drawn is not None
        if drawn is None:
            drawn = f"{secrets.token_urlsafe(12)} {int(self._now.timestamp())}"
            self.form_token.data = self._tokens.make("form", drawn)
        self.nonce, seconds = drawn.split(" ")
        self.drawn_at = datetime.fromtimestamp(int(seconds), UTC)

    def suspicion(self) -> str | None:
        """Why a program, not a person, may have sent this; None when nothing speaks for it."""
        if self.website.data:
            return "trap"
        if not self.came_with_token:
            return "no token"
        age = self._now - self.drawn_at
        if age < FASTEST:
            return "too fast"
        return "stale" if age > STALEST else None


class StaffForm(FlaskForm):
    """A form on the desk; Flask-WTF adds and checks the session's CSRF token."""
