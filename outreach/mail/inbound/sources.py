"""A mailbox elsewhere, over IMAP or POP3: what lies in it, and what was taken in goes.

TLS is required and checked; plain text is for this machine alone, as with SMTP.
"""

from __future__ import annotations

import imaplib
import poplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from outreach.mail import smtp
from outreach.mail.inbound.reading import LARGEST

WITHIN = 60.0  # seconds, for each answer
LINES = 2000  # of a mail that is too large, over POP3

#: What says that the mailbox cannot be read now.
TROUBLE = (imaplib.IMAP4.error, poplib.error_proto, OSError, EOFError)

# The library gives up at 2048 bytes; a mail with a longer line would then stand before all others for ever.
poplib._MAXLINE = LARGEST  # type: ignore[attr-defined]


class Source(Protocol):
    def waiting(self) -> list[str]:
        """What lies there, the oldest first, each by a name that holds while it is open."""

    def fetch(self, name: str) -> bytes | None:
        """The mail, or as much of it as is looked at; None when it has gone meanwhile."""

    def drop(self, name: str) -> None:
        """Delete it."""

    def close(self) -> None:
        """What was dropped is gone now."""


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None) -> Iterator[Source]:
    """The mailbox that INBOUND_URL names. `context` defaults to the system's trust. Raises one of TROUBLE."""
    scheme = urlsplit(url).scheme
    context = context or (None if scheme.endswith("+plain") else ssl.create_default_context())
    source: Source = Imap(url, context) if scheme.startswith("imap") else Pop(url, context)
    try:
        yield source
    except BaseException:
        with suppress(*TROUBLE):
            source.close()
        raise
    source.close()


class Imap:
    """A folder of an IMAP server."""

    def __init__(self, url: str, context: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        host, folder = parts.hostname or "", unquote(parts.path.strip("/")) or "INBOX"
        if context is None:
            self.client = imaplib.IMAP4(host, parts.port or 143, timeout=WITHIN)
        else:
            self.client = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=WITHIN)
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        try:
            self.client.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _good(self.client.select(f'"{quoted}"'))
        except BaseException:
            self.client.shutdown()
            raise

    def waiting(self) -> list[str]:
        found = _good(self.client.uid("SEARCH", "UNDELETED"))
        return [name.decode("ascii") for line in found if isinstance(line, bytes) for name in line.split()]

    def fetch(self, name: str) -> bytes | None:
        found = _good(self.client.uid("FETCH", name, f"(BODY.PEEK[]<0.{LARGEST}>)"))
        return next((one[1] for one in found if isinstance(one, tuple)), None)

    def drop(self, name: str) -> None:
        _good(self.client.uid("STORE", name, "+FLAGS.SILENT", r"(\Deleted)"))

    def close(self) -> None:
        try:
            self.client.close()  # deletes what is marked so
        finally:
            self.client.logout()


class Pop:
    """A POP3 mailbox."""

    def __init__(self, url: str, context: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self.client: poplib.POP3
        if context is None:
            self.client = poplib.POP3(host, parts.port or 110, timeout=WITHIN)
        else:
            self.client = poplib.POP3_SSL(host, parts.port or 995, timeout=WITHIN, context=context)
        try:
            self.client.user(unquote(parts.username or ""))
            self.client.pass_(unquote(parts.password or ""))
        except BaseException:
            self.client.close()
            raise
        self._sizes: dict[str, int] = {}

    def waiting(self) -> list[str]:
        lines = [line.split() for line in self.client.list()[1]]
        self._sizes = {name.decode("ascii"): int(size) for name, size, *_ in lines}
        return list(self._sizes)

    def fetch(self, name: str) -> bytes | None:
        is_large = self._sizes[name] > LARGEST
        found = self.client.top(name, LINES) if is_large else self.client.retr(name)
        return b"\r\n".join(found[1]) + b"\r\n"

    def drop(self, name: str) -> None:
        self.client.dele(name)

    def close(self) -> None:
        self.client.quit()  # only now does the server delete


def fault(wrong: BaseException) -> str:
    """Why it cannot be read, without addresses."""
    words = str(wrong.args[0]) if wrong.args and isinstance(wrong.args[0], str | bytes) else ""
    if wrong.args and isinstance(wrong.args[0], bytes):
        words = wrong.args[0].decode("utf-8", "replace")
    return f"{type(wrong).__name__} {smtp.said((words or getattr(wrong, 'strerror', '') or '').encode())}".strip()[:200]


def _good(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    kind, found = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(*found[:1])
    return found
