"""Staff from the command line: invite, list, end, and the link to the first account."""

from __future__ import annotations

import click

import config
from outreach import clock
from outreach.accounts import invitations, profiles, queries
from outreach.accounts.models import ROLES
from outreach.errors import Conflict, NotFound
from outreach.house import opened
from outreach.mail import addresses


@click.group()
def staff() -> None:
    """Who works here: invite, list, end."""


@staff.command()
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="may be given several times"
)
@click.option("--name", default=None, help="how colleagues see the person; can be changed when the link is used")
def invite(email: str, roles: tuple[str, ...], name: str | None) -> None:
    """Print a one-time link to a new account for EMAIL; it lives two days."""
    try:
        address = addresses.check(email)
        with opened(config.load()) as house, house.db.transaction() as session:
            made = house.url(invitations.PATH + invitations.invite(session, house, clock.now(), address, name, roles))
    except (ValueError, Conflict) as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(made)


@staff.command()
def link() -> None:
    """Print a fresh one-time link to the first account, if there is none yet."""
    with opened(config.load()) as house, house.db.transaction() as session:
        first = invitations.first_link(session, house, clock.now())
    click.echo(first or "There is an account already; use: staff invite EMAIL --role …")


@staff.command("list")
def list_accounts() -> None:
    """List every account with its roles."""
    with opened(config.load()) as house, house.db.read() as session:
        for account in queries.all_accounts(session):
            state = "active" if account.active else "ended"
            roles = " ".join(role.name for role in account.roles)
            click.echo(f"{account.id}\t{account.email}\t{account.name}\t{state}\t{roles}")


@staff.command()
@click.argument("email")
def end(email: str) -> None:
    """End the account of EMAIL and sign it out everywhere, at once."""
    try:
        with opened(config.load()) as house, house.db.transaction() as session:
            profiles.end(session, clock.now(), email)
    except NotFound:
        raise click.ClickException("no active account has this address") from None
    click.echo("ended")
