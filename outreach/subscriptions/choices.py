"""What a subscriber chooses, in one value: topics, rhythm, hour, language and script."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from outreach.language import Variant, mark
from outreach.office import Office
from outreach.subscriptions.models import EVERYTHING

# The rhythms that the form offers; weekly and monthly exist in the data and can be set by a later form.
OFFERED = ("immediately", "daily")

RHYTHMS = {
    "immediately": mark("Each time we publish something"),
    "daily": mark("One e-mail a day, on working days"),
    "weekly": mark("One e-mail a week"),
    "monthly": mark("One e-mail a month"),
}

# What somebody agrees to; kept with each consent in the words that stood there.
WORDING = mark(
    "I ask this office to send its updates to my address by e-mail. I can change this or stop it at any time with one "
    "click and without giving a reason."
)


@dataclass(frozen=True)
class Choice:
    """`topics` are topic ids in the order of the office, or only `*`; `hour` is "HH:MM" on the office's clock."""

    topics: tuple[str, ...]
    cadence: str
    hour: str
    variant: Variant

    @property
    def is_everything(self) -> bool:
        return EVERYTHING in self.topics


def picked(office: Office, ticked: Collection[str]) -> tuple[str, ...]:
    """Ticked topics as they are stored: all of them are `*`, so that a topic added later is included."""
    known = tuple(topic.id for topic in office.topics)
    chosen = tuple(topic for topic in known if topic in ticked)
    return (EVERYTHING,) if chosen == known else chosen


def ticked(office: Office, topics: Collection[str]) -> list[str]:
    """The boxes that show these topics."""
    return [topic.id for topic in office.topics if EVERYTHING in topics or topic.id in topics]
