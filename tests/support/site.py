"""The site on a real port, in a thread, for a real browser; and that browser."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.serving import make_server

from config import Settings
from outreach import create_app
from outreach.house import House

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class LiveSite:
    """`url` without a slash at the end, and the house behind it."""

    def __init__(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:  # held from the start, so that nobody takes it meanwhile
            port = door.getsockname()[1]
            self.url = f"http://127.0.0.1:{port}"
            self.app = create_app(replace(settings, base_url=self.url, port=port))
            self.house: House = self.app.extensions["house"]
            self.server = make_server("127.0.0.1", port, self.app, threaded=True, fd=door.fileno())


@contextlib.contextmanager
def live(settings: Settings) -> Iterator[LiveSite]:
    """The site, answering on loopback until the end."""
    site = LiveSite(settings)
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()
        site.house.db.dispose()


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Playwright's Browser on the Chromium of this machine; skips with one line when there is none."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium brings it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIETLY)
        yield browser
        browser.close()
