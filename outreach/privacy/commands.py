"""Commands of privacy: what is held about a person, erase them, who was looked at, and what a backup forgot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

import config
from outreach import clock
from outreach.errors import Conflict, NotFound
from outreach.house import House, opened
from outreach.privacy import bundle, erasing, jobs, mentions, page, reach, subjects
from outreach.privacy import seen as looks
from outreach.privacy.subjects import Subject


@click.group()
def privacy() -> None:
    """What a person may ask of the office, and who was looked at."""


@privacy.command()
@click.argument("whom")
@click.option("--to", "folder", default=".", type=click.Path(path_type=Path), help="The folder for the two files.")
def held(whom: str, folder: Path) -> None:
    """Write everything held about WHOM, an address or the number of a record, as JSON and as a page."""
    with opened(config.load()) as house:
        with house.db.read() as session:
            subject = _subject(session, house, whom)
            document = bundle.made(session, house, clock.now(), subject)
        with house.db.transaction() as session:
            bundle.note(session, clock.now(), subject, document, "files", None)
    folder.mkdir(parents=True, exist_ok=True)
    for form in page.FORMS:
        path = folder / f"held.{form}"
        path.touch(mode=0o600)
        path.write_bytes(page.written(document, form))
        click.echo(path)
    rows = sum(len(rows) for rows in document["held"].values())
    click.echo(f"{rows} rows in {len(document['held'])} tables; {len(document['named_in'])} texts of others name them.")


@privacy.command()
@click.argument("whom")
@click.option("--reason", default="asked", help="Why, in one word, for the log.")
@click.option("--sure", is_flag=True, help="Do it. Without it, only say what would go.")
def erase(whom: str, reason: str, sure: bool) -> None:
    """Erase WHOM, an address or the number of a record, in every room. It cannot be undone."""
    with opened(config.load()) as house:
        with house.db.read() as session:
            subject = _subject(session, house, whom)
            theirs = reach.rows(session, subject)
            named = mentions.find(session, subject, theirs)
        click.echo(f"{sum(map(len, theirs.values()))} rows in {len(theirs)} tables, {len(named)} texts of others.")
        if not sure:
            click.echo("Nothing was done. Say --sure to erase.")
            return
        try:
            with house.db.transaction() as session:
                left = erasing.erase(session, house, clock.now(), subject, named, reason)
        except Conflict as wrong:
            raise click.ClickException(wrong.message) from None
        jobs.overwrite(house)
    for mention in left:
        click.echo(f"Look at {mention.table} {mention.key}: {', '.join(mention.columns)} may still name them.")


@privacy.command()
@click.option("--since", required=True, type=click.DateTime(), help="From this instant on, in UTC.")
@click.option("--by", "actor_id", type=int, help="Only by the colleague with this account number.")
def seen(since: datetime, actor_id: int | None) -> None:
    """Say who was looked at or taken out, and by whom."""
    with opened(config.load()) as house, house.db.read() as session:
        for one in looks.since(session, since.replace(tzinfo=clock.now().tzinfo), actor_id):
            click.echo(f"{one.at:%Y-%m-%d %H:%M:%S}Z\t{one.who}\t{one.action}\t{one.obj}\t{one.count}")


@privacy.command()
def replay() -> None:
    """After a backup was restored: say again who stopped, objected, is not mailed or was erased since."""
    with opened(config.load()) as house:
        jobs.keep_refusals(house)


def _subject(session: Session, house: House, whom: str) -> Subject:
    """An address has an @; anything else is the number of a record."""
    try:
        if "@" in whom:
            return subjects.of_address(session, house, whom)
        return subjects.of_person(session, house, int(whom))
    except Conflict as wrong:
        raise click.ClickException(wrong.message) from None
    except (NotFound, ValueError):
        raise click.ClickException(f"There is no record {whom}.") from None
