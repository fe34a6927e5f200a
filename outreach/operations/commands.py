"""The runner's commands: serve, migrate, backup, demo."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

import config
from config import SettingError, Settings
from outreach import clock
from outreach.accounts import invitations
from outreach.house import House
from outreach.newsroom import jobs as newsroom
from outreach.operations import backup as copies
from outreach.operations import demo as examples
from outreach.operations import parent, schema
from outreach.privacy import jobs as privacy

CHILDREN = ("web", "scheduler", "worker")


@click.command()
def serve() -> None:
    """Run the whole office on this machine: web, scheduler and delivery."""
    house = House.open(config.load())
    _refuse_taken_port(house.settings)
    schema.upgrade(house.db)
    privacy.keep_refusals(house)
    newsroom.read_content(house)
    with house.db.transaction() as session:
        link = invitations.first_link(session, house, clock.now())
    settings = house.settings
    house.db.dispose()
    parent.run(CHILDREN, lambda: _say_where(settings, link))


def _refuse_taken_port(settings: Settings) -> None:
    """The server would share the port with whatever listens there already; so it is asked first."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as wrong:
            raise SettingError(f"PORT: cannot listen on {settings.host}:{settings.port}: {wrong.strerror}") from None


def _say_where(settings: Settings, link: str | None) -> None:
    """Print where everything is, once the site answers."""
    local = f"http://{settings.host}:{settings.port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{local}/healthz", timeout=1).close()  # noqa: S310  (our own address)
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    print(f"Newsroom   {settings.base_url}/")
    print(f"Desk       {settings.base_url}/desk/")
    if link:
        print(f"First account, one-time link   {link}")
    mail = (
        f"{settings.var_dir / 'mail'}, to be read at {settings.base_url}/mailbox/" if settings.mails_files else "SMTP"
    )
    print(f"Mail       {mail}")
    print("Stop with Ctrl-C.", flush=True)


@click.command()
@click.option("--to", "revision", default="head", show_default=True, help="the revision to go up to")
@click.option("--down", is_flag=True, help="go down to the revision given with --to instead")
@click.option("--draft", metavar="MESSAGE", help="write a new revision from the models instead")
def migrate(revision: str, down: bool, draft: str | None) -> None:
    """Bring the database's schema up to date."""
    house = House.open(config.load())
    if draft:
        schema.draft(house.db, draft)
    elif down:
        schema.downgrade(house.db, revision)
    else:
        schema.upgrade(house.db, revision)


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), help="the folder for the copy  [default: var/backup]")
def backup(folder: Path | None) -> None:
    """Write a checked copy of the database."""
    house = House.open(config.load())
    try:
        path = copies.backup(house, clock.now(), folder or house.settings.var_dir / "backup")
    except copies.BackupError as wrong:
        raise click.ClickException(str(wrong)) from None
    print(f"{path}  {path.stat().st_size:,} bytes")


@click.group()
def demo() -> None:
    """Fill the desk with plainly fictional examples, or remove them."""


@demo.command()
def load() -> None:
    """Add marked inquiries, contacts and subscribers; twice adds nothing."""
    house = House.open(config.load())
    with house.db.transaction() as session:
        print(examples.load(session, house, clock.now()))


@demo.command()
def clear() -> None:
    """Remove every example again."""
    house = House.open(config.load())
    with house.db.transaction() as session:
        print(examples.clear(session, house, clock.now()))
