"""A file as a download, and as nothing else: on the journalist's private page, and on the desk, where it is noted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from outreach import audit, web
from outreach.errors import NotFound
from outreach.inquiries import links, queries
from outreach.inquiries.files import keeping, waiting
from outreach.inquiries.files.models import StoredFile
from outreach.inquiries.views_desk import READERS
from outreach.inquiries.views_pages import unknown_link

public = Blueprint("inquiry_files", __name__, url_prefix="/<variant:variant>")
desk = Blueprint("inquiry_files_desk", __name__, url_prefix="/desk/inquiries")


@public.get("/i/<token>/files/<key>")
@web.allow("public")
def theirs(token: str, key: str) -> Any:
    """What its journalist sent, or was sent by us."""
    with web.reading() as session:
        inquiry = links.find(session, web.house(), token, web.now())
        if inquiry is None:
            return unknown_link()
        return _download(keeping.for_journalist(session, inquiry, web.now()), key)


@desk.get("/<reference>/files/<key>")
@web.allow(*READERS)
def any_of(reference: str, key: str) -> Response:
    """Every file of the inquiry; who took it is noted."""
    with web.reading() as session:
        inquiry = queries.by_reference(session, reference)
        page, ref = _download(keeping.every(session, inquiry), key), inquiry.ref
    with web.side_transaction() as session:
        audit.record(session, web.now(), "file.read", ref, web.actor(), file=key)
    return page


def _download(files: list[StoredFile], key: str) -> Response:
    """The bytes under a type that no browser shows, and in a box should one try."""
    file = next((file for file in files if file.key == key), None)
    if file is None or not waiting.place(web.house(), file.key).is_file():
        raise NotFound(key)
    page = web.no_store(
        send_file(
            waiting.place(web.house(), file.key), mimetype="application/octet-stream", as_attachment=True,
            download_name=file.name, conditional=False, etag=False,
        )
    )  # fmt: skip
    page.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    page.headers["X-Content-Type-Options"] = "nosniff"
    return page
