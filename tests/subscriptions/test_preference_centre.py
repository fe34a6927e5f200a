"""The preference centre as its readers use it, in every variant: rhythms, hours, topics, less of it, and why at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach.language import Variant
from outreach.subscriptions import links, queries
from outreach.subscriptions.models import Consent, Subscriber, Subscription
from tests.digests.givens import MONDAY, READER, changed, mails, opened, planned, published, subscribed, wish
from tests.subscriptions.visits import link_in, links_of, local_path, posted, rows_of, token_of

WHY = {"en": "Why am I getting this?", "lat": "Zašto ovo dobijam?", "cir": "Зашто ово добијам?"}
WEEKLY = {
    "en": "One e-mail a week, on Friday",
    "lat": "Jedna poruka nedeljno, petkom",
    "cir": "Једна порука недељно, петком",
}
NEXT = {
    "en": "Fri 27 Nov, 08:00, if anything is new by then.",
    "lat": "pet, 27. 11. u 08:00, ako dotad bude nečeg novog.",
    "cir": "пет, 27. 11. у 08:00, ако дотад буде нечег новог.",
}


def fewer_of(house, reader, topic=None):
    with house.db.read() as session:
        return local_path(links.fewer(house, session.get_one(Subscriber, reader), topic))


def choice_of(house, reader):
    with house.db.read() as session:
        return queries.choice(session, session.get_one(Subscriber, reader))


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_p13_p14_every_rhythm_is_offered_and_the_next_date_is_told_on_both_pages(
    client, house, moment, mailbox, variant
):
    moment.is_at(MONDAY)
    posted(client, moment, variant=variant, cadence="weekly", hour="08:00")
    [mail] = mailbox.to(READER)
    assert WEEKLY[variant] in mail.text
    page = client.submit(client.get(link_in(mail, "confirm")), "/confirm/")
    assert WEEKLY[variant] in page.words
    assert NEXT[variant] in page.words.replace("\u00a0", " ")
    [subscription] = rows_of(house, Subscription)
    assert (subscription.topic, subscription.cadence) == ("*", "weekly")
    preferences, _ = links_of(house, subscription.subscriber_id)
    page = client.get(preferences)
    assert NEXT[variant] in page.words.replace("\u00a0", " ")
    assert {tag["value"] for tag in page.soup.find_all("input", {"name": "cadence"})} == {
        "immediately",
        "daily",
        "weekly",
        "monthly",
    }
    page = client.submit(page, "/preferences/", cadence="monthly", hour="12:00")
    [subscription] = rows_of(house, Subscription)
    assert (subscription.cadence, subscription.confirmed_at is not None) == ("monthly", True)
    assert "1. 12." in page.words.replace("\u00a0", " ") or "1 Dec" in page.words


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_p14_why_am_i_getting_this_gives_the_words_the_day_and_the_page_of_the_sign_up(
    client, house, moment, mailbox, variant
):
    moment.is_at(MONDAY)
    posted(client, moment, variant=variant)
    client.submit(client.get(link_in(mailbox.to(READER)[0], "confirm")), "/confirm/")
    moment.moves(days=3)
    [consent] = rows_of(house, Consent)
    preferences, _ = links_of(house, consent.subscriber_id)
    client.submit(client.get(preferences), "/preferences/", cadence="weekly")
    page = client.get(preferences)
    why = page.soup.find("section", {"aria-labelledby": "why"})
    assert WHY[variant] in why.get_text()
    assert consent.wording in why.get_text()
    assert "23" in why.find("dl").get_text()
    assert why.find("a", href=f"/{variant}/subscribe")


def test_p01_the_words_are_kept_for_each_consent_and_name_their_own_version(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    preferences, _ = links_of(house, reader)
    page = client.get(preferences)
    moment.moves(hours=1)
    client.submit(page, "/preferences/", cadence="weekly")
    first, second = rows_of(house, Consent)
    assert second.wording in page.words, "what is agreed to stands beside the button"
    assert first.version == second.version
    with house.db.transaction() as session:
        session.get_one(Consent, first.id).wording = "What the page said last year."
    assert rows_of(house, Consent)[0].version != second.version


def test_the_topic_of_a_link_alone_is_ticked_and_the_page_is_kept_with_the_consent(client, house, moment):
    page = client.get("/en/subscribe?topic=science&topic=nonsense")
    ticked = [tag["value"] for tag in page.soup.find_all("input", {"name": "topics"}, checked=True)]
    assert ticked == ["science"]
    assert page.soup.find("details", open=True)
    moment.moves(seconds=20)
    client.submit(page, "/subscribe", address=READER)
    [consent] = rows_of(house, Consent)
    assert consent.topics == ["science"]
    assert consent.source == "/en/subscribe?topic=science"
    assert len(client.get("/en/subscribe?topic=nonsense").soup.find_all("input", {"name": "topics"}, checked=True)) == 6


def test_the_real_volume_of_the_last_quarter_stands_beside_each_topic(client, house, moment):
    opened(house, moment)
    assert "(0" not in client.get("/en/subscribe").words, "a newsroom of today has no past to tell from"
    moment.moves(days=1)
    published(house, "one", topics=("security", "science"))
    moment.moves(days=60)
    published(house, "two", topics=("security",))
    words = client.get("/en/subscribe").words
    assert "Since 23 November 2026 there were 2 updates." in words
    assert "Security and training (2 updates)" in words
    assert "Scientific cooperation (1 update)" in words
    moment.moves(days=60)
    words = client.get("/en/subscribe").words
    assert "In the last three months there was 1 update." in words
    assert "Scientific cooperation (0 updates)" in words


@pytest.mark.parametrize("variant", [Variant.EN, Variant.LAT, Variant.CIR])
def test_fewer_like_this_is_one_button_to_the_next_slower_rhythm(client, house, moment, variant):
    moment.is_at(MONDAY)
    reader = subscribed(house, choice=wish(cadence="immediately", variant=variant))
    consents = len(rows_of(house, Consent))
    for slower in ("daily", "weekly", "monthly"):
        moment.moves(hours=1)
        page = client.get(fewer_of(house, reader))
        [button] = [
            form for form in page.soup.find("main").find_all("form") if not form.find("button", {"name": "topic"})
        ]
        answer = client.post(button["action"], follow_redirects=True)
        assert answer.soup.find(attrs={"role": "status"})
        assert choice_of(house, reader).cadence == slower
    page = client.get(fewer_of(house, reader))
    assert all(form.find("button", {"name": "topic"}) for form in page.soup.find("main").find_all("form"))
    assert len(rows_of(house, Consent)) == consents, "wanting less is no new consent"


def test_fewer_like_this_drops_the_topic_that_the_digest_named(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    page = client.get(fewer_of(house, reader, "science"))
    [form] = [form for form in page.soup.find("main").find_all("form") if form.find("button", {"name": "topic"})]
    client.post(form["action"], data={"topic": form.button["value"]})
    assert choice_of(house, reader).topics == ("partnership", "security", "reform", "trust-funds", "office")
    changed(house, reader, wish("science"))
    page = client.get(fewer_of(house, reader, "science"))
    assert not page.soup.find("button", {"name": "topic"}), "the last topic is not dropped: that would be stopping"
    client.post(fewer_of(house, reader), data={"topic": "science"})
    assert choice_of(house, reader).topics == ("science",)
    client.post(fewer_of(house, reader), data={"topic": "nonsense"})
    assert choice_of(house, reader) == wish("science")


def test_d15_having_less_loses_and_repeats_nothing(client, house, moment):
    opened(house, moment)
    reader = subscribed(house)
    moment.moves(hours=1)
    published(house, "one", topics=("security",))
    client.post(fewer_of(house, reader))
    moment.is_at(MONDAY + timedelta(days=4, hours=7, minutes=1))
    planned(house)
    assert len(mails(house)) == 1
    client.post(fewer_of(house, reader), data={"topic": "science"})
    moment.is_at(MONDAY + timedelta(days=11, hours=7, minutes=1))
    planned(house)
    assert len(mails(house)) == 1


def test_the_page_of_one_who_stopped_has_no_button_for_less(client, house, moment):
    reader = subscribed(house)
    _, unsubscribe = links_of(house, reader)
    moment.moves(hours=1)
    client.post(unsubscribe)
    assert not client.get(fewer_of(house, reader)).soup.find("main").find("form")
    assert client.post(fewer_of(house, reader)).status_code == 200
    assert client.get("/en/fewer/nonsense").status_code == 404
    assert client.post("/en/fewer/nonsense").status_code == 404


def test_stopping_offers_less_first_and_needs_no_question(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house)
    _, unsubscribe = links_of(house, reader)
    page = client.submit(client.get(unsubscribe), "/fewer/")
    assert page.request.path.startswith("/en/preferences/")
    assert choice_of(house, reader).cadence == "weekly"


def test_an_hour_that_the_office_has_given_up_stays_the_readers_own(client, house, moment):
    moment.is_at(MONDAY)
    reader = subscribed(house, choice=wish(hour="06:30"))
    preferences, _ = links_of(house, reader)
    page = client.get(preferences)
    assert page.soup.find("input", {"name": "hour", "value": "06:30"}).has_attr("checked")
    assert client.submit(page, "/preferences/").status_code == 200
    assert choice_of(house, reader).hour == "06:30"
    assert posted(client, moment, "second@example.org").status_code == 200


@pytest.mark.parametrize("day", ["2026-11-23", "2028-01-01", "9999-12-31", ""])
def test_a_pause_ends_within_a_year_and_a_wrong_day_loses_nothing(client, house, moment, day):
    moment.is_at(MONDAY)
    preferences, _ = links_of(house, subscribed(house))
    page = client.submit(client.get(preferences), "/preferences/", pause="until", pause_until=day, cadence="weekly")
    assert page.status_code == 422
    assert page.soup.find(id="pause_until-error")
    assert page.soup.find("input", {"name": "cadence", "value": "weekly"}).has_attr("checked")


def test_during_a_pause_the_page_promises_the_first_mail_after_it(client, house, moment):
    moment.is_at(MONDAY)
    preferences, _ = links_of(house, subscribed(house))
    page = client.submit(client.get(preferences), "/preferences/", pause="until", pause_until="2026-12-05")
    assert "Paused until 5 December 2026. Next e-mail: Mon 7 Dec, 17:00" in page.words


def test_no_topic_leads_to_the_topics_and_to_the_stop(client, house):
    preferences, _ = links_of(house, subscribed(house))
    page = client.submit(client.get(preferences), "/preferences/", topics=[])
    assert page.soup.find(class_="error-summary").find("a", href="#topics")
    assert page.soup.find(id="topics-error").find("a", href="#stop")
    assert page.soup.find(id="stop")


def test_every_private_page_keeps_its_token_in_the_other_languages(client, house):
    preferences, unsubscribe = links_of(house, subscribed(house))
    for path in (preferences, unsubscribe):
        switch = client.get(path).soup.find(class_="script-switch")
        assert switch.find("a", href=f"/cir/{path.split('/')[2]}/{token_of(path)}")


def test_the_longest_source_of_a_consent_fits_its_column(client, house, moment):
    topics = "&".join(f"topic={topic.id}" for topic in house.office.topics)
    page = client.get(f"/en/subscribe?{topics}&topic={'x' * 300}")
    moment.moves(seconds=20)
    assert client.submit(page, "/subscribe", address=READER).status_code == 200
    with house.db.read() as session:
        assert len(session.scalars(select(Consent.source)).one()) <= 120
