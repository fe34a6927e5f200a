"""Public forms share how their fields are built, and nothing that anybody typed."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from outreach.forms import PublicForm
from outreach.inquiries.forms import FollowUpForm

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_two_forms_share_nothing_that_was_typed(app: Flask) -> None:
    with app.test_request_context():
        wrong = FollowUpForm(MultiDict({"body": "x"}), NOON)
        assert not wrong.validate()
        other = FollowUpForm(MultiDict({"body": "And when does it open?"}), NOON)
        assert other.validate()
        empty = FollowUpForm(None, NOON)
    assert (wrong.body.data, other.body.data, empty.body.data) == ("x", "And when does it open?", "")
    assert [bool(form.body.errors) for form in (wrong, other, empty)] == [True, False, False]
    assert wrong.body.meta is wrong.meta


def test_what_the_first_visitor_typed_is_kept_by_nobody(app: Flask) -> None:
    class NewForm(PublicForm):
        word = StringField()

    with app.test_request_context():
        first = weakref.ref(NewForm(MultiDict({"word": "private"}), NOON))
    gc.collect()
    assert first() is None
