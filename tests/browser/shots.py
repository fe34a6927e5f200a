"""Pictures of a running office, taken by hand:  python -m tests.browser.shots http://127.0.0.1:8000 --to docs/shots

Without more words: the few that the README shows. --all: every page below in three variants, on a phone and on a desktop,
light and dark, to be looked at. --sheet FILE: the public ones side by side in one picture. The desk is taken when --email
and --password of an officer are given.
"""

from __future__ import annotations

import argparse
import base64
from itertools import product
from pathlib import Path
from typing import Any

from tests.support.site import chromium

PHONE, DESKTOP = (390, 844), (1280, 900)
PUBLIC = (
    "",
    "updates/",
    "updates/2026/action-plan-concluded",
    "programmes/",
    "programmes/trust-funds",
    "projects/",
    "projects/algae-biofuel",
    "fact-sheets/",
    "fact-sheets/trust-fund-projects",
    "map",
    "timeline",
    "about/",
    "about/relations",
    "media/",
    "media/inquiry",
    "subscribe",
    "contact",
    "search?q=NATO",
    "digests/",
    "no-such-page",
)
DESK = ("", "inquiries", "contacts", "documents", "digests", "log", "me")
#: name of the picture: path, window, theme
README = {
    "home-en": ("/en/", DESKTOP, "light"),
    "home-cir-phone": ("/cir/", PHONE, "light"),
    "about-lat-dark": ("/lat/about/", DESKTOP, "dark"),
    "fact-sheet-lat-dark": ("/lat/fact-sheets/trust-fund-projects", DESKTOP, "dark"),
    "map-en": ("/en/map", DESKTOP, "light"),
    "programme-cir-phone": ("/cir/programmes/trust-funds", PHONE, "light"),
    "inquiry-lat": ("/lat/media/inquiry", DESKTOP, "light"),
    "inquiry-cir-phone": ("/cir/media/inquiry", PHONE, "light"),
    "subscribe-en-phone-dark": ("/en/subscribe", PHONE, "dark"),
    "today": ("/desk/", DESKTOP, "light"),
    "queue": ("/desk/inquiries", DESKTOP, "light"),
    "today-phone-dark": ("/desk/", PHONE, "dark"),
}


def every_picture() -> dict[str, tuple[str, tuple[int, int], str]]:
    windows = {"phone": PHONE, "desktop": DESKTOP}
    pictures = {}
    for variant, path, (size, window), theme in product(
        ("en", "lat", "cir"), PUBLIC, windows.items(), ("light", "dark")
    ):
        name = path.strip("/").replace("/", "-").split("?")[0] or "home"
        pictures[f"{name}-{variant}-{size}-{theme}"] = (f"/{variant}/{path}", window, theme)
    for path, (size, window), theme in product(DESK, windows.items(), ("light", "dark")):
        pictures[f"desk-{path or 'today'}-{size}-{theme}"] = (f"/desk/{path}", window, theme)
    return pictures


def take(
    browser: Any,
    url: str,
    wanted: dict[str, tuple[str, tuple[int, int], str]],
    to: Path,
    cookies: list[Any],
    whole: bool,
) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for name, (path, (width, height), theme) in wanted.items():
        if path.startswith("/desk") and not cookies:
            continue
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(url + path)
        page.screenshot(path=to / f"{name}.png", full_page=whole)
        context.close()
        print(to / f"{name}.png")


#: The looks of the contact sheet: every page once on a desktop and once on a phone, variants and themes in turn.
LOOKS = [("en", "light"), ("lat", "dark"), ("cir", "light"), ("en", "dark"), ("lat", "light"), ("cir", "dark")]


def sheet(browser: Any, url: str, to: Path) -> None:
    """All public pages in one picture, small enough to be seen at a glance."""
    cells = []
    for number, path in enumerate(PUBLIC):
        for window, width, (variant, theme) in (
            (DESKTOP, 320, LOOKS[number % 6]),
            (PHONE, 98, LOOKS[(number + 2) % 6]),
        ):
            context = browser.new_context(viewport={"width": window[0], "height": window[1]}, color_scheme=theme)
            page = context.new_page()
            page.goto(f"{url}/{variant}/{path}")
            picture = base64.b64encode(page.screenshot(type="jpeg", quality=80)).decode()
            cells.append(f'<img width="{width}" height="212" src="data:image/jpeg;base64,{picture}">')
            context.close()
    page = browser.new_page(viewport={"width": 1330, "height": 900})
    page.set_content(
        f'<body style="margin:8px;display:flex;flex-wrap:wrap;gap:8px;background:#999">{"".join(cells)}</body>'
    )
    page.screenshot(path=to, full_page=True)
    print(to)


def sign_in(browser: Any, url: str, email: str, password: str) -> list[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/staff/login")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main .btn-primary")
    if "/desk" not in page.url:
        raise SystemExit("could not sign in with this address and password")
    return list(context.cookies())


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("url")
    words.add_argument("--to", type=Path, default=Path("docs/shots"))
    words.add_argument("--all", action="store_true")
    words.add_argument("--sheet", type=Path)
    words.add_argument("--email")
    words.add_argument("--password")
    asked = words.parse_args()
    url = asked.url.rstrip("/")
    with chromium() as browser:
        cookies = sign_in(browser, url, asked.email, asked.password) if asked.email else []
        if asked.sheet:
            return sheet(browser, url, asked.sheet)
        take(browser, url, every_picture() if asked.all else README, asked.to, cookies, whole=asked.all)


if __name__ == "__main__":
    main()
