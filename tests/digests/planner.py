"""One planner process: wait for the starting shot, then plan `rounds` times. Arguments: how many times, the start file."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import config
from outreach.digests import jobs
from outreach.house import House


def main(times: int, start: Path) -> None:
    house = House.open(config.load())
    jobs.plan(house)  # everything is imported and connected before the shot
    print("ready", flush=True)
    while not start.exists():
        time.sleep(0.001)
    for _ in range(times):
        jobs._finished.clear()
        jobs.plan(house)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
