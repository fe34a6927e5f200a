"""Outreach: the software a public affairs office runs. `create_app` is its table of contents."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The web application; `settings` default to the environment's."""
    # Imported here, because scheduler, delivery and commands use the package without Flask.
    from flask import Flask

    import config
    from outreach import web
    from outreach.accounts import access
    from outreach.accounts import views as accounts
    from outreach.briefings import views as briefings
    from outreach.contacts import views as contacts
    from outreach.desk import views as desk
    from outreach.digests import views as digests
    from outreach.house import House
    from outreach.inquiries import views as inquiries
    from outreach.mail import views as mail
    from outreach.newsroom import views as newsroom
    from outreach.operations import views as operations
    from outreach.privacy import views as privacy
    from outreach.subscriptions import views as subscriptions

    sys.setswitchinterval(0.0005)  # seconds: whoever holds the writers' queue soon gets the interpreter back
    settings = settings or config.load()
    app = Flask("outreach", template_folder=str(config.ROOT / "templates"), static_folder=None)
    web.init(app, House.open(settings))
    access.init(app)
    for room in (newsroom, contacts, inquiries, digests, briefings, subscriptions):
        for pages in (*room.PUBLIC, *room.STAFF):
            app.register_blueprint(pages)
    for pages in (accounts.staff, privacy.desk, desk.desk, operations.health):
        app.register_blueprint(pages)
    if settings.mails_files and not settings.production:
        app.register_blueprint(mail.mailbox)
    return app


def served() -> Flask:
    """The web application as the server loads it, once in a process."""
    app = create_app()
    gc.freeze()  # what is loaded stays; looking through it for circles would hold up a page for a tenth of a second
    return app
