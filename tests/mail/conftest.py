"""What the mail tests share: an office whose mail goes where a test says, mails in its outbox, servers of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import joinedload

from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose, entering, forms, outbox, seats
from outreach.mail.compose import Words
from outreach.mail.jobs import Worker
from outreach.mail.message import Segment
from outreach.mail.models import SENDING, OutboxEmail
from outreach.mail.outbox import Copy
from outreach.mail.relay import SmtpTransport
from tests.digests import givens
from tests.mail.came_in import BOUNCES
from tests.mail.letters import AT, words
from tests.mail.sink import Sink
from tests.mail.turns import Hands
from tests.support import content
from tests.support.moment import Moment


@pytest.fixture
def open_house(house: House) -> House:
    """An office outside production whose mail may reach example.org."""
    return replace(house, settings=replace(house.settings, mail_allow=("*@example.org",)))


@pytest.fixture
def enqueued(open_house: House) -> Callable[..., int]:
    """Put a mail in the outbox; its id."""

    def put(to: str = "reader@example.org", **given: Any) -> int:
        values: dict[str, Any] = {
            "kind": "receipt",
            "ref": "inquiry:25-48271-3",
            "variant": Variant.EN,
            "words": words(),
            **given,
        }
        now = values.pop("now", AT)
        with open_house.db.transaction() as session:
            row = outbox.enqueue(session, open_house, now, to_address=to, **values)
            assert row is not None
            return row.id

    return put


@pytest.fixture
def digests(open_house: House) -> Callable[..., list[int]]:
    """Put many digests of one form in the outbox, as planning does: digests(3), or digests("a@example.org", …); their ids."""

    def put(*to: str | int, now: Any = AT, variant: Variant = Variant.EN, house: House = open_house) -> list[int]:
        people = [f"reader-{n}@example.org" for n in range(to[0])] if isinstance(to[0], int) else [str(a) for a in to]
        with house.db.transaction() as session:
            form = forms.keep(
                session, house, now, variant=variant, words=digest_words(variant),
                headers={"List-Unsubscribe": f"<http://localhost/en/unsubscribe/{compose.place(0)}>"},
            )  # fmt: skip
            copies = [
                Copy(f"subscriber:{address}", address, form, [f"key{n}.tok", f"for {address} alone"])
                for n, address in enumerate(people)
            ]
            ids = outbox.enqueue_many(
                session, house, now, copies, kind="digest", scope="digests", expires_at=now + entering.LIFETIME
            )
        return [mail_id for mail_id in ids if mail_id is not None]

    return put


def digest_words(variant: Variant = Variant.EN) -> Words:
    """A digest with a link within a line and a line of one's own."""
    link, own = compose.place(0), compose.place(1)
    mixed = words(variant)
    return Words(
        "News of the day",
        [
            mixed.text[0],
            Segment(f"http://localhost/en/preferences/{link}\n", False),
            Segment(own, False),
            mixed.text[2],
        ],
        [
            mixed.html[0],
            Segment(f'<a href="http://localhost/en/preferences/{link}?pause=30">x</a>\n', False),
            Segment(own, False),
        ],
    )


@pytest.fixture
def row_of(open_house: House) -> Callable[[int], OutboxEmail]:
    """The row as it stands, with its tries: one for each attempt that is over."""

    def read(mail_id: int) -> OutboxEmail:
        with open_house.db.read() as session:
            row = session.get_one(OutboxEmail, mail_id, options=[joinedload(OutboxEmail.tries)])  # in one statement
            over = row.attempts - (row.state == SENDING)
            assert [attempt.n for attempt in row.tries] == list(range(1, over + 1))
            return row

    return read


OFFERS = {"chunking": ("PIPELINING", "CHUNKING"), "pipelining": ("PIPELINING",), "lock-step": ()}


@pytest.fixture(params=OFFERS)
def offers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Whether the server takes commands in groups, and mails in one piece; what is promised holds either way."""
    return OFFERS[request.param]


@pytest.fixture
def talking_to(offers: tuple[str, ...]) -> Iterator[Callable[..., tuple[Sink, SmtpTransport]]]:
    """talking_to("451_rcpt", "ok"): a server with these faults and a transport to it, both gone at the end."""
    with ExitStack() as stack:

        def opened(
            *faults: str, each: str = "connection", honours: str = "", **given: Any
        ) -> tuple[Sink, SmtpTransport]:
            sink = stack.enter_context(Sink(*faults, offers=offers, each=each, honours=honours))
            within = {"reply_within": 60, "dot_within": 60, **given}
            transport = SmtpTransport(sink.url, "example.org", **within)
            stack.callback(transport.close)
            return sink, transport

        yield opened


@pytest.fixture
def worker(open_house: House, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """worker(window=3): one that is seated and takes its turns when told to."""
    with ExitStack() as stack:

        def made(window: int = 64, number: int | None = None, **settings: Any) -> Worker:
            house = replace(open_house, settings=replace(open_house.settings, **settings))
            connection = stack.enter_context(house.db.writing_engine.connect())
            taken = stack.enter_context(seats.taken(house))
            seat = taken if number is None else type("Seat", (), {"number": number, "is_held": lambda self: True})()
            one = Worker(house, Hands(tmp_path / "mail"), connection, seat, window, lambda: AT)
            one.sit()
            return one

        yield made


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """Next to nothing, and the test may change it; reading all that is delivered takes longer than most of these tests."""
    return content.little(tmp_path / "content")


@pytest.fixture
def office(content_dir: Path, house: House, moment: Moment) -> House:
    """An office to whose bounce address mail comes back, on a Monday morning."""
    opened = replace(house, settings=replace(house.settings, bounce_address=BOUNCES))
    givens.opened(opened, moment)
    return opened
