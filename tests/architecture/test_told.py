"""What can be done and set is told: commands in --help, settings in the README."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import click

from config import ROOT, Settings


def commands(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        asked = click.Context(command)
        for word in command.list_commands(asked):
            inner = command.get_command(asked, word)
            assert inner is not None, word
            yield from commands(inner, f"{name} {word}".strip())


def test_every_command_and_every_option_has_help() -> None:
    from outreach.__main__ import outreach

    found = list(commands(outreach))
    assert [name for name, command in found if not (command.help or "").strip()] == []
    options = [
        (name, option) for name, command in found for option in command.params if isinstance(option, click.Option)
    ]
    assert [f"{name} --{option.name}" for name, option in options if not option.help] == []


def test_every_setting_is_in_the_readme_with_its_own_words() -> None:
    table = {
        name: words
        for name, words in re.findall(r"^\| `([A-Z_]+)` \|.*\| (.*) \|$", (ROOT / "README.md").read_text(), re.M)
    }
    settings = {field.name.upper(): field.metadata["words"] for field in dataclasses.fields(Settings)}
    assert sorted(set(settings) ^ set(table)) == []
    assert [name for name, words in settings.items() if words not in table[name].replace("`", "")] == []
