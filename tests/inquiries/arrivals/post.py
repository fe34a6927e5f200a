"""The post of a test: mails as strangers' programs write them, brought in the way a mail server does."""

from __future__ import annotations

from email.utils import parseaddr
from itertools import count
from typing import Any

from sqlalchemy import func, select

from outreach.house import House
from outreach.inquiries import links
from outreach.inquiries.arrivals import jobs
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.mail.inbound import jobs as inbound
from outreach.mail.models import MailInbound, OutboxEmail
from tests.inquiries.conftest import REPORTER

REPLIES = "press@press.example.org"
BOUNCES = "bounces@press.example.org"
NUMBERS = count(1)

FORGED = "press+2548271300000000000000000000000000000000@press.example.org"


def mail(
    words: str | bytes, *, sender: str = f"Reporter, daily <{REPORTER}>", to: str = REPLIES, subject: str = "Re: your inquiry",
    kind: str = "text/plain; charset=utf-8", message_id: str | None = None, **headers: str,
) -> bytes:  # fmt: skip
    """One mail. A header's underscores stand for hyphens: In_Reply_To="<…>"."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    head = (
        f"{more}From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{message_id or f'{next(NUMBERS)}@mx.example.net'}>\n"
        f"Date: Tue, 25 Nov 2025 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: {kind}\n\n"
    ).encode()
    return head + (words if isinstance(words, bytes) else words.encode())


def parts(*many: tuple[str, bytes | str], kind: str = "mixed", edge: str = "edge") -> tuple[bytes, str]:
    """The body and the type of a mail of these parts; each is its headers and its content."""
    made = b"".join(
        f"--{edge}\n{head}\n\n".encode() + (body if isinstance(body, bytes) else body.encode()) + b"\n"
        for head, body in many
    )
    return made + f"--{edge}--\n".encode(), f'multipart/{kind}; boundary="{edge}"'


class Post:
    def __init__(self, house: House, mailbox: Any) -> None:
        self.house, self.mailbox = house, mailbox

    def arrives(self, raw: bytes, recipient: str | None = None) -> None:
        """A mail server hands it over, and the job runs."""
        inbound.receive(self.house, raw, recipient)
        jobs.take_in(self.house)

    def address_of(self, reference: str) -> str:
        """The secret address, as a journalist's mail program reads it in our mail."""
        with self.house.db.read() as session:
            to = session.scalars(select(Inquiry.email).where(Inquiry.reference == reference)).one()
            expected = links.reply_address(self.house, self.inquiry(reference))
        found = {parseaddr(str(sent.message["Reply-To"]))[1] for sent in self.mailbox.to(to)}
        assert expected in found
        return str(expected)

    def inquiry(self, reference: str) -> Inquiry:
        with self.house.db.read() as session:
            return session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()

    def messages(self, reference: str) -> list[InquiryMessage]:
        with self.house.db.read() as session:
            mine = select(InquiryMessage).join(Inquiry).where(Inquiry.reference == reference)
            return list(session.scalars(mine.order_by(InquiryMessage.id)))

    def rows(self) -> list[MailInbound]:
        with self.house.db.read() as session:
            return list(session.scalars(select(MailInbound).order_by(MailInbound.id)))

    def outcome(self) -> tuple[str, str | None]:
        """What became of the last mail."""
        last = self.rows()[-1]
        return last.state, last.reason

    def alerts(self, reference: str) -> int:
        with self.house.db.read() as session:
            mine = select(func.count()).where(
                OutboxEmail.ref == f"inquiry:{reference}", OutboxEmail.kind == "inquiry_alert"
            )
            return session.scalar(mine) or 0

    def sent_ids(self, reference: str) -> list[str]:
        """The Message-IDs of our mails to the journalist."""
        with self.house.db.read() as session:
            mine = select(OutboxEmail.message_id).where(
                OutboxEmail.ref == f"inquiry:{reference}", OutboxEmail.kind != "inquiry_alert"
            )
            return list(session.scalars(mine.order_by(OutboxEmail.id)))

    def count(self) -> int:
        with self.house.db.read() as session:
            return session.scalar(select(func.count()).select_from(Inquiry)) or 0

    def sets(self, reference: str, **values: Any) -> None:
        """Bring the inquiry into a state that other tests are about."""
        with self.house.db.transaction() as session:
            inquiry = session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()
            for name, value in values.items():
                setattr(inquiry, name, value)
