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
from flask import g
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
    from outreach import create_app, web
    from outreach.clock import now
    from outreach.language import Variant
    from outreach.newsroom import library
    from outreach.newsroom.views_search import SCOPES, TEMPLATE, _drawn

    pages = corpus.stories()
    queries = corpus.queries(pages)
    with tempfile.TemporaryDirectory() as name:
        ours.build(Path(name), pages)
        app = create_app(config.load(ours.environment(Path(name))))
        house = app.extensions["house"]
        asked = [environ(ours.path(*query)) for query in queries]
        for one in asked:
            answer(app, one)  # warm
        variants = [(query, Variant.of(ours.SEGMENT[language])) for query, language in queries]
        instant, shelf = now(), library.current(house)
        found = [shelf.search(*one, instant) for one in variants]
        counts = sorted(results.count for results in found)
        sizes = [len(answer(app, one)) for one in asked]
        median, most = counts[len(counts) // 2], counts[-1]
        print(f"{len(queries)} queries; hits: median {median}, most {most}, none {counts.count(0)}")
        print(f"{sum(sizes) / len(sizes) / 1000:.1f} KB a page")

        def drawn(number: int) -> str:
            query, g.variant = variants[number]
            hits = _drawn(found[number].hits)
            return web.draw(TEMPLATE, "results", query, None, found[number], hits, (), SCOPES)

        told("a whole request", lambda one: answer(app, one), asked)
        told("  is it still the same generation?", lambda _: library.current(house), asked)
        told("  the search", lambda one: shelf.search(*one, instant), variants)
        with app.test_request_context("/en/search"):
            told("  drawing what was found", drawn, range(len(found)))
        told(
            "/robots.txt: Flask and what guards it", lambda one: answer(app, one), [environ("/robots.txt")] * len(asked)
        )
        if "--calls" in sys.argv:
            profile = cProfile.Profile()
            profile.runcall(lambda: [answer(app, one) for one in asked])
            pstats.Stats(profile).sort_stats("cumtime").print_stats(60)
        house.db.dispose()


def told(name: str, work: Callable[[Any], Any], things: Iterable[Any]) -> None:
    print(f"{name:40}{microseconds(work, things):8.0f} µs")


if __name__ == "__main__":
    main()
