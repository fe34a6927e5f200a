"""Outreach: the software a public affairs office runs. `create_app` is its table of contents."""

from __future__ import annotations

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
    from outreach.contacts import views as contacts
    from outreach.desk import views as desk
    from outreach.digests import views_desk as digests_desk
    from outreach.digests import views_flight as digests_flight
    from outreach.digests import views_public as digests
    from outreach.house import House
    from outreach.inquiries import views_desk as inquiries_desk
    from outreach.inquiries import views_public as inquiries
    from outreach.mail import views as mail
    from outreach.mail.inbound import views_desk as inbound_desk
    from outreach.newsroom import views_desk as newsroom_desk
    from outreach.newsroom import views_feeds as feeds
    from outreach.newsroom import views_map as newsroom_map
    from outreach.newsroom import views_public as newsroom
    from outreach.newsroom import views_records as newsroom_records
    from outreach.newsroom import views_search as search
    from outreach.operations import views as operations
    from outreach.subscriptions import views as subscriptions

    settings = settings or config.load()
    app = Flask("outreach", template_folder=str(config.ROOT / "templates"), static_folder=None)
    web.init(app, House.open(settings))
    access.init(app)
    for public in (newsroom.root, newsroom.public, newsroom_records.public, newsroom_map.public, search.public):
        app.register_blueprint(public)
    for public in (feeds.root, feeds.public, inquiries.public, digests.public, *subscriptions.PUBLIC):
        app.register_blueprint(public)
    for staff in (accounts.staff, desk.desk, inquiries_desk.desk, contacts.desk, newsroom_desk.desk, digests_desk.desk):
        app.register_blueprint(staff)
    for staff in (digests_flight.flight, inbound_desk.desk, *subscriptions.STAFF):
        app.register_blueprint(staff)
    app.register_blueprint(operations.health)
    if settings.mails_files and not settings.production:
        app.register_blueprint(mail.mailbox)
    return app
