#!/usr/bin/env python
"""Where the time of one of our search pages goes, in this process and on one thread: CPU microseconds a request.

The corpus and the queries are those of `run`. With --calls the dearest functions follow, as cProfile counts them.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import corpus
import ours
from werkzeug.test import EnvironBuilder

ROUNDS = 7


def environ(path: str) -> dict[str, Any]:
    return EnvironBuilder(path=path, base_url="http://127.0.0.1:8000").get_environ()


def answer(app: Any, environ: dict[str, Any]) -> bytes:
    said: list[str] = []
    body = b"".join(app(dict(environ), lambda status, _headers, _error=None: said.append(status)))
    if not said[0].startswith(("200", "404")):
        raise SystemExit(f"{environ['PATH_INFO']}: {said[0]}")
    return body


def microseconds(work: Callable[[Any], Any], things: Iterable[Any]) -> float:
    """The mean over all things of the best round of each, so that a busy machine counts as little as it can."""
    things = list(things)
    best = [float("inf")] * len(things)
    for _ in range(ROUNDS):
        for number, thing in enumerate(things):
            started = time.thread_time()
            work(thing)
            best[number] = min(best[number], time.thread_time() - started)
    return sum(best) / len(best) * 1e6


def main() -> None:
    import config
    from outreach import create_app
    from outreach.clock import now
    from outreach.language import Variant
    from outreach.newsroom import library

    pages = corpus.stories()
    queries = corpus.queries(pages)
    with tempfile.TemporaryDirectory() as name:
        ours.build(Path(name), pages)
        app = create_app(config.load(ours.environment(Path(name))))
        house = app.extensions["house"]
        asked = [environ(ours.path(*query)) for query in queries]
        variants = [(query, Variant.of(ours.SEGMENT[language])) for query, language in queries]
        instant = now()

        def opened(_: Any = None) -> library.Library:
            with house.db.read() as session:
                return library.opened(session, house)

        shelf = opened()
        for one in asked:
            answer(app, one)  # warm
        sizes = [len(answer(app, one)) for one in asked]
        hits = [shelf.search(query, variant, instant) for query, variant in variants]
        counts = sorted(found.count for found in hits)
        print(
            f"queries {len(queries)}, hits: median {counts[len(counts) // 2]}, most {counts[-1]}, "
            f"none {counts.count(0)}"
        )
        print(f"page: {sum(sizes) / len(sizes) / 1000:.1f} KB")
        print(f"whole request     {microseconds(lambda e: answer(app, e), asked):8.0f} µs")
        print(f"  generation      {microseconds(opened, asked):8.0f} µs")
        print(f"  search          {microseconds(lambda q: shelf.search(*q, instant), variants):8.0f} µs")
        nothing = [environ("/robots.txt")] * len(asked)
        print(f"  /robots.txt     {microseconds(lambda e: answer(app, e), nothing):8.0f} µs (Flask, guards, headers)")
        if "--calls" in sys.argv:
            profile = cProfile.Profile()
            profile.runcall(lambda: [answer(app, one) for one in asked])
            pstats.Stats(profile).sort_stats("cumtime").print_stats(80)
        house.db.dispose()


if __name__ == "__main__":
    main()
