"""How the tests visit a subscriber's pages."""

from __future__ import annotations

import re

from sqlalchemy import select

from outreach.db import Model
from outreach.subscriptions import links
from outreach.subscriptions.models import Subscriber
from tests.digests.givens import READER
from tests.support.pages import local_path

ADDRESS = re.compile(r"http://localhost(/\S+)")


def posted(client, moment, address=READER, variant="en", **more):
    page = client.get(f"/{variant}/subscribe")
    moment.moves(seconds=20)
    return client.submit(page, f"/{variant}/subscribe", address=address, **more)


def link_in(mail, name):
    return next(path for path in ADDRESS.findall(mail.text) if f"/{name}/" in path)


def links_of(house, reader):
    with house.db.read() as session:
        subscriber = session.get_one(Subscriber, reader)
        made = (links.preferences(house, subscriber), links.unsubscribe(house, subscriber))
    return tuple(local_path(link) for link in made)


def database_rows(house):
    """Every row of the domain, to see that nothing has changed; side tables (rates, audit, sessions) aside."""
    tables = [t for t in Model.metadata.sorted_tables if t.name not in ("rate_count", "staff_session")]
    with house.db.read() as session:
        return {table.name: session.execute(select(table)).all() for table in tables}
