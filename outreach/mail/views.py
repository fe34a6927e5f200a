"""The viewer of mail that went to files: for the person at this machine, and registered only then."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from outreach import web
from outreach.mail import mailbox as files
from outreach.mail.transports import mail_folder

mailbox = Blueprint("mailbox", __name__, url_prefix="/mailbox")

#: A mail's HTML stands in a frame of its own: nothing runs, nothing is loaded, its links open beside it.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; frame-ancestors 'self'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@mailbox.get("/")
@web.allow("local")
def listing() -> str:
    folder = mail_folder(web.house().settings)
    return render_template("mailbox/listing.html", mails=files.latest(folder), folder=folder)


@mailbox.get("/<name>")
@web.allow("local")
def mail(name: str) -> str:
    return render_template("mailbox/mail.html", mail=files.one(mail_folder(web.house().settings), name))


@mailbox.get("/<name>/html")
@web.allow("local")
def html(name: str) -> Response:
    head, _, rest = files.one(mail_folder(web.house().settings), name).html.partition("<head>")
    page = make_response(render_template("mailbox/frame.html", head=head, rest=rest))
    page.headers["Content-Security-Policy"] = FRAME_POLICY
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
