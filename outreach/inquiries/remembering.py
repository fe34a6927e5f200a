"""A device that was asked to remember its journalist: five fields in a signed text, kept by the browser alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from outreach.house import House

COOKIE = "asks"
PURPOSE = "remembered"
FOR = timedelta(days=180)
FIELDS = ("name", "outlet", "email", "phone", "reply")


def write(house: House, now: datetime, said: Mapping[str, str]) -> str:
    """The text for the browser, good for 180 days."""
    kept = json.dumps({name: said[name] for name in FIELDS}, ensure_ascii=False)
    return house.tokens.make(PURPOSE, kept, now + FOR)


def read(house: House, now: datetime, text: str) -> dict[str, str]:
    """The fields by the names of the form; empty for anything that is not such a text of ours, or is too old."""
    kept = house.tokens.read(PURPOSE, text, now)
    return {name: str(value) for name, value in json.loads(kept).items() if name in FIELDS} if kept else {}
