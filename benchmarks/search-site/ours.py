"""Our site over the pages of the corpus: the real app, its database and its content in a folder of their own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from urllib.parse import quote

import corpus

ROOT = Path(__file__).resolve().parents[2]
SEGMENT = {"en": "en", "sr": "cir"}
sys.path.insert(0, str(ROOT))


def environment(folder: Path, port: int = 8000) -> dict[str, str]:
    """The settings of this site; `folder` holds content/ and var/."""
    return {
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": str(folder / "var"),
        "CONTENT_DIR": str(folder / "content"),
        "PRODUCTION": "0",
    }


def build(folder: Path, pages: list[corpus.Story]) -> None:
    """Write the content, make the database and read the one into the other."""
    import config
    from outreach import clock
    from outreach.house import House
    from outreach.newsroom import intake
    from outreach.operations import schema

    content = folder / "content"
    content.mkdir(parents=True)
    shutil.copy(ROOT / "content" / "office.toml", content)
    corpus.write(content, pages)
    house = House.open(config.load(environment(folder)))
    schema.upgrade(house.db)
    with house.db.transaction() as session:
        report = intake.read_content(session, house, clock.now())
    house.db.dispose()
    if report.faults:
        raise SystemExit("\n".join(str(fault) for fault in report.faults[:5]))


def path(query: str, language: str) -> str:
    return f"/{SEGMENT[language]}/search?q={quote(query)}"
