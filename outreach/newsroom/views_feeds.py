"""What programs read: feeds, the sitemap, the office's card, and the head of every public page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from outreach import web
from outreach.errors import NotFound
from outreach.newsroom import card, feeds, metadata, sitemap
from outreach.newsroom.pages import Page
from outreach.newsroom.views_public import may_be_kept, opened

public = Blueprint("feeds", __name__, url_prefix="/<variant:variant>")
root = Blueprint("feeds_root", __name__)
for each in (public, root):
    each.after_request(may_be_kept)

SECURITY_LASTS = timedelta(days=180)


@public.get("/updates.atom")
@web.allow("public")
def updates() -> Response:
    return _atom(_feed(None))


@public.get("/updates/<topic>.atom")
@web.allow("public")
def topic(topic: str) -> Response:
    if topic not in {known.id for known in web.house().office.topics}:
        raise NotFound(topic)
    return _atom(_feed(topic))


@public.get("/updates.json")
@web.allow("public")
def as_json() -> Response:
    said = feeds.as_json(_feed(None), web.house(), web.variant())
    return Response(json.dumps(said, ensure_ascii=False), content_type="application/feed+json; charset=utf-8")


def _feed(topic: str | None) -> feeds.Feed:
    page = url_for("newsroom.updates", topic=topic)
    return feeds.feed(web.house(), opened(), web.variant(), web.now(), topic, (request.path, page))


def _atom(feed: feeds.Feed) -> Response:
    page = render_template("newsroom/updates.atom.xml", feed=feed)
    return Response(page, content_type="application/atom+xml; charset=utf-8")


@public.get("/contact.vcf")
@web.allow("public")
def contact_card() -> Response:
    """The office for an address book; nothing in it that the office does not state."""
    words = card.card(web.house(), web.variant(), web.house().url(request.path))
    response = Response(words, content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename=office-{web.variant().segment}.vcf"
    return response


@root.get("/sitemap.xml")
@web.allow("public")
def site_map() -> Response:
    found = sitemap.locations(web.house(), opened(), web.now())
    return Response(render_template("newsroom/sitemap.xml", locations=found), mimetype="application/xml")


@root.get("/.well-known/security.txt")
@web.allow("public")
def security() -> Response:
    """Where a hole is told of (RFC 9116). It lapses on a whole day, so that its bytes stay the same for one."""
    lapses = (web.now() + SECURITY_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    words = render_template(
        "newsroom/security.txt",
        contact=web.house().url("/en/media/inquiry"),
        expires=lapses.strftime("%Y-%m-%dT%H:%M:%SZ"),
        canonical=web.house().url(request.path),
    )
    return Response(f"{words}\n", content_type="text/plain; charset=utf-8")


@public.app_context_processor
def _head() -> dict[str, Any]:
    return {"head_of": _head_of, "feed_title": _feed_title}


def _head_of(
    title: str, page: Page | None, crumbs: Sequence[Any], description: str | None, tells_office: bool, canonical: Any
) -> metadata.Head:
    subject = metadata.Subject(title, description, page, tuple(crumbs), tells_office)
    return metadata.head(web.house(), web.variant(), web.here, subject, canonical)


def _feed_title(topic: str | None = None) -> str:
    return feeds.title(web.house(), web.variant(), topic)
