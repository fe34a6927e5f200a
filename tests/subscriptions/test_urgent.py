"""One box lets urgent updates come at once: asked for on both pages, kept with the consent, told wherever it counts."""

from __future__ import annotations

import json

import pytest

from outreach.subscriptions.models import Consent, Subscriber, Subscription
from tests.digests.givens import MONDAY, READER, changed, stopped, subscribed, wish
from tests.subscriptions.visits import link_in, links_of, posted, private_page, rows_of

BOX = {"name": "takes_urgent", "type": "checkbox"}
LABEL = {
    "en": "Send urgent updates at once, whatever I chose above",
    "lat": "Hitne novosti šaljite mi odmah, bez obzira na izbor iznad",
    "cir": "Хитне новости шаљите ми одмах, без обзира на избор изнад",
}
SAID = {"en": "urgent updates at once", "lat": "hitne novosti odmah", "cir": "хитне новости одмах"}


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_it_is_asked_for_on_the_form_and_begins_with_the_confirmation(client, house, moment, mailbox, variant):
    moment.is_at(MONDAY)
    page = client.get(f"/{variant}/subscribe")
    box = page.soup.find("input", BOX)
    assert not box.has_attr("checked")
    assert LABEL[variant] in box.parent.get_text()
    posted(client, moment, variant=variant, takes_urgent=True)
    assert [row.takes_urgent for row in rows_of(house, Subscriber)] == [False]
    assert [row.takes_urgent for row in rows_of(house, Consent)] == [True]
    [mail] = mailbox.to(READER)
    assert [SAID[variant] in " ".join(part.split()) for part in (mail.text, mail.html)] == [True, True]
    page = client.submit(client.get(link_in(mail, "confirm")), "/confirm/")
    assert SAID[variant] in page.words
    assert [row.takes_urgent for row in rows_of(house, Subscriber)] == [True]


def test_p01_who_does_not_tick_it_allows_nothing(client, house, moment, mailbox):
    moment.is_at(MONDAY)
    posted(client, moment)
    [mail] = mailbox.to(READER)
    assert SAID["en"] not in " ".join((mail.text + mail.html).split())
    page = client.submit(client.get(link_in(mail, "confirm")), "/confirm/")
    assert SAID["en"] not in page.words
    assert [row.takes_urgent for row in (*rows_of(house, Subscriber), *rows_of(house, Consent))] == [False, False]


def test_p01_a_change_on_the_preferences_page_is_kept_with_a_consent_each_time(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house, choice=wish("security", cadence="weekly"))
    preferences, _ = links_of(house, reader)
    page = client.submit(client.get(preferences), "/preferences/", takes_urgent=True)
    assert page.soup.find("input", BOX).has_attr("checked")
    assert [row.takes_urgent for row in rows_of(house, Subscriber)] == [True]
    [row] = rows_of(house, Subscription)
    assert (row.topic, row.cadence) == ("security", "weekly"), "nothing else has changed"
    page = client.submit(client.get(preferences), "/preferences/", takes_urgent=False)
    assert not page.soup.find("input", BOX).has_attr("checked")
    assert [row.takes_urgent for row in rows_of(house, Subscriber)] == [False]
    assert [row.takes_urgent for row in rows_of(house, Consent)] == [False, True, False]


def test_it_ends_with_the_subscription_and_a_new_one_says_anew(house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house, choice=wish(takes_urgent=True))
    moment.moves(days=1)
    stopped(house, reader)
    moment.moves(days=1)
    assert subscribed(house) == reader
    assert [row.takes_urgent for row in rows_of(house, Subscriber)] == [False]


def test_p01_the_copy_and_the_desk_tell_it(client, officer, house, moment, mailbox):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    moment.moves(hours=1)
    changed(house, reader, wish(takes_urgent=True))
    path = private_page(client, house, mailbox, reader)
    held = json.loads(client.get(f"{path}/copy.json").data)
    assert held["subscriber"]["takes_urgent"] is True
    assert [consent["takes_urgent"] for consent in held["consents"]] == [False, True]
    facts = officer.get(f"/desk/subscribers/{reader}").soup.find(class_="case-facts")
    assert [dl.get_text().count(SAID["en"]) for dl in facts.find_all("dl")] == [1, 0, 1]
