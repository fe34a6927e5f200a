"""What is asked of the table, as its address says it: filters, sort, columns. Pure; a segment keeps the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

FILTERS = (
    "q", "inside", "kind", "outlet", "beat", "language", "writes", "region", "owner", "basis", "list", "silent",
    "since", "until", "answered", "dnc", "notice", "bounced", "import",
)  # fmt: skip
NAME, NEW, CONTACT, SILENT = SORTS = ("name", "new", "contact", "silent")
COLUMNS = (
    "outlet",
    "title",
    "address",
    "phone",
    "writes",
    "beats",
    "region",
    "owner",
    "contact",
    "basis",
    "source",
    "marks",
)
USUAL = ("outlet", "address", "writes", "contact", "marks")
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """Filters in the order of `FILTERS`, none empty; values are as typed, and one that means nothing fits nobody."""

    filters: tuple[tuple[str, str], ...] = ()
    sort: str = NAME
    columns: tuple[str, ...] = USUAL

    @classmethod
    def of(cls, given: Mapping[str, str], columns: tuple[str, ...] = ()) -> Asked:
        """From the arguments of an address; `columns` as ticked, unless the address has them as "cols"."""
        said = ((name, " ".join(given.get(name, "").split())[:LONGEST]) for name in FILTERS)
        filters = tuple((name, value) for name, value in said if value)
        usual = NEW if "q" in dict(filters) else NAME
        wanted = columns or tuple(given.get("cols", "").split("."))
        kept = tuple(name for name in COLUMNS if name in wanted)
        return cls(filters, given["sort"] if given.get("sort") in SORTS else usual, kept or USUAL)

    @classmethod
    def from_query(cls, query: str) -> Asked:
        return cls.of(dict(parse_qsl(query)))

    def __getitem__(self, name: str) -> str:
        return dict(self.filters).get(name, "")

    @property
    def query(self) -> str:
        """The one way of writing it: "kind=outlet&sort=contact&cols=outlet.beats"; nothing for what is usual."""
        usual = NEW if self["q"] else NAME
        sort = [("sort", self.sort)] if self.sort != usual else []
        columns = [("cols", ".".join(self.columns))] if self.columns != USUAL else []
        return urlencode([*self.filters, *sort, *columns])

    def with_sort(self, sort: str) -> str:
        return Asked(self.filters, sort, self.columns).query

    def inside(self) -> str:
        """The same, with the words looked for inside of words as well."""
        return Asked.of({**dict(self.filters), "inside": "1", "sort": self.sort}, self.columns).query

    def everybody(self) -> str:
        """The same columns and sort without a filter."""
        return Asked((), NAME if self.sort == NEW else self.sort, self.columns).query
