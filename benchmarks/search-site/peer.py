"""Wagtail over the same pages: the project that `wagtail start` makes, with its own search view and template.

What is added is a kind of page with a summary and a body, both searched, and settings as in production. Connections to
its database are kept, which its own settings do not do; that makes it faster.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import corpus

MODELS = """
from django.db import models
from wagtail.models import Page
from wagtail.search import index


class HomePage(Page):
    pass


class StoryPage(Page):
    summary = models.TextField()
    body = models.TextField()
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
"""
SETTINGS = """
from .base import *

DEBUG = False
SECRET_KEY = "for a benchmark on loopback only"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES["default"]["CONN_MAX_AGE"] = None
"""
FILL = """
import json, sys
from home.models import HomePage, StoryPage

home = HomePage.objects.get()
for story in json.load(open(sys.argv[-1])):
    home.add_child(instance=StoryPage(**story))
"""


def environment(folder: Path) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "peer.settings.bench", "PYTHONPATH": str(folder / "peer")}


def build(folder: Path, pages: list[corpus.Story], python: Path) -> Path:
    """Make the project, its database and its pages; the folder to serve it from."""
    site = folder / "peer"
    site.mkdir(parents=True)
    env = {**os.environ, **environment(folder)}

    def run(*command: object) -> None:
        done = subprocess.run([python, *command], cwd=site, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    bare = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [python.with_name("wagtail"), "start", "peer", site], env=bare, check=True, stdout=subprocess.DEVNULL
    )
    (site / "home" / "models.py").write_text(MODELS)
    (site / "peer" / "settings" / "bench.py").write_text(SETTINGS)
    (site / "stories.json").write_text(json.dumps([_fields(story) for story in pages]))
    run("manage.py", "makemigrations", "home")
    run("manage.py", "migrate")
    run("-c", f"import django; django.setup()\n{FILL}", site / "stories.json")
    return site


def _fields(story: corpus.Story) -> dict[str, str]:
    body = "\n".join(story.paragraphs)
    shown = {"search_description": story.summary, "summary": story.summary, "body": body}
    return {"title": story.title, "slug": story.slug, **shown}


def path(query: str) -> str:
    return f"/search/?query={quote(query)}"
