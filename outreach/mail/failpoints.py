"""Named points at which a test can stop a process: killed there, or paused for longer than its lease.

One setting, FAILPOINT, arms one of them outside production; otherwise passing a point is one comparison.
"""

from __future__ import annotations

import os
import random
import signal
import time

from config import Settings

AFTER_CLAIM = "after_claim"  # mails are this worker's and marked, and nothing of them is sent
BEFORE_DOT = "before_dot"  # the next write holds a final dot
AFTER_DOT = "after_dot"  # that write was handed over
BEFORE_RECORD = "before_record"  # replies are known and not written down
IN_PLAN = "in_plan"  # within a transaction that plans digests or mailings
POINTS = (AFTER_CLAIM, BEFORE_DOT, AFTER_DOT, BEFORE_RECORD, IN_PLAN)

_armed = ""
_does, _chance, _seconds = "", 1.0, 0.0


def arm(settings: Settings) -> None:
    """Take up what the setting says: `point:kill` or `point:pause`, and `:chance` between 0 and 1."""
    global _armed, _does, _chance, _seconds
    _armed, _, what = settings.failpoint.partition(":")
    _does, _, chance = what.partition(":")
    _chance, _seconds = float(chance or 1), settings.mail_lease * 2.5
    if _armed not in ("", *POINTS):
        raise ValueError(f"FAILPOINT: {_armed!r} is none of {', '.join(POINTS)}")


def reach(point: str) -> None:
    """A process comes past this point."""
    if _armed == point and random.random() < _chance:  # noqa: S311 (a test's dice)
        if _does == "pause":
            time.sleep(_seconds)
        else:
            os.kill(os.getpid(), signal.SIGKILL)
