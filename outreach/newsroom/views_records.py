"""Programmes, projects and fact sheets as lists, and the history of any document."""

from __future__ import annotations

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from outreach import language, web
from outreach.errors import NotFound
from outreach.language import Variant, mark
from outreach.newsroom import project_table, queries, records
from outreach.newsroom.heads import FACT_SHEET, PROGRAMME, PROJECT
from outreach.newsroom.library import Library
from outreach.newsroom.pages import Page
from outreach.newsroom.views_public import crumbs, may_be_kept, opened, section

public = Blueprint("records", __name__, url_prefix="/<variant:variant>")
public.after_request(may_be_kept)


@public.get("/programmes/")
@web.allow("public")
def programmes() -> ResponseReturnValue:
    found = opened().items(web.variant(), web.now(), PROGRAMME)
    groups = records.by_topic(found, web.house().office, web.variant())
    return render_template("newsroom/programmes.html", groups=groups, count=len(found))


@public.get("/projects/")
@web.allow("public")
def projects() -> ResponseReturnValue:
    shelf, variant, now = opened(), web.variant(), web.now()
    rows = project_table.rows(shelf.items(variant, now, PROJECT), shelf.places, variant, project_table.YEARS)
    groups = records.by_programme(rows, shelf.items(variant, now, PROGRAMME), variant)
    return render_template(
        "newsroom/projects.html", groups=groups, count=len(rows), sources=project_table.sources(rows)
    )


@public.get("/fact-sheets/")
@web.allow("public")
def fact_sheets() -> ResponseReturnValue:
    found = opened().items(web.variant(), web.now(), FACT_SHEET)
    return render_template("newsroom/fact_sheets.html", sheets=found)


@public.get("/<path:path>/history")
@web.allow("public")
def history(path: str) -> ResponseReturnValue:
    """What was changed on a page, and when each text that readers saw took its place. No text, and nothing before."""
    shelf, variant, now = opened(), web.variant(), web.now()
    found = _document(shelf, path)
    below = language.text(variant, mark("History"))
    shown = {"crumbs": crumbs(shelf, found.item, below), "section": section(path)}
    if found.is_withdrawn:
        return render_template("newsroom/withdrawn.html", page=found, **shown), 410
    having = shelf.variants(found.item.path, now)
    g.alternates = {v: url_for(".history", path=path, variant=v) if v in having else None for v in Variant}
    with web.reading() as session:
        versions = queries.versions(session, found.item.id, web.house().office.zone, now)
    return render_template("newsroom/history.html", document=found, versions=versions, **shown)


def _document(shelf: Library, path: str) -> Page:
    """The document whose history is asked for; that of a folder's own page lies in the folder."""
    try:
        return shelf.get(path, web.variant(), web.now())
    except NotFound:
        return shelf.get(f"{path}/", web.variant(), web.now())
