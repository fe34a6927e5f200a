"""What tests of incoming mail ask and do."""

from __future__ import annotations

from sqlalchemy import select, update

from outreach.house import House
from outreach.mail import verp
from outreach.mail.inbound import jobs as inbound
from outreach.mail.models import MailInbound, OutboxEmail
from outreach.subscriptions.models import Subscriber
from tests.digests import givens
from tests.mail import bounces

BOUNCES = "bounces@press.example.org"
STOPS_AT = "bounces+unsubscribe@press.example.org"


def rows(house: House) -> list[MailInbound]:
    with house.db.read() as session:
        return list(session.scalars(select(MailInbound).order_by(MailInbound.id)))


def states(house: House) -> list[tuple[str, str, str | None]]:
    return [(row.kind, row.state, row.reason) for row in rows(house)]


def subscriber(house: House, subscriber_id: int) -> Subscriber:
    with house.db.read() as session:
        return session.get_one(Subscriber, subscriber_id)


def bounced(house: House) -> None:
    """A mail server says that a mail to the reader came to an address that is not there."""
    own_sender = verp.senders(house)
    assert own_sender is not None
    with house.db.transaction() as session:
        mail_id = session.scalars(select(OutboxEmail.id).where(OutboxEmail.to_address == givens.READER)).first()
        assert mail_id is not None
        session.execute(update(OutboxEmail).where(OutboxEmail.id == mail_id).values(attempts=1))
    inbound.receive(house, bounces.postfix(bounces.CAUSES[0], givens.READER, own_sender(mail_id)))
    assert states(house)[-1] == ("bounce", "settled", "suppressed")
