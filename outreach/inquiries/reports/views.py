"""The month in figures: a page to read and to print, and the same as a table. Who looked is noted (S-12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import audit, spreadsheets, web
from outreach.errors import NotFound
from outreach.inquiries import hygiene, terms
from outreach.inquiries.reports import figures, filters
from outreach.inquiries.reports.figures import Report
from outreach.inquiries.views_desk import READERS
from outreach.language import mark, text
from outreach.newsroom import library

desk = Blueprint("reports", __name__, url_prefix="/desk/reports")

CLOCKS = {
    "acknowledged": mark("First human word"), "answered": mark("Answered"), "closed": mark("Closed")
}  # fmt: skip
PARTS = {"outlet": mark("By outlet"), "about": mark("By topic"), "need": mark("By need"), "lang": mark("By language")}
HEAD = (
    mark("Part"), mark("What"), mark("Received"), mark("In time"), mark("Late"), mark("Not yet"),
    mark("Median, minutes"), mark("Nine of ten within, minutes"),
)  # fmt: skip


@desk.get("")
@web.allow(*READERS)
def month() -> str:
    """`?month=2026-11`; this month without it."""
    with web.reading() as session:
        report, names = _report(session)
        page = render_template(
            "reports/month.html", report=report, names=names, clocks=CLOCKS, parts=PARTS, list_of=_list_of,
            word_of=filters.word, visible=hygiene.visible, before=report.month - timedelta(days=1),
            after=report.month + timedelta(days=32),
        )  # fmt: skip
    _note("report.read", report.month)
    return page


@desk.get("/figures.csv")
@web.allow(*READERS)
def table() -> Response:
    with web.reading() as session:
        report, names = _report(session)
    _note("report.exported", report.month)
    body = spreadsheets.table([text(web.variant(), words) for words in HEAD], _rows(report, names))
    response = Response(body, content_type=spreadsheets.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="figures-{report.month:%Y-%m}.csv"'
    return response


def _report(session: Session) -> tuple[Report, dict[str, dict[str, str]]]:
    """The figures of the month that is asked for, and what the values of its groups are called."""
    zone, typed = web.house().office.zone, request.args.get("month", "")
    chosen = filters.read_month(typed) if typed else web.now().astimezone(zone).date().replace(day=1)
    if chosen is None:
        abort(404)
    report = figures.month(session, zone, chosen, web.now())
    shelf, titles = library.opened(session, web.house()), {}
    for group in report.groups["about"]:
        try:
            titles[group.value] = shelf.preview(group.value, web.variant()).item.title
        except NotFound:
            titles[group.value] = group.value
    said = {name: text(web.variant(), words) for name, words in terms.NEEDS.items()}
    return report, {"about": titles, "need": said, "lang": dict(terms.REPLY_IN), "outlet": {}}


def _list_of(*words: str) -> str:
    """The address of the list behind a figure."""
    return url_for("inquiries_desk.queue", view="all", q=" ".join(words))


def _rows(report: Report, names: dict[str, dict[str, str]]) -> Iterator[tuple[Any, ...]]:
    def say(words: str) -> str:
        return text(web.variant(), words)

    def minutes(length: timedelta | None) -> int | None:
        return None if length is None else round(length / timedelta(minutes=1))

    yield say(mark("All")), f"{report.month:%Y-%m}", report.received, None, report.late_count, report.open, None, None
    for clock in report.clocks:
        yield (
            say(mark("Clock")), say(CLOCKS[clock.name]), clock.stopped, clock.intime, clock.late, clock.never,
            minutes(clock.median), minutes(clock.ninth),
        )  # fmt: skip
    for part, groups in report.groups.items():
        for one in groups:
            named = names[part].get(one.value, one.value)
            yield say(PARTS[part]), named, one.received, one.intime, one.late, None, None, None


def _note(action: str, month: date) -> None:
    with web.side_transaction() as session:
        audit.record(session, web.now(), action, f"report:{month:%Y-%m}", web.actor())
