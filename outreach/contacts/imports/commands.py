"""Commands of imports: take a list in, however long it is, and take an import back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import config
from outreach import clock
from outreach.contacts.imports import jobs, keeping, queries, reading
from outreach.contacts.imports.encodings import ENCODINGS
from outreach.contacts.imports.fields import FIELDS
from outreach.contacts.imports.refusals import FileRefused
from outreach.contacts.models import LAWFUL_BASES, Import
from outreach.errors import Conflict, DomainError
from outreach.house import House, opened


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where these people are from, in words.")
@click.option("--basis", required=True, type=click.Choice(LAWFUL_BASES), help="The lawful basis on which we hold them.")
@click.option("--encoding", default="", help=f"Of a CSV: {', '.join(ENCODINGS)}. Without it, it is guessed.")
@click.option("--delimiter", default="", help="What divides the columns of a CSV. Without it, it is guessed.")
@click.option("--column", "columns", multiple=True, help="HEAD=FIELD: what a column holds; as often as needed.")
@click.option("--take-in", is_flag=True, help="Take in at once what is new or certain. Without it, only look.")
def import_(
    file: Path, source: str, basis: str, encoding: str, delimiter: str, columns: tuple[str, ...], take_in: bool
) -> None:
    """Look at a CSV of any length, a spreadsheet or vCards, and say what would become of its rows."""
    with opened(config.load()) as house:
        try:
            with reading.streamed(file, encoding, delimiter) as list_:
                number = jobs.read(house, list_, file_name=file.name, source=source, basis=basis, actor_id=None)
            _map(house, number, columns)
            if take_in:
                with house.db.transaction() as session:
                    keeping.take_in_unseen(session, clock.now(), number)
            jobs.run(house, number)
        except (FileRefused, Conflict, LookupError) as wrong:
            click.echo(str(wrong), err=True)
            sys.exit(1)
        with house.db.read() as session:
            held = queries.get(session, number)
    _tell(held)


@click.command("go-on")
def go_on() -> None:
    """Go on with imports that were interrupted; the scheduler does the same by itself."""
    with opened(config.load()) as house:
        jobs.go_on(house)


@click.command()
@click.argument("number", type=int)
def undo(number: int) -> None:
    """Take an import back, by its number."""
    with opened(config.load()) as house:
        try:
            with house.db.transaction() as session:
                keeping.undo(session, clock.now(), number, None)
        except DomainError as wrong:
            click.echo(str(wrong) or f"There is no import {number}.", err=True)
            sys.exit(1)
        jobs.run(house, number)
        with house.db.read() as session:
            _tell(queries.get(session, number))


def _map(house: House, number: int, columns: tuple[str, ...]) -> None:
    """Map as it was suggested, but for what was said. LookupError for a head or a field that there is not."""
    with house.db.transaction() as session:
        held = queries.get(session, number)
        mapping = dict(held.mapping)
        for said in columns:
            head, _, field = said.rpartition("=")
            if head not in held.head or field not in FIELDS:
                raise LookupError(f"no such column or field: {said}; fields: {', '.join(FIELDS)}")
            mapping[str(held.head.index(head))] = field
        keeping.map_columns(session, clock.now(), number, mapping)


def _tell(held: Import) -> None:
    encoding = f", {held.encoding}, columns divided by {held.delimiter!r}" if held.format == "csv" else ""
    click.echo(f"Import {held.id}: {held.format}{encoding}, {held.rows} rows, {held.state}.")
    for place, field in held.mapping.items():
        click.echo(f"  {held.head[int(place)]}: {field}")
    if held.dropped:
        click.echo(f"Not kept at all: {', '.join(held.dropped)}.")
    click.echo(", ".join(f"{count} {verdict}" for verdict, count in held.counts.items()) or "No rows.")
