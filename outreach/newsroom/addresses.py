"""The addresses of the site that a text may link to besides documents, and where a link of a text leads.

The list stands here because nothing below the views knows the routes; a test compares it with the site's own map.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from outreach.language import Variant

ROUTES = (
    "",
    "check/",
    "check/<code>",
    "contact.vcf",
    "digests/",
    "digests/<cadence>/<slot>",
    "fact-sheets/",
    "map",
    "map.csv",
    "media/inquiry",
    "media/inquiry/find",
    "programmes/",
    "projects/",
    "search",
    "subscribe",
    "timeline",
    "updates.atom",
    "updates.json",
    "updates/",
    "updates/<topic>.atom",
)
"""Below the variant, as the routes have them; pages that come after a form, or with a token, are not linked to."""
_KNOWN = re.compile("|".join(re.sub(r"<\w+>", "[^/]+", route.replace(".", r"\.")) for route in ROUTES))
_VARIANTS = {variant.segment: variant for variant in Variant}
_PERMALINK = "p"
_HISTORY = "/history"


@dataclass(frozen=True)
class Target:
    """Where a link from the root leads: a document's `path` or `id`, or a page of the site; `anchor` may be empty.

    `language` is the one that the address asks for, None for that of the reader.
    """

    path: str
    id: str | None
    language: str | None
    anchor: str

    @property
    def is_route(self) -> bool:
        return self.id is None and _KNOWN.fullmatch(self.path) is not None

    @property
    def documents(self) -> tuple[str, ...]:
        """The paths of which one must be a document: its own, or that of the document whose history it is."""
        path = self.path.removesuffix(_HISTORY)
        return (self.path,) if path == self.path else (path, f"{path}/")


@lru_cache(maxsize=4096)
def target(address: str) -> Target | None:
    """Where this address leads within the site; None for one that leaves it. An anchor alone has no path."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    first, _, rest = unquote(parts.path).removeprefix("/").partition("/")
    anchor = unquote(parts.fragment)
    if first == _PERMALINK and rest:
        return Target("", rest.lower(), None, anchor)
    if first in _VARIANTS and parts.path.startswith(f"/{first}/"):
        return Target(rest, None, _VARIANTS[first].language, anchor)
    return Target(unquote(parts.path).removeprefix("/"), None, None, anchor)
