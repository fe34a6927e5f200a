#!/usr/bin/env python
"""Where the time of one of our inquiries goes, in this process and on one thread: CPU milliseconds a form.

With --calls the dearest functions follow, as cProfile counts them.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import random
import sys
import tempfile
import time
from pathlib import Path

import bodies
import ours

COUNT = 300


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours.build(folder)
        os.environ.update(ours.environment(folder, 8000))
        bodies.write(folder / "bodies.txt", 2 * COUNT, ours.Signer(folder).token, random.Random(1))  # noqa: S311
        app = ours.queued()
        lines = (folder / "bodies.txt").read_text().splitlines()
        client = app.test_client(use_cookies=False)

        def send(line: str) -> None:
            network, body = line.split(" ", 1)
            answer = client.post(
                ours.PATH, data=body, content_type="application/x-www-form-urlencoded",
                headers={"X-Forwarded-For": network}, base_url="http://127.0.0.1:8000",
            )  # fmt: skip
            assert answer.status_code == 303, answer.status

        for line in lines[:50]:
            send(line)
        profile = cProfile.Profile()
        before = time.process_time()
        for line in lines[50:COUNT]:
            send(line)
        print(f"{(time.process_time() - before) / (COUNT - 50) * 1000:.2f} ms CPU a form")
        if "--calls" in sys.argv:
            profile.enable()
            for line in lines[COUNT:]:
                send(line)
            profile.disable()
            pstats.Stats(profile).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
