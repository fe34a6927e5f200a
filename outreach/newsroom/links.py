"""Which links a document may carry, and where they lead in each variant (reliability.md F-12)."""

from __future__ import annotations

import re

from outreach.language import Variant

# Other schemes run code or leave the web; // and /\ leave the site; a bare "page" would depend on where it stands.
_ALLOWED = re.compile(r"https?://[^\s/\\?#]|mailto:[^\s@]+@|/(?![/\\])|#[\w-]", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f\\]")
_NOT_PREFIXED = ("p", "static", *(v.segment for v in Variant))


def is_allowed(address: str) -> bool:
    """http, https, mailto, a path from the root of the site, or an anchor of the same page."""
    return not _UNSEEN.search(address) and _ALLOWED.match(address) is not None


def in_variant(address: str, variant: Variant) -> str:
    """A path from the root gets the variant in front, /about/relations becomes /lat/about/relations; others stay."""
    if not address.startswith("/") or address.split("/", 2)[1] in _NOT_PREFIXED:
        return address
    return f"/{variant.segment}{address}"
