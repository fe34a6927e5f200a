"""The clock as a test moves it: an offset in a file that every process of the office reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from outreach import clock


class Moment:
    """Moves the office's clock. Only whole processes see it, so nothing is patched."""

    def __init__(self, path: Path) -> None:
        self.path = path
        clock.configure(path)

    def now(self) -> datetime:
        return clock.now()

    def is_at(self, instant: datetime) -> datetime:
        """Move the clock to this instant; it goes on from there."""
        return self._set(instant - datetime.now(UTC))

    def moves(self, **by: float) -> datetime:
        """Move the clock on, as moment.moves(hours=2)."""
        return self._set(clock.now() - datetime.now(UTC) + timedelta(**by))

    def _set(self, offset: timedelta) -> datetime:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(repr(offset.total_seconds()))
        fresh.replace(self.path)  # never half a number
        return clock.now()
