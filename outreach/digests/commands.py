"""Commands: plan what is due by hand, list what went."""

from __future__ import annotations

import click

import config
from outreach.digests import jobs, queries
from outreach.house import House
from outreach.mail import failpoints


@click.group()
def digests() -> None:
    """Plan digests and list them."""


@digests.command()
def plan() -> None:
    """Plan every digest that is due now. Safe at any time: what is planned already stays as it is."""
    house = House.open(config.load())
    failpoints.arm(house.settings)
    served = jobs.plan(house)
    click.echo(f"Planned for {served} subscribers." if served else "Nothing is due.")


@digests.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, newest first.")
def list_issues(limit: int) -> None:
    """List digest issues, newest first, and how their copies fared."""
    house = House.open(config.load())
    with house.db.read() as session:
        issues = queries.issues(session, limit)
        fared = queries.fared(session, [issue.id for issue in issues])
    for issue in issues:
        states = ", ".join(f"{copies} {state}" for state, copies in sorted(fared.get(issue.id, {}).items()))
        click.echo(f"{issue.at:%Y-%m-%d %H:%M}Z  {issue.cadence:<11}  {issue.slot:<16}  {states}")
