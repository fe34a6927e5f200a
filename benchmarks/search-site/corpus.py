"""Five hundred pages, half English and half Serbian in Cyrillic, and queries that their words answer.

Words come from content/ with the frequencies they have there; the same seed gives the same pages.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES, QUERIES = 500, 400
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
WORD = {"en": re.compile(r"[A-Za-z]+"), "sr": re.compile(r"[\u0400-\u04ff]+")}


@dataclass(frozen=True)
class Story:
    """One page in one language; `language` is en or sr."""

    slug: str
    language: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]


def stories() -> list[Story]:
    chance = random.Random(500)  # noqa: S311
    words = {language: _words(language) for language in WORD}
    return [_story(chance, number, words) for number in range(PAGES)]


def queries(pages: list[Story]) -> list[tuple[str, str]]:
    """Different queries with their language: one, two or three words of four letters or more from one page's text."""
    chance = random.Random(400)  # noqa: S311
    found: dict[str, str] = {}
    for number in range(100 * QUERIES):
        story = pages[chance.randrange(PAGES)]
        if len(found) == QUERIES or story.language != ("en", "sr")[len(found) % 2]:
            continue
        long = [word for word in WORD[story.language].findall(" ".join(story.paragraphs)) if len(word) > 3]
        found[" ".join(chance.sample(long, 1 + number % 3)).lower()] = story.language
    return list(found.items())


def write(folder: Path, pages: list[Story]) -> None:
    """The pages as files of a newsroom: every second one an update."""
    for number, story in enumerate(pages):
        kind, place = ("update", "updates/2026") if number % 2 else ("page", "archive")
        id_letters = (LETTERS[number // 31**n % 31] for n in range(5))
        head = {
            "id": "".join(id_letters),
            "kind": kind,
            "title": story.title,
            "summary": story.summary,
            "topics": "[office]",
            "state": "published",
            "as_of": "2026-11-24",
        }
        lines = "\n".join(f"{name}: {value}" for name, value in head.items())
        path = folder / place / f"{story.slug}.{story.language}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{lines}\n---\n" + "\n\n".join(story.paragraphs) + "\n", encoding="utf-8")


def _words(language: str) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "content").rglob(f"*.{language}.md"))]
    return [word for text in texts for word in WORD[language].findall(text.split("\n---\n", 1)[-1])]


def _story(chance: random.Random, number: int, words: dict[str, list[str]]) -> Story:
    language = "sr" if number // 2 % 2 else "en"

    def line(length: int) -> str:
        return " ".join(chance.choices(words[language], k=length)).capitalize()

    def paragraph() -> str:
        return " ".join(f"{line(chance.randint(8, 14))}." for _ in range(4))

    paragraphs = tuple(paragraph() for _ in range(5))
    return Story(f"story-{number:03}", language, line(6), f"{line(18)}.", paragraphs)
