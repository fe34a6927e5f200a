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


def newest_link(mails, name):
    """The last link of its kind among these mails."""
    return next(path for mail in reversed(mails) for path in ADDRESS.findall(mail.text) if f"/{name}/" in path)


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


def token_of(path):
    """The token of a private path such as /en/preferences/…, without the query."""
    return path.partition("?")[0].rpartition("/")[2]


def private_page(client, house, mailbox, reader, address=READER):
    """Asks for the private link on the preferences page, reads the mail and opens the page behind it; its path."""
    preferences, _ = links_of(house, reader)
    page = client.submit(client.get(preferences), "/private-link/")
    assert page.soup.find(class_="notice", role="status"), page.words
    path = newest_link(mailbox.to(address), "mine")
    assert client.get(path).status_code == 200
    return path


def rows_of(house, model):
    with house.db.read() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def everything(house):
    """The text of the whole database, for a search by eye."""
    tables = Model.metadata.sorted_tables
    with house.db.read() as session:
        return "\n".join(f"{table.name}: {row}" for table in tables for row in session.execute(select(table)))
