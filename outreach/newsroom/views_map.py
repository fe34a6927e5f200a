"""The map of projects with its table, the table as a file, and the timeline."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from outreach import spreadsheets, web
from outreach.newsroom import chart, project_table, timeline
from outreach.newsroom.chart import Pin
from outreach.newsroom.library import Library
from outreach.newsroom.project_table import Row
from outreach.newsroom.views_public import may_be_kept, opened

public = Blueprint("map", __name__, url_prefix="/<variant:variant>")
public.after_request(may_be_kept)


def _rows(shelf: Library, sort: str) -> list[Row]:
    projects = shelf.items(web.variant(), web.now(), "project")
    return project_table.rows(projects, shelf.places, web.variant(), sort)


@public.get("/map")
@web.allow("public")
def project_map() -> ResponseReturnValue:
    shelf, sort = opened(), project_table.sort_of(request.args.get("sort", ""))
    rows = _rows(shelf, sort)
    pins = [Pin(row.number, row.place, row.item.title, row.item.id) for row in rows if row.number and row.place]
    drawn = chart.draw(shelf.places, pins, web.variant()) if rows else None
    sources = project_table.sources(rows)
    return render_template("newsroom/map.html", rows=rows, sort=sort, sources=sources, chart=drawn)


@public.get("/map.csv")
@web.allow("public")
def project_sheet() -> ResponseReturnValue:
    """The table as a file for a spreadsheet program, in the order of the page."""
    variant = web.variant()
    rows = _rows(opened(), project_table.sort_of(request.args.get("sort", "")))
    body = spreadsheets.table(
        project_table.heads(variant), [project_table.cells(row, variant, web.house().url) for row in rows]
    )
    response = Response(body, content_type=spreadsheets.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="projects-{variant.segment}.csv"'
    return response


@public.get("/timeline")
@web.allow("public")
def milestones() -> ResponseReturnValue:
    shelf, variant, now = opened(), web.variant(), web.now()
    order = timeline.order_of(request.args.get("order", ""))
    decades = timeline.decades(shelf.items(variant, now, "update"), order)
    slugs = {event.item.programme for decade in decades for event in decade.events if event.item.programme}
    programmes = {slug: shelf.item(f"programmes/{slug}", variant, now) for slug in slugs}
    return render_template("newsroom/timeline.html", decades=decades, order=order, programmes=programmes)
