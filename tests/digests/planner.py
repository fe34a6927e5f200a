"""One planner process: at each starting shot it plans, knowing nothing by heart. Arguments: how many shots, their folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import config
from outreach.digests import jobs
from outreach.house import House
from outreach.mail import failpoints


def main(shots: int, folder: Path) -> None:
    house = House.open(config.load())
    failpoints.arm(house.settings)
    jobs.plan(house)  # everything is imported and connected before the first shot
    for number in range(shots):
        print("ready", flush=True)
        while not (folder / str(number)).exists():
            time.sleep(0.001)
        jobs.forget(house)
        jobs.plan(house)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
