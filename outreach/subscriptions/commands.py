"""Commands of subscriptions: take a list of subscribers over from elsewhere."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

import config
from outreach import clock
from outreach.house import House, opened
from outreach.language import Variant
from outreach.mail import addresses
from outreach.subscriptions import lists, takeover, uploads
from outreach.subscriptions.lists import Line, ListFault, Terms
from outreach.subscriptions.takeover import Judged, Seen


@click.group()
def subscribers() -> None:
    """Take subscribers over from another system."""


@subscribers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--proof", required=True, metavar="TEXT", help="What these people agreed to, in the words they saw.")
@click.option("--source", metavar="TEXT", help="Where that is kept, for example a folder.  [default: the file's name]")
@click.option(
    "--language", type=click.Choice(["en", "lat", "cir"]), default="lat", show_default=True,
    help="The language and script of lines that name none.",
)  # fmt: skip
@click.option("--apply", "is_meant", is_flag=True, help="Take them in; without it every line is only looked at.")
def import_list(file: Path, proof: str, source: str | None, language: str, is_meant: bool) -> None:
    """Look at every line of FILE, or take them in with --apply; both report each line. Twice changes nothing.

    FILE is CSV in UTF-8; its first line names the columns: address, consent_date (both needed), consent_text,
    consent_source, language, topics, cadence, hour. Exit code 1 when a line was refused, 2 when the file is unusable.
    """
    report: list[list[int | str]] = []
    with opened(config.load()) as house, file.open(encoding="utf-8-sig", newline="") as text:
        today = clock.now().astimezone(house.office.zone).date()
        terms = Terms(proof, source or file.name, Variant.of(language), today)
        try:
            for line, outcome in _dealt(house, lists.read(text, house.office, terms), is_meant):
                shown = addresses.masked(line.address) if line.address else ""
                click.echo(f"{line.number:>6}  {outcome:<14}  {shown}".rstrip())
                report.append([line.number, outcome])
        except ListFault as fault:
            click.echo(f"{file}: {fault}", err=True)
            sys.exit(2)
        if is_meant:
            _note(house, file, terms, report)
    _sum_up([str(outcome) for _, outcome in report], is_meant)


def _dealt(house: House, lines: Iterator[Line], is_meant: bool) -> Iterator[Judged]:
    """Every line with what becomes of it, a batch to a transaction."""
    seen = Seen()
    while batch := list(islice(lines, takeover.BATCH)):
        if is_meant:
            with house.db.transaction() as session:
                judged = takeover.take_in(session, house, clock.now(), batch, seen)
        else:
            with house.db.read() as session:
                judged = takeover.judge(session, house, batch, seen)
        yield from judged


def _note(house: House, file: Path, terms: Terms, report: list[list[int | str]]) -> None:
    """The desk shows what was taken in, by its name and proof."""
    with file.open("rb") as raw:
        content_hash = hashlib.file_digest(raw, "sha256").hexdigest()
    with house.db.transaction() as session:
        uploads.noted(
            session, clock.now(), file_name=file.name, content_hash=content_hash, terms=terms, report=report
        )  # fmt: skip


def _sum_up(outcomes: list[str], is_meant: bool) -> None:
    numbers = uploads.counted(outcomes)
    for outcome, number in numbers.items():
        click.echo(f"{number:>6}  {outcome}: {takeover.OUTCOMES[outcome]}")
    if not is_meant:
        click.echo("Nothing has been changed. Say --apply to take in the lines marked “new”.")
    if set(numbers) - {takeover.NEW, takeover.ALREADY}:
        sys.exit(1)
