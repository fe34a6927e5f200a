"""The runner's commands that become a process of the office: web and scheduler."""

from __future__ import annotations

import os
import sys

import click

import config


@click.command()
def web() -> None:
    """Run the web server alone."""
    settings = config.load()
    threads = settings.web_threads
    os.execv(
        sys.executable,
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws", "--http", "1"]
        + ["--host", settings.host, "--port", str(settings.port), "--workers", str(settings.web_workers)]
        + ["--blocking-threads", str(threads), "--backpressure", str(max(1, threads - 4))]
        + ["--respawn-failed-workers", "--workers-kill-timeout", "5", "--http1-header-read-timeout", "5000"]
        + ["--log-level", "error", "outreach:served"],
    )


@click.command()
def scheduler() -> None:
    """Run the timetable alone."""
    # Imported here, because web becomes another program at once and needs none of it.
    from outreach import schedule
    from outreach.house import House

    schedule.run(House.open(config.load()))
