"""Every setting of the program: one place, typed, read once from the environment.

A bad value stops the start with one line that names the setting. `PRODUCTION=1` makes missing keys, base address,
sender or mail server stop the start as well; without it everything has a safe default below `var/`.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent

#: The most that may be set; the least is 1.
LIMITS = (
    ("port", 65535), ("web_workers", 64), ("web_threads", 512), ("mail_window", 512), ("mail_connections", 50),
    ("mail_lease", 3600), ("files_quota", 10_000_000),
)  # fmt: skip


class SettingError(Exception):
    """One line that names the setting and says what is wrong with it."""


def setting(default: Any, words: str) -> Any:
    """A field with its default and the sentence that the README prints for it."""
    return field(default=default, metadata={"words": words})


@dataclass(frozen=True)
class Settings:
    """One field per setting; the environment variable is the field's name in capitals."""

    production: bool = setting(
        False, "1 in production: keys, base address and mail server must be set; cookies are Secure"
    )
    base_url: str = setting(
        "http://127.0.0.1:8000", "the public address that mailed links start with; outside production it follows PORT"
    )
    host: str = setting("127.0.0.1", "the address the web server listens on")
    port: int = setting(8000, "the port the web server listens on")
    trusted_hosts: tuple[str, ...] = setting((), "further host names that may be asked for, comma-separated")
    trusted_proxies: int = setting(
        0, "how many reverse proxies in front are ours (X-Forwarded-For is believed that far)"
    )
    web_workers: int = setting(2, "web worker processes")
    web_threads: int = setting(16, "threads in each web worker")
    database_url: str = setting("", "SQLAlchemy address; empty means SQLite in var/outreach.db")
    var_dir: Path = setting(ROOT / "var", "everything the program writes goes below this folder")
    content_dir: Path = setting(ROOT / "content", "the newsroom's Markdown and office.toml")
    secret_key: str = setting("", "signs links and sessions, 32 characters or more; made in var/ outside production")
    secret_key_fallbacks: tuple[str, ...] = setting((), "earlier secret keys whose links still count, comma-separated")
    address_pepper: str = setting(
        "", "hashes addresses that must not be mailed, 32 or more; made in var/ outside production"
    )
    office_adopted: bool = setting(
        False, "1 once a real office stands behind the site: no demonstration notice, no noindex"
    )
    mail_url: str = setting(
        "files:", "files: (var/mail), smtp://user:pass@host:587, smtps://… or smtp+plain:// (loopback only)"
    )
    mail_from: str = setting("press@example.org", "the sender's address of every mail")
    mail_dkim: str = setting(
        "",
        "the DNS name of the key the mail server signs with, such as s1._domainkey.example.org, for mail doctor",
    )
    mail_allow: tuple[str, ...] = setting(
        (), "outside production: patterns like *@example.org that real SMTP may reach; nobody else"
    )
    mail_policy: str = setting(
        "at_least",
        "what becomes of a mail that may have arrived: at_least repeats it, byte for byte, until it is accepted or "
        "expires; hold shows it to the staff and never repeats it by itself",
    )
    mail_idempotency_header: str = setting(
        "", "header in which the mail server takes a mail's stable id, so that a repeat is not delivered twice"
    )
    mail_window: int = setting(
        64, "the most mails that one worker has under way; at most so many are in doubt after a crash"
    )
    mail_connections: int = setting(10, "connections that one worker keeps to the mail server")
    mail_lease: int = setting(60, "seconds after which a worker that stands still has lost its mails to the others")
    bounce_address: str = setting(
        "",
        "where mail comes back to, such as bounces@press.example.org; each mail then leaves with a sender of its own, "
        "bounces+…@press.example.org, and what is sent there must reach mail receive or INBOUND_URL",
    )
    reply_address: str = setting(
        "",
        "where answers of journalists go, such as press@press.example.org; mails about an inquiry then ask for them at "
        "an address of its own, press+…@press.example.org, and what is sent there must reach mail receive or "
        "INBOUND_URL",
    )
    inbound_url: str = setting(
        "", "the mailbox that is read and emptied: imaps://user:password@host/folder or pops://user:password@host"
    )
    failpoint: str = setting(
        "", "outside production: point:kill or point:pause, and :chance, where a process is to stop for a test"
    )
    duty_address: str = setting("duty@example.org", "where the press officer on duty is told of new inquiries")
    files_dir: Path | None = setting(
        None, "the folder of files that come with inquiries, one for all nodes; empty means files in VAR_DIR"
    )
    files_quota: int = setting(2000, "the most that those files may take in all, in MB")
    two_person_rule: bool = setting(
        False,
        "1: whoever owns an inquiry, a story or a correction, or last changed its words, may not clear them; "
        "a mailing is released by somebody else than who wrote it; a file of more than one contact is allowed "
        "by another colleague first",
    )
    clock_file: Path | None = setting(None, "outside production: a file with an offset in seconds that moves the clock")

    def __post_init__(self) -> None:
        _check_addresses(self)
        if self.production:
            _check_production(self)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var_dir / 'outreach.db'}"

    @property
    def files_folder(self) -> Path:
        return self.files_dir or self.var_dir / "files"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def mails_files(self) -> bool:
        return self.mail_url == "files:"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; makes missing keys below var/ outside production."""
    environ = os.environ if environ is None else environ
    values = {}
    for f in fields(Settings):
        raw = environ.get(f.name.upper())
        if raw is not None and raw.strip():
            values[f.name] = _read(f.name, str(f.type), raw.strip())
    if not values.get("production"):
        values.setdefault("base_url", f"http://127.0.0.1:{values.get('port', Settings.port)}")
    settings = Settings(**values)
    if settings.production:
        return settings
    made = {name: _kept_key(settings.var_dir, name) for name in ("secret_key", "address_pepper") if name not in values}
    return Settings(**{**values, **made})


def _read(name: str, kind: str, raw: str) -> Any:
    try:
        if kind == "bool":
            return {"1": True, "true": True, "0": False, "false": False}[raw.lower()]
        if kind == "int":
            return int(raw)
        if kind.startswith("tuple"):
            return tuple(part.strip() for part in raw.split(",") if part.strip())
        return Path(raw).resolve() if kind.startswith("Path") else raw
    except (KeyError, ValueError):
        wanted = {"bool": "0 or 1", "int": "a whole number"}[kind]
        raise SettingError(f"{name.upper()}: {raw!r} is not {wanted}") from None


def _check_addresses(s: Settings) -> None:
    base = urlsplit(s.base_url)
    if base.scheme not in ("http", "https") or not base.hostname or base.path.strip("/") or base.query:
        raise SettingError(f"BASE_URL: {s.base_url!r} is not an address like https://press.example.org")
    _check_mail_url(s.mail_url)
    _check_delivery(s)
    _check_inbound(s)
    _check_database_url(s.database_url)
    for name in ("mail_from", "duty_address"):
        if getattr(s, name).count("@") != 1:
            raise SettingError(f"{name.upper()}: {getattr(s, name)!r} is not an e-mail address")
    for name, most in LIMITS:
        if not 0 < getattr(s, name) <= most:
            raise SettingError(f"{name.upper()}: {getattr(s, name)} is not between 1 and {most}")


def _check_delivery(s: Settings) -> None:
    if s.mail_policy not in ("at_least", "hold"):
        raise SettingError(f"MAIL_POLICY: {s.mail_policy!r} is neither at_least nor hold")
    if s.mail_idempotency_header and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,60}", s.mail_idempotency_header):
        raise SettingError(f"MAIL_IDEMPOTENCY_HEADER: {s.mail_idempotency_header!r} is not the name of a header")
    if s.mail_dkim and not re.fullmatch(r"[\w.-]+\._domainkey(\.[\w-]+)+", s.mail_dkim):
        raise SettingError(f"MAIL_DKIM: {s.mail_dkim!r} is not like s1._domainkey.example.org")
    if s.failpoint and not re.fullmatch(r"[a-z_]+:(kill|pause)(:[01](\.[0-9]+)?)?", s.failpoint):
        raise SettingError(f"FAILPOINT: {s.failpoint!r} is not like after_claim:kill or before_dot:pause:0.1")


def _check_mail_url(url: str) -> None:
    scheme, host = url.partition(":")[0], urlsplit(url).hostname
    if scheme not in ("files", "smtp", "smtps", "smtp+plain") or (scheme != "files" and not host):
        raise SettingError("MAIL_URL: not files:, smtp://host:port, smtps://host:port or smtp+plain://127.0.0.1:port")
    if scheme == "smtp+plain" and host not in ("127.0.0.1", "localhost", "::1"):
        raise SettingError("MAIL_URL: smtp+plain:// is for this machine only; use smtp:// (STARTTLS) or smtps://")


def _check_inbound(s: Settings) -> None:
    for name in ("bounce_address", "reply_address"):
        if getattr(s, name) and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,14}@[a-z0-9.-]+\.[a-z]+", getattr(s, name)):
            raise SettingError(
                f"{name.upper()}: not like press@press.example.org, in small letters and with at most 15 before the @"
            )
    scheme, host = s.inbound_url.partition(":")[0], urlsplit(s.inbound_url).hostname
    if s.inbound_url and (scheme not in ("imaps", "pops", "imap+plain", "pop+plain") or not host):
        raise SettingError("INBOUND_URL: not imaps://user:password@host/folder or pops://user:password@host")
    if scheme.endswith("+plain") and host not in ("127.0.0.1", "localhost", "::1"):
        raise SettingError(
            "INBOUND_URL: imap+plain:// and pop+plain:// are for this machine only; use imaps:// or pops://"
        )


def _check_database_url(url: str) -> None:
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise SettingError("DATABASE_URL: not sqlite:///file or postgresql://user:password@host/name")


def _check_production(s: Settings) -> None:
    for name in ("secret_key", "address_pepper"):
        if len(getattr(s, name)) < 32:
            raise SettingError(f"{name.upper()}: must be set in production, 32 characters or more")
    if not s.is_https:
        raise SettingError("BASE_URL: must be an https:// address in production")
    if s.mails_files:
        raise SettingError("MAIL_URL: must name a mail server in production")
    for name in ("mail_from", "duty_address"):
        if getattr(s, name).endswith("@example.org"):
            raise SettingError(f"{name.upper()}: must be set in production")
    _check_not_moved(s)


def _check_not_moved(s: Settings) -> None:
    if s.clock_file is not None:
        raise SettingError("CLOCK_FILE: the clock cannot be moved in production")
    if s.failpoint:
        raise SettingError("FAILPOINT: no process stops itself in production")


def _kept_key(var_dir: Path, name: str) -> str:
    path = var_dir / f"{name}.txt"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        fresh = var_dir / f".{name}.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, path)  # the first process to link wins, so that all share one key
        fresh.unlink()
    return path.read_text().strip()
