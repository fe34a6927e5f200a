"""Links that prove themselves: purpose, subject and expiry under an HMAC.

The same purpose, subject, expiry and key always give the same token, so a repeated mail has the same bytes; the key's
id stands in the token and on the row, so old links outlive a change of key (reliability.md F-07).

A stamp is the short kind, for numbers and for places that fold case: 128 bits in lower-case hexadecimal.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime

MAC_BYTES = 18  # 144 bits
STAMP = 32  # hexadecimal digits, 128 bits


class Tokens:
    """Makes and reads tokens with the present key; reads them with every key still accepted."""

    def __init__(self, key: str, fallbacks: tuple[str, ...] = ()) -> None:
        self._keys = {_key_id(k): k.encode() for k in (key, *fallbacks)}
        self.key_id = _key_id(key)

    def make(self, purpose: str, subject: str, expires: datetime | None = None, key_id: str | None = None) -> str:
        """A URL-safe token; `expires` is aware, None means it does not expire."""
        key_id = key_id if key_id in self._keys else self.key_id
        until = f"{int(expires.timestamp()):x}" if expires else "0"
        return f"{key_id}.{_text(subject.encode())}.{until}.{self._mac(key_id, purpose, subject, until)}"

    def read(self, purpose: str, token: str, now: datetime) -> str | None:
        """The subject, or None for anything that is not a live token of this purpose."""
        try:
            key_id, coded, until, mac = token.split(".")
            subject = urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
            expires = int(until, 16)
        except ValueError:
            return None
        if key_id not in self._keys or not hmac.compare_digest(
            mac.encode(), self._mac(key_id, purpose, subject, until).encode()
        ):
            return None
        if expires and datetime.fromtimestamp(expires, UTC) < now:
            return None
        return subject

    def stamper(self, purpose: str) -> Callable[[int], str]:
        """What makes stamps of this purpose by the ten thousand: the key is taken up once."""
        begun = _begun(self._keys[self.key_id], purpose)

        def stamp(number: int) -> str:
            mine = begun.copy()
            mine.update(b"%d" % number)
            return mine.hexdigest()[:STAMP]

        return stamp

    def is_stamp(self, purpose: str, number: int, stamp: str) -> bool:
        """Whether this is the number's stamp of this purpose, under any key still accepted."""
        good = False
        for key in self._keys.values():
            mine = _begun(key, purpose)
            mine.update(b"%d" % number)
            good |= hmac.compare_digest(stamp.encode(), mine.hexdigest()[:STAMP].encode())
        return good

    def _mac(self, key_id: str, purpose: str, subject: str, until: str) -> str:
        words = "\0".join((purpose, subject, until)).encode()
        return _text(hmac.digest(self._keys[key_id], words, "sha256")[:MAC_BYTES])


def _begun(key: bytes, purpose: str) -> hmac.HMAC:
    return hmac.new(key, b"stamp\0" + purpose.encode() + b"\0", "sha256")


def _key_id(key: str) -> str:
    return _text(hashlib.sha256(b"key id\0" + key.encode()).digest()[:3])


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
