"""The press desk in pictures, taken by hand from a running office with its examples loaded:

    python -m tests.browser.desk_shots http://127.0.0.1:8000 --email … --password … --to docs/shots

An inquiry is asked in each variant; the form, its confirmation, its private page, Today, the queue, the workspace and the log
of a call are put side by side: one sheet for each theme, a column for each variant. It changes the officer's language.
"""

from __future__ import annotations

import argparse
import base64
from pathlib import Path
from typing import Any

from tests.browser.shots import sign_in
from tests.support.site import chromium

WINDOW = {"width": 1280, "height": 860}
SHOWN = 430  # pixels that a page is wide on the sheet
ASKED = {
    "en": ("Surplus ammunition: progress and cost", "How much has been destroyed so far?\nWho pays, and how much?"),
    "lat": ("Uništavanje viška municije", "Koliko je do sada uništeno?\nKo plaća i koliko?"),
    "cir": ("Уништавање вишка муниције", "Колико је до сада уништено?\nКо плаћа и колико?"),
}
NAMES = {
    "en": ("Reporter, daily", "Daily"),
    "lat": ("Novinar, dnevni list", "Dnevni list"),
    "cir": ("Новинар, дневни лист", "Дневни лист"),
}


def ask(page: Any, url: str, variant: str) -> tuple[str, str]:
    """Files an inquiry as a journalist would; the address of its confirmation, and its reference."""
    page.goto(f"{url}/{variant}/media/inquiry")
    subject, questions = ASKED[variant]
    name, outlet = NAMES[variant]
    page.check("#need")
    for field, words in {
        "subject": subject, "questions": questions, "time": "16h", "name": name, "outlet": outlet,
        "email": "reporter@example.org", "phone": "+381 11 000 0000",
    }.items():  # fmt: skip
        page.fill(f"#{field}", words)
    page.check("input[name=when][value=tomorrow]")
    page.wait_for_timeout(3500)  # a form that comes back sooner looks like a program's
    page.click(".btn-send")
    page.wait_for_selector(".reference")
    return page.url, page.inner_text(".reference").strip()


def speaks(page: Any, url: str, variant: str) -> None:
    page.goto(f"{url}/desk/me")
    page.check(f"input[name=variant][value={variant}]")
    page.click("main .btn-primary")


def column(browser: Any, url: str, cookies: list[Any], variant: str, theme: str) -> list[str]:
    """The pages of one variant, as JPEG in base64."""
    public = browser.new_context(viewport=WINDOW, color_scheme=theme).new_page()
    confirmation, reference = ask(public, url, variant)
    officer = _desk(browser, cookies, viewport=WINDOW, color_scheme=theme)
    speaks(officer, url, variant)
    officer.goto(f"{url}/desk/inquiries/{reference}")
    officer.click("button[name=do][value=accept]")
    taken = [picture(public, f"{url}/{variant}/media/inquiry"), picture(public, confirmation)]
    public.goto(confirmation)
    public.click(f"a[href*='/{variant}/i/']")
    taken.append(picture(public, public.url))
    for path in ("", "inquiries", f"inquiries/{reference}", "inquiries/new"):
        taken.append(picture(officer, f"{url}/desk/{path}"))
    return taken


def picture(page: Any, address: str) -> str:
    page.goto(address)
    return base64.b64encode(page.screenshot(type="jpeg", quality=85)).decode()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("url")
    words.add_argument("--to", type=Path, default=Path("docs/shots"))
    words.add_argument("--email", required=True)
    words.add_argument("--password", required=True)
    asked = words.parse_args()
    url = asked.url.rstrip("/")
    with chromium() as browser:
        cookies = sign_in(browser, url, asked.email, asked.password)
        for theme in ("light", "dark"):
            columns = [column(browser, url, cookies, variant, theme) for variant in ASKED]
            rows = "".join(
                f'<img width="{SHOWN}" src="data:image/jpeg;base64,{cell}">'
                for row in zip(*columns, strict=True)
                for cell in row
            )
            sheet = browser.new_page(viewport={"width": 3 * SHOWN + 40, "height": 900})
            sheet.set_content(
                f'<body style="margin:8px;display:flex;flex-wrap:wrap;gap:8px;background:#999">{rows}</body>'
            )
            sheet.screenshot(path=asked.to / f"press-desk-{theme}.png", full_page=True)
            print(asked.to / f"press-desk-{theme}.png")
        speaks(_desk(browser, cookies), url, "en")


def _desk(browser: Any, cookies: list[Any], **look: Any) -> Any:
    context = browser.new_context(**look)
    context.add_cookies(cookies)
    return context.new_page()


if __name__ == "__main__":
    main()
