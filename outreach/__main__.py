"""python -m outreach …: the command line, gathered from the rooms."""

from __future__ import annotations

import sys

import click

from config import SettingError
from outreach.accounts import commands as accounts
from outreach.digests import commands as digests
from outreach.mail import commands as mail
from outreach.newsroom import commands as newsroom
from outreach.office import OfficeError
from outreach.operations import commands as operations
from outreach.subscriptions import commands as subscriptions


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def outreach() -> None:
    """Outreach: the software a public affairs office runs."""


for room in (operations, accounts, newsroom, subscriptions, digests, mail):
    for command in room.COMMANDS:
        outreach.add_command(command)


def main() -> None:
    try:
        outreach(prog_name="python -m outreach")
    except (SettingError, OfficeError) as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
