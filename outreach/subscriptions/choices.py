"""What a subscriber chooses, in one value: topics, rhythm, hour, language and script."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from outreach.language import Variant, mark
from outreach.office import Office
from outreach.subscriptions.models import EVERYTHING

# From the most mail to the least.
RHYTHMS = {
    "immediately": mark("Each time we publish something"),
    "daily": mark("One e-mail a day, on working days"),
    "weekly": mark("One e-mail a week, on Friday"),
    "monthly": mark("One e-mail a month, on the first working day"),
}

# What somebody agrees to; kept with each consent in the words that stood there.
WORDING = mark(
    "I ask this office to send its updates to my address by e-mail. I can change this or stop it at any time with one "
    "click and without giving a reason."
)


@dataclass(frozen=True)
class Choice:
    """`topics` are topic ids in the order of the office, or only `*`; `hour` is "HH:MM" on the office's clock.

    `takes_urgent`: an urgent update may come at once, whatever the rhythm.
    """

    topics: tuple[str, ...]
    cadence: str
    hour: str
    variant: Variant
    takes_urgent: bool = False

    @property
    def is_everything(self) -> bool:
        return EVERYTHING in self.topics


def usual(office: Office, variant: Variant) -> Choice:
    """What is chosen beforehand: everything, once a day at the usual hour, in the language of the page."""
    return Choice((EVERYTHING,), "daily", f"{office.default_hour:%H:%M}", variant)


def slower(cadence: str) -> str | None:
    """The next rhythm with less mail; None after the last."""
    names = list(RHYTHMS)
    return next(iter(names[names.index(cadence) + 1 :]), None)


def without(office: Office, choice: Choice, topic: str) -> Choice | None:
    """The choice less one topic; None when it was not chosen, or when nothing would be left."""
    left = tuple(name for name in ticked(office, choice.topics) if name != topic)
    is_chosen = topic in ticked(office, choice.topics)
    return replace(choice, topics=left) if left and is_chosen else None


def picked(office: Office, ticked: Collection[str]) -> tuple[str, ...]:
    """Ticked topics as they are stored: all of them are `*`, so that a topic added later is included."""
    known = tuple(topic.id for topic in office.topics)
    chosen = tuple(topic for topic in known if topic in ticked)
    return (EVERYTHING,) if chosen == known else chosen


def ticked(office: Office, topics: Collection[str]) -> list[str]:
    """The boxes that show these topics."""
    return [topic.id for topic in office.topics if EVERYTHING in topics or topic.id in topics]
