"""Commands of the newsroom: check the content folder, and take it in at once."""

from __future__ import annotations

import sys

import click

import config
from outreach import clock
from outreach.house import opened
from outreach.newsroom import intake


@click.group()
def content() -> None:
    """Check and read the Markdown in content/."""


@content.command()
def check() -> None:
    """Name every fault of every file with its line; touches no database. Exit code 1 when one would keep a file out."""
    with opened(config.load()) as house:
        count, faults = intake.check(house, clock.now())
    for fault in faults:
        click.echo(f"{fault}" if fault.is_blocking else f"{fault} (note)")
    blocking = sum(fault.is_blocking for fault in faults)
    click.echo(f"{count} files, {blocking} faults, {len(faults) - blocking} notes")
    if blocking:
        sys.exit(1)


@content.command()
def read() -> None:
    """Take in what is new, note what became public, and tell what was found."""
    with opened(config.load()) as house, house.db.transaction() as session:
        report = intake.read_content(session, house, clock.now())
    for fault in report.faults:
        click.echo(str(fault))
    said = f"{report.read} files, {len(report.changed)} changed, {len(report.noted)} publications"
    click.echo(said + (" as the baseline: nothing is mailed" if report.is_baseline and report.noted else ""))
    if report.notes:
        click.echo(f"{len(report.notes)} notes: content check names them")
    if report.held:
        click.echo(f"{len(report.held)} publications held: more than is usual at once; release them on the desk")
