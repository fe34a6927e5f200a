"""Commands of contacts, gathered from its subjects."""

from __future__ import annotations

import click

from outreach.contacts.duplicates.commands import compare
from outreach.contacts.imports.commands import go_on, import_, undo


@click.group()
def contacts() -> None:
    """Take lists of people in, take an import back, and compare all people."""


for command in (import_, go_on, undo, compare):
    contacts.add_command(command)
