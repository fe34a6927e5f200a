"""A post office for the tests that read mail as a real mail server received it."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path

import pytest

from config import Settings
from outreach import clock
from outreach.house import House
from outreach.mail import jobs, transports
from tests.support import content
from tests.support.smtp_server import MailServer, Received


@pytest.fixture(autouse=True)
def content_dir(tmp_path: Path) -> Path:
    """Next to nothing, and the test may change it; reading all that is delivered takes longer than most of these tests."""
    return content.little(tmp_path / "content")


@pytest.fixture
def by_smtp(settings: Settings, smtp_server: MailServer) -> Settings:
    """The settings of an office whose mail goes to the server."""
    return dataclasses.replace(settings, mail_url=smtp_server.url, mail_allow=("*@example.org",))


class PostOffice:
    """to("reader@example.org"): delivers what is due over SMTP; then what the server kept for that address."""

    def __init__(self, house: House, server: MailServer) -> None:
        self.house = house
        self.server = server

    def to(self, address: str) -> list[Received]:
        with contextlib.closing(transports.open_transport(self.house.settings)) as transport:
            while jobs.deliver(self.house, transport, clock.now()):
                pass
        return self.server.to(address)


@pytest.fixture
def real_mailbox(house: House, by_smtp: Settings, smtp_server: MailServer) -> PostOffice:
    return PostOffice(dataclasses.replace(house, settings=by_smtp), smtp_server)
