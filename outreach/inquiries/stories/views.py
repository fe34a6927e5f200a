"""Stories on the desk: the list, gathering inquiries, and one story with its answer and its release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.errors import Conflict, NotFound
from outreach.inquiries import casework, forms_rules, hygiene, terms
from outreach.inquiries.clearance import asking, matters, state
from outreach.inquiries.clearance import queries as clearances
from outreach.inquiries.stories import gathering, queries, releasing
from outreach.inquiries.stories.forms import GatherForm, StoryForm, values_of
from outreach.inquiries.stories.models import Story
from outreach.inquiries.views_desk import READERS, WRITERS, beside, me
from outreach.language import mark, text

desk = Blueprint("stories_desk", __name__, url_prefix="/desk/stories")

OF_STORY = "/<int(max=9007199254740991):story_id>"
SAID = {
    "keep": mark("Kept. Nothing was sent."),
    "clearance": mark("Clearance asked. Nothing was sent to the journalist."),
    "recall": mark("It is no longer asked."),
    "release": mark("Released. It leaves to all at the same moment."),
    "leave": mark("Taken out of the story."),
    "end": mark("Story closed."),
}


@desk.get("")
@web.allow(*READERS)
def index() -> Any:
    with web.reading() as session:
        return render_template(
            "stories/index.html", rows=queries.rows(session), suggestions=queries.suggestions(session),
            names=accounts.names(session), visible=hygiene.visible,
        )  # fmt: skip


@desk.get("/add")
@web.allow(*WRITERS)
def add() -> Any:
    """Inquiries named in the address (?ref=…&ref=…), all ticked, and the stories they may join."""
    form = GatherForm(formdata=None, data={"ref": request.args.getlist("ref")[:100]})
    return _gathering(form)


@desk.post("/add")
@web.allow(*WRITERS)
def gather() -> Any:
    form = GatherForm()
    if not form.validate():
        return _gathering(form), 422
    with web.transaction() as session:
        story = _chosen(session, form)
        gathering.join(session, web.now(), story, form.ref.data, me())
        story_id = story.id
    return redirect(url_for(".story", story_id=story_id), 303)


@desk.get(OF_STORY)
@web.allow(*READERS)
def story(story_id: int) -> Any:
    with web.reading() as session:
        kept = gathering.get(session, story_id)
        return _page(session, kept, StoryForm(formdata=None, data=values_of(kept)))


@desk.post(OF_STORY)
@web.allow(*WRITERS)
def act(story_id: int) -> Any:
    """Every button of a story; what was typed is kept along with it."""
    form, (do, _, which) = StoryForm(), request.form.get("do", "").partition(":")
    if do not in ACTIONS:
        abort(400)
    if not form.validate():
        return _again(story_id, form, 422)
    try:
        with web.transaction() as session:
            ACTIONS[do](session, gathering.get(session, story_id, to_write=True), form, which)
    except Conflict as conflict:
        return _again(story_id, form, 409, beside(form, conflict))
    flash(text(web.variant(), SAID[do]))
    return redirect(url_for(".story", story_id=story_id), 303)


def _keep(session: Session, story: Story, form: StoryForm, _which: str) -> None:
    gathering.write(session, web.now(), story, form.seen_version(), form.answer(), me())


def _keep_if_open(session: Session, story: Story, form: StoryForm) -> int:
    """Keep what was typed along with another button; the version that the officer has seen then."""
    if story.released_at is not None or form.answer() == gathering.of(story):
        return form.seen_version()
    _keep(session, story, form, "")
    return story.version


def _release(session: Session, story: Story, form: StoryForm, _which: str) -> None:
    seen = _keep_if_open(session, story, form)
    at = form.instant(web.house().office.zone)
    order = releasing.Order(seen, form.seen_members(), at, bool(form.release.data))
    releasing.release(session, web.house(), web.now(), story.id, order, me())


def _ask(session: Session, story: Story, form: StoryForm, _which: str) -> None:
    _keep_if_open(session, story, form)
    whom = asking.approvers(session, me(), *form.whom())
    asking.ask(session, web.house(), web.now(), [matters.of_story(story)], whom, me())


def _recall(session: Session, story: Story, form: StoryForm, which: str) -> None:
    _keep_if_open(session, story, form)
    asking.withdraw(session, web.now(), matters.of_story(story).ref, forms_rules.number(which), me())


def _leave(session: Session, story: Story, _form: StoryForm, which: str) -> None:
    gathering.leave(session, web.now(), story, casework.open_case(session, which), me())


def _end(session: Session, story: Story, _form: StoryForm, _which: str) -> None:
    gathering.end(session, web.now(), story, me())


ACTIONS: dict[str, Callable[[Session, Story, StoryForm, str], None]] = {
    "keep": _keep, "release": _release, "leave": _leave, "end": _end, "clearance": _ask, "recall": _recall,
}  # fmt: skip


def _chosen(session: Session, form: GatherForm) -> Story:
    """The story that was chosen; a title makes a new one, or finds the one that the same form made before."""
    if form.title.data:
        attribution = web.house().office.name(web.variant())
        return gathering.gather(session, web.now(), form.title.data, attribution, form.ref.data, me())
    chosen = str(form.story.data)
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 16):
        raise NotFound(chosen)
    return gathering.get(session, int(chosen), to_write=True)


def _gathering(form: GatherForm) -> str:
    with web.reading() as session:
        inquiries = queries.by_references(session, form.ref.data or [])
        form.story.choices = [(str(row.story.id), row.story.title) for row in queries.rows(session)]
        return render_template("stories/add.html", form=form, inquiries=inquiries, visible=hygiene.visible)


def _again(story_id: int, form: StoryForm, code: int, is_stale: bool = False) -> Any:
    with web.reading() as session:
        kept = gathering.get(session, story_id)
        theirs = kept if is_stale and gathering.of(kept) != form.answer() else None
        form.version.data = str(kept.version) if code == 409 else form.version.data
        return _page(session, kept, form, theirs), code


def _page(session: Session, kept: Story, form: StoryForm, theirs: Story | None = None) -> str:
    members = releasing.members(session, kept)
    form.seen.data = " ".join(f"{inquiry.reference}={inquiry.version}" for inquiry in members.waiting)
    return render_template(
        "stories/story.html", story=kept, form=form, members=members, theirs=theirs, words=terms,
        names=accounts.names(session), visible=hygiene.visible,
        **clearances.shown(session, me(), {None: state.standing(session, matters.of_story(kept))}),
    )  # fmt: skip
