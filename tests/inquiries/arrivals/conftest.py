"""An office that can be answered by mail, and an inquiry whose journalist does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config import Settings
from outreach import clock
from outreach.house import House
from outreach.inquiries import intake
from tests.inquiries.arrivals.post import BOUNCES, REPLIES, Post
from tests.inquiries.conftest import TUESDAY, submission
from tests.support.moment import Moment


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, reply_address=REPLIES, bounce_address=BOUNCES, mail_from="office@example.org")


@pytest.fixture
def post(house: House, moment: Moment, mailbox: Any) -> Post:
    """Brings mail in and lets the job take it; the clock stands at Tuesday, 09:42 in Belgrade."""
    moment.is_at(TUESDAY)
    return Post(house, mailbox)


@pytest.fixture
def asked(post: Post) -> Any:
    """asked(email=…): a fresh inquiry; its reference."""

    def make(**changes: Any) -> str:
        with post.house.db.transaction() as session:
            nonce = f"form {post.count()}"
            made = intake.receive(session, post.house, clock.now(), submission(**changes), nonce, None, "a network")
            return made.inquiry.reference

    return make


@pytest.fixture
def reference(asked: Any) -> str:
    return str(asked())
