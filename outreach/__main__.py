"""python -m outreach …: the command line, gathered from the rooms."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from config import SettingError
from outreach.office import OfficeError

#: Which module has a command. It is imported when the command is called: no process of the office needs them all.
HOMES = {
    "serve": "operations.commands",
    "migrate": "operations.commands",
    "backup": "operations.commands",
    "demo": "operations.commands",
    "web": "operations.processes",
    "scheduler": "operations.processes",
    "worker": "mail.commands",
    "mail": "mail.commands",
    "staff": "accounts.commands",
    "content": "newsroom.commands",
    "contacts": "contacts.commands",
    "privacy": "privacy.commands",
    "subscribers": "subscriptions.commands",
    "digests": "digests.commands",
}


class Rooms(click.Group):
    """The commands of all rooms, each found when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in HOMES:
            return None
        command: click.Command = getattr(import_module(f"outreach.{HOMES[cmd_name]}"), cmd_name)
        return command


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
def outreach() -> None:
    """Outreach: the software a public affairs office runs."""


def main() -> None:
    try:
        outreach(prog_name="python -m outreach")
    except (SettingError, OfficeError) as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
