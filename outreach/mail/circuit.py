"""A server that takes no mail is left alone: first for five seconds, then for twice as long each time, at most five
minutes. After each rest one mail tries it, and only when that one was answered do the others follow (D-19).

So is one that hangs up again and again without a word: else every mail there is would come into doubt."""

from __future__ import annotations

import time

SHORTEST_REST = 5.0
LONGEST_REST = 300.0
PATIENCE = 8  # connections lost one after the other with no answer between


class Circuit:
    """`rest`: seconds the server was last left alone for, 0 while it takes mail."""

    def __init__(self, shortest: float = SHORTEST_REST) -> None:
        self.shortest = shortest
        self.rest = 0.0
        self.is_proven = False
        self.stumbles = 0
        self._until = 0.0

    def is_resting(self) -> bool:
        return time.monotonic() < self._until

    def opens(self) -> None:
        """It took no mail. Said by several connections at once it counts once."""
        if not self.is_resting():
            self.rest = min(max(self.rest * 2, self.shortest), LONGEST_REST)
            self._until = time.monotonic() + self.rest
        self.is_proven = False
        self.stumbles = 0

    def stumbled(self) -> bool:
        """A connection was lost with a mail on it; True when that was once too often."""
        self.stumbles += 1
        return self.stumbles >= PATIENCE

    def closes(self) -> None:
        """It answered for a mail."""
        self.stumbles = 0
        if not self.is_resting():
            self.rest, self.is_proven = 0.0, True
