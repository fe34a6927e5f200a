"""Commands of the mail room: the worker process, a look at what waits, left or failed, and a way in."""

from __future__ import annotations

import logging
import os
import sys
from ipaddress import ip_address
from typing import BinaryIO

import click
from sqlalchemy import select

import config
from config import SettingError
from outreach import clock
from outreach.house import House, opened
from outreach.language import Variant
from outreach.mail import addresses, compose, jobs, outbox, sql, transports
from outreach.mail.inbound import jobs as inbound
from outreach.mail.inbound.reading import LARGEST
from outreach.mail.models import STATES, OutboxEmail
from outreach.office import OfficeError

TRY_LATER = os.EX_TEMPFAIL  # 75: a mail server keeps the mail and tries again


@click.command()
def worker() -> None:
    """Deliver what waits in the outbox, until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(message)s")
    jobs.work(House.open(config.load()))


@click.group()
def mail() -> None:
    """Look at outgoing mail, try the mail server, or take a mail in."""


@mail.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only mails in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
def list_mails(state: str | None, limit: int) -> None:
    """List outgoing mails, newest first, without addresses."""
    house = House.open(config.load())
    wanted = select(OutboxEmail).order_by(OutboxEmail.id.desc()).limit(limit)
    with house.db.read() as session:
        for row in session.scalars(wanted.where(OutboxEmail.state == state) if state else wanted):
            reason = f"  ({row.reason})" if row.reason else ""
            click.echo(f"{row.id:>7}  {row.created_at:%Y-%m-%d %H:%M}Z  {row.state:<9}  {row.kind}  {row.ref}{reason}")


@mail.command()
@click.argument("mail_id", type=int, metavar="ID")
def show(mail_id: int) -> None:
    """Show one mail: where it stands, and every attempt with the server's reply."""
    house = House.open(config.load())
    with house.db.read() as session:
        row = session.get(OutboxEmail, mail_id)
        if row is None:
            raise click.ClickException(f"no mail has the number {mail_id}")
        _tell(row)


@mail.command()
@click.argument("mail_id", type=int, metavar="ID")
def repeat(mail_id: int) -> None:
    """Send one mail once more of which nobody knows whether it arrived, in the same bytes."""
    house = House.open(config.load())
    with house.db.transaction() as session:
        if not outbox.repeat(session, mail_id, clock.now()):
            raise click.ClickException(f"mail {mail_id} is none whose fate is unknown, or its time is over")
    click.echo(f"mail {mail_id} leaves once more")


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send a test mail to ADDRESS through the configured server and tell what the server said."""
    house, now = House.open(config.load()), clock.now()
    try:
        checked = addresses.check(address)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    words = compose.render(house, "test", Variant.EN)
    with house.db.transaction() as session:
        row = outbox.enqueue(
            session, house, now, kind="test", ref="office:test", to_address=checked, variant=Variant.EN, words=words,
            scope="always",
        )  # fmt: skip
    assert row is not None
    transport = transports.open_transport(house.settings)
    jobs.deliver(house, transport, now, only=row.id)
    transport.close()
    with house.db.read() as session:
        _tell(session.get_one(OutboxEmail, row.id))


@mail.command("doctor")
@click.option("--leaves-from", metavar="IP", help="The address that receivers see, where it is not the mail server's.")
@click.option("--received", type=click.File("rb"), help="One of our mails as it arrived: what was signed, and how.")
@click.option("--resolver", metavar="IP[:PORT]", default="", help="The DNS server to ask  [default: this machine's]")
def see_doctor(leaves_from: str | None, received: BinaryIO | None, resolver: str) -> None:
    """Check From, SPF, DKIM, DMARC, MX, PTR and TLS of MAIL_FROM, and say what to put where.

    Ends with 1 when something is missing or wrong.
    """
    # Imported here, because nothing else asks DNS.
    from outreach.mail.doctor import examination
    from outreach.mail.doctor import patient as patients
    from outreach.mail.doctor.nameserver import Names

    house = House.open(config.load())
    try:
        names, address = Names(resolver), ip_address(leaves_from) if leaves_from else None
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    who = patients.patient(house.settings, names.ask, clock.now(), address, received.read() if received else None)
    is_ill = False
    for finding in examination.examine(who):
        click.echo(str(finding))
        is_ill |= finding.state in (patients.MISSING, patients.WRONG)
    sys.exit(is_ill)


@mail.command()
@click.option("--recipient", metavar="ADDRESS", help="To whom the mail server delivered it, if it tells.")
def receive(recipient: str | None) -> None:
    """Take in one mail from standard input, as a mail server's pipe hands it over.

    Exit code 0 when it is taken in, 75 when it is to be tried again later.
    """
    try:
        with opened(config.load()) as house:
            raw = sys.stdin.buffer.read(LARGEST)
            while sys.stdin.buffer.read(2**16):  # a mail server whose pipe breaks would think that it failed
                pass
            inbound.receive(house, raw, recipient)
    except (SettingError, OfficeError, OSError, *sql.TROUBLE) as trouble:
        click.echo(f"not taken in: {type(trouble).__name__}", err=True)
        sys.exit(TRY_LATER)


def _tell(row: OutboxEmail) -> None:
    click.echo(f"mail {row.id}, {row.kind} for {row.ref}, to {addresses.masked(row.to_address)}")
    click.echo(f"state {row.state}" + (f": {row.reason}" if row.reason else ""))
    for name, at in (("written", row.created_at), ("accepted", row.accepted_at), ("next try", row.next_at)):
        if at:
            click.echo(f"{name} {at:%Y-%m-%d %H:%M:%S}Z")
    for attempt in row.tries:
        said = " ".join(str(part) for part in (attempt.code, attempt.reply) if part)
        click.echo(f"  {attempt.n}. {attempt.at:%Y-%m-%d %H:%M:%S}Z  {attempt.phase}  {said}".rstrip())
