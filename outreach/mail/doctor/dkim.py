"""DKIM (RFC 6376) as far as a sender must look: the key that stands in DNS, and what a signature covers."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from email.parser import BytesHeaderParser
from typing import NamedTuple

from outreach.mail.doctor import dmarc

LEAST_BITS = 1024  # below this a signature counts as none (RFC 8301)
GOOD_BITS = 2048

#: What a signature must cover; the last two where the mail has them (RFC 8058, 4).
COVERED = ("from", "to", "subject", "date", "list-unsubscribe", "list-unsubscribe-post")
_ALWAYS = COVERED[:4]


class Signature(NamedTuple):
    """One DKIM-Signature of a mail, and what it ought to cover and does not."""

    domain: str
    key_at: str  # the DNS name of its key
    uncovered: list[str]


def what_is_wrong(record: str) -> str:
    """Why nobody can use the key in this record; empty when it is good."""
    its = dmarc.tags(record)
    wrongs = {
        "it is not a DKIM key": its.get("v", "DKIM1") != "DKIM1" or "p" not in its,
        "its key was withdrawn (p= is empty)": its.get("p") == "",
        "it says that it is only a test (t=y)": "y" in its.get("t", "").replace(" ", "").split(":"),
        "it is not for mail (s=)": not {"*", "email"} & set(its.get("s", "*").replace(" ", "").split(":")),
        "it does not allow sha256 (h=)": "sha256" not in its.get("h", "sha256").replace(" ", "").split(":"),
    }
    found = next((words for words, is_so in wrongs.items() if is_so), "")
    return found or _wrong_with_key(its)


def bits(record: str) -> int:
    """The length of the record's key; 256 for Ed25519. ValueError when it holds none."""
    its = dmarc.tags(record)
    try:
        raw = base64.b64decode("".join(its.get("p", "").split()), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if its.get("k", "rsa") == "ed25519":
        if len(raw) != 32:
            raise ValueError("not an Ed25519 key")
        return 256
    return _modulus(raw).bit_length()


def signatures(raw: bytes) -> list[Signature]:
    """The signatures of a mail as it arrived. From must be named once more than it stands there, so that no second
    From can be added."""
    message = BytesHeaderParser().parsebytes(raw)
    has = Counter(name.lower() for name in message.keys())  # noqa: SIM118  (a mail's iterator is not its keys)
    found = []
    for value in message.get_all("DKIM-Signature", []):
        its = dmarc.tags("".join(str(value).splitlines()))
        domain = its.get("d", "").lower()
        named = Counter(name.strip().lower() for name in its.get("h", "").split(":"))
        lacking = [name for name in COVERED if not named[name] and (name in _ALWAYS or has[name])]
        if named["from"] and named["from"] <= has["from"]:
            lacking.append("from once more")
        found.append(Signature(domain, f"{its.get('s', '')}._domainkey.{domain}", lacking))
    return found


def _wrong_with_key(its: dmarc.Tags) -> str:
    if its.get("k", "rsa") not in ("rsa", "ed25519"):
        return "its kind of key (k=) is neither rsa nor ed25519"
    try:
        length = bits(";".join(f"{name}={value}" for name, value in its.items()))
    except ValueError:
        return "its key (p=) cannot be read"
    is_short = its.get("k", "rsa") == "rsa" and length < LEAST_BITS
    return f"its key has {length} bits, where {LEAST_BITS} are the least" if is_short else ""


def _modulus(der: bytes) -> int:
    """The modulus of an RSA public key, with the frame that names its kind or without."""
    body = _element(der, 0x30)[0]
    if body[:1] == b"\x30":
        _, rest = _element(body, 0x30)
        wrapped, _ = _element(rest, 0x03)
        body = _element(wrapped[1:], 0x30)[0]
    return int.from_bytes(_element(body, 0x02)[0])


def _element(der: bytes, kind: int) -> tuple[bytes, bytes]:
    """The content of the first DER element, which must be of this kind, and what follows it."""
    if len(der) < 2 or der[0] != kind:
        raise ValueError("not a key")
    size, start = der[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(der[2:start])
    if len(der) < start + size:
        raise ValueError("cut short")
    return der[start : start + size], der[start + size :]
