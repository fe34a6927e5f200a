"""What the office has sent, read as its receivers would."""

from __future__ import annotations

from outreach import clock
from outreach.house import House
from outreach.mail import jobs, transports
from tests.support.smtp_server import Received, parsed


class Mailbox:
    """Mail as it went to files: every .eml that delivery wrote, oldest first."""

    def __init__(self, house: House) -> None:
        self.house = house

    def deliver(self) -> int:
        """Deliver until nothing is due; how many rows were taken up."""
        transport = transports.open_transport(self.house.settings)
        taken = 0
        while jobs.deliver(self.house, transport, clock.now()):
            taken += 1
            assert taken < 1000, "delivery does not come to an end"
        return taken

    def all(self) -> list[Received]:
        files = sorted((self.house.settings.var_dir / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [parsed(file.read_bytes()) for file in files]

    def to(self, address: str) -> list[Received]:
        """Delivers what is due; then all mail of one address, oldest first."""
        self.deliver()
        return [mail for mail in self.all() if address in mail.recipients]
