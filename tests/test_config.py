"""config.py: a bad value stops the start with one line that names the setting."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

import config

PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "k" * 48,
    "ADDRESS_PEPPER": "p" * 48,
    "BASE_URL": "https://press.example.org",
    "MAIL_URL": "smtps://user:word@mail.example.org:465",
    "MAIL_FROM": "press@office.example",
    "DUTY_ADDRESS": "duty@office.example",
}


def test_outside_production_everything_has_a_default_and_keys_are_made_once(tmp_path: Path) -> None:
    first = config.load({"VAR_DIR": str(tmp_path)})
    second = config.load({"VAR_DIR": str(tmp_path)})
    assert first == second
    assert len(first.secret_key) >= 32
    assert first.secret_key != first.address_pepper
    assert (tmp_path / "secret_key.txt").stat().st_mode & 0o077 == 0


def test_outside_production_the_address_follows_the_port(tmp_path: Path) -> None:
    assert config.load({"VAR_DIR": str(tmp_path), "PORT": "8123"}).base_url == "http://127.0.0.1:8123"
    with pytest.raises(config.SettingError, match="BASE_URL"):
        config.load({name: value for name, value in PRODUCTION.items() if name != "BASE_URL"} | {"PORT": "8123"})


def test_production_starts_when_everything_is_set() -> None:
    assert config.load(PRODUCTION).is_https


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"PRODUCTION"}))
def test_s13_production_does_not_start_without(name: str) -> None:
    with pytest.raises(config.SettingError, match=f"^{name}: "):
        config.load({k: v for k, v in PRODUCTION.items() if k != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("WEB_WORKERS", "0"),
        ("PRODUCTION", "perhaps"),
        ("BASE_URL", "press.example.org"),
        ("BASE_URL", "https://press.example.org/office"),
        ("MAIL_URL", "http://mail.example.org"),
        ("MAIL_URL", "smtp+plain://mail.example.org:25"),
        ("MAIL_FROM", "the office"),
    ],
)
def test_a_bad_value_is_named_in_one_line(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(config.SettingError) as wrong:
        config.load({"VAR_DIR": str(tmp_path), name: value})
    assert str(wrong.value).startswith(f"{name}: ")
    assert "\n" not in str(wrong.value)


def test_the_clock_cannot_be_moved_in_production() -> None:
    with pytest.raises(config.SettingError, match="CLOCK_FILE"):
        config.load({**PRODUCTION, "CLOCK_FILE": "/tmp/offset"})


def test_lists_are_split_and_trimmed(tmp_path: Path) -> None:
    settings = config.load({"VAR_DIR": str(tmp_path), "MAIL_ALLOW": "*@example.org, duty@example.org ,"})
    assert settings.mail_allow == ("*@example.org", "duty@example.org")


def test_every_setting_says_what_it_is_for() -> None:
    assert all(f.metadata.get("words") for f in fields(config.Settings))
