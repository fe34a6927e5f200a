"""Asking and confirming: limits against bombing, one page whatever is known, links that bear being pressed twice."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.errors import NotFound
from outreach.language import Variant
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import jobs, limits, links, optin, queries, stopping
from outreach.subscriptions.models import ConfirmationMail, Consent, Subscriber, Subscription
from tests.digests.givens import MONDAY, READER, subscribed, wish
from tests.support.client import open_client


def asks(house, moment, address=READER, choice=None, shown=Variant.EN):
    with house.db.transaction() as session:
        return optin.request(
            session, house, moment.now(), address=address, choice=choice or wish(), shown=shown, source="/en/subscribe"
        )


def rows(house, model):
    with house.db.read() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def test_p01_the_consent_keeps_the_words_their_language_the_times_and_the_page(house, moment):
    moment.is_at(MONDAY)
    asks(house, moment, shown=Variant.CIR, choice=wish("security", variant=Variant.LAT))
    [consent] = rows(house, Consent)
    assert consent.variant == "cir"
    assert consent.wants_variant == "lat"
    assert consent.topics == ["security"]
    assert consent.wording
    assert consent.source == "/en/subscribe"
    assert consent.method == "form, confirmed by mail"
    assert abs(consent.requested_at - MONDAY) < timedelta(minutes=1)
    assert consent.confirmed_at is None
    assert not {"ip", "address", "agent"} & set(Consent.__table__.columns.keys())


def test_nothing_but_the_confirmation_is_sent_before_it_is_confirmed(house, moment):
    assert asks(house, moment) == "sent"
    assert [mail.kind for mail in rows(house, OutboxEmail)] == ["subscription_confirm"]
    [subscription] = rows(house, Subscription)
    assert subscription.state == "requested"


def test_confirming_begins_the_subscription_and_confirming_again_is_no_error(house, moment):
    reader = subscribed(house)
    [consent] = rows(house, Consent)
    moment.moves(days=2)
    with house.db.transaction() as session:
        assert optin.confirm(session, moment.now(), consent.id) == "already"
    [subscription] = rows(house, Subscription)
    assert subscription.state == "confirmed"
    assert subscription.subscriber_id == reader
    assert rows(house, Consent)[0].confirmed_at == consent.confirmed_at


def test_a_link_from_before_a_stop_begins_nothing_again(house, moment):
    reader = subscribed(house)
    [consent] = rows(house, Consent)
    moment.moves(hours=1)
    with house.db.transaction() as session:
        stopping.stop(session, moment.now(), reader, "test")
    with house.db.transaction() as session:
        assert optin.confirm(session, moment.now(), consent.id) == "ended"
    with house.db.transaction() as session, pytest.raises(NotFound):
        optin.confirm(session, moment.now(), 4711)


def test_who_asks_twice_may_press_the_button_in_either_mail(house, moment):
    asks(house, moment, choice=wish("security"))
    moment.moves(hours=1)
    asks(house, moment, choice=wish("science"))
    first, second = rows(house, Consent)
    with house.db.transaction() as session:
        assert optin.confirm(session, moment.now(), first.id) == "confirmed"
    with house.db.read() as session:
        assert set(queries.live(session, first.subscriber_id)) == {"security"}
    with house.db.transaction() as session:
        assert optin.confirm(session, moment.now(), second.id) == "already"


def test_stopped_and_subscribed_again_is_the_same_subscriber(house, moment):
    reader = subscribed(house)
    moment.moves(hours=1)
    with house.db.transaction() as session:
        stopping.stop(session, moment.now(), reader, "test")
    moment.moves(hours=1)
    assert subscribed(house, choice=wish("science", cadence="immediately")) == reader
    with house.db.read() as session:
        live = queries.live(session, reader)
        assert {topic: row.cadence for topic, row in live.items()} == {"science": "immediately"}
        assert session.get_one(Subscriber, reader).is_live


def test_already_subscribed_says_so_by_mail_alone_and_changes_nothing(house, moment):
    reader = subscribed(house)
    moment.moves(hours=1)
    assert asks(house, moment, choice=wish("science")) == "sent"
    assert [mail.kind for mail in rows(house, OutboxEmail)] == ["subscription_confirm", "subscription_already"]
    with house.db.read() as session:
        assert set(queries.live(session, reader)) == {"*"}


def test_f04_a_suppressed_address_gets_nothing(house, moment):
    with house.db.transaction() as session:
        suppressions.suppress(session, house, READER, "all", "complaint", moment.now())
    assert asks(house, moment) == "suppressed"
    assert rows(house, OutboxEmail) == []


def test_f04_one_mail_in_a_quarter_of_an_hour_three_a_day_five_in_thirty_days(house, moment):
    moment.is_at(MONDAY)
    sent = []
    for minutes in range(0, 60 * 24 * 34, 300):
        moment.is_at(MONDAY + timedelta(minutes=minutes))
        sent += [minutes] if asks(house, moment) == "sent" else []
    assert len([at for at in sent if at < 60 * 24]) == 3
    assert len([at for at in sent if at < 60 * 24 * 30]) == 5
    assert len(sent) > 5, "after thirty days it may ask again"


def test_f04_a_thousand_posts_for_one_mailbox_are_at_most_three_mails_a_day(house, moment):
    moment.is_at(MONDAY)
    for n in range(1000):
        if n % 10 == 0:
            moment.is_at(MONDAY + timedelta(minutes=n))
        asks(house, moment, address=f"vic.tim+{n}@example.org" if n % 2 else "v.ictim@example.org")
    assert len(rows(house, OutboxEmail)) == 3
    assert len({row.counted_as for row in rows(house, ConfirmationMail)}) == 1


def test_f04_posts_from_many_networks_for_one_mailbox_are_one_mail_and_nobody_is_told(app, house, moment):
    moment.is_at(MONDAY)
    client = open_client(app)
    page = client.get("/en/subscribe")
    moment.moves(seconds=20)
    answers = set()
    for n in range(60):
        client.environ_base["REMOTE_ADDR"] = f"10.{n}.0.1"
        answer = client.submit(page, "/subscribe", follow=False, address="victim@example.org")
        answers.add((answer.status_code, client.get(answer.headers["Location"]).words))
    assert len(answers) == 1
    assert len(rows(house, OutboxEmail)) == 1


def test_f04_two_posts_at_once_are_one_mail(house, moment):
    start, said = Barrier(4), []

    def post() -> None:
        start.wait()
        said.append(asks(house, moment))

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["sent", "too often", "too often", "too often"]
    assert len(rows(house, OutboxEmail)) == 1


def test_f04_past_sixty_an_hour_mails_are_kept_back_with_one_alert_and_leave_later(house, moment):
    moment.is_at(MONDAY)
    said = [asks(house, moment, address=f"reader{n}@example.org") for n in range(limits.EVERYBODY + 5)]
    assert said.count("sent") == limits.EVERYBODY
    assert said.count("kept back") == 5
    assert [entry.action for entry in rows(house, AuditEntry)] == ["subscriptions.breaker"]
    jobs.send_kept_back(house)
    assert len(rows(house, OutboxEmail)) == limits.EVERYBODY
    moment.moves(hours=1, minutes=1)
    jobs.send_kept_back(house)
    assert len(rows(house, OutboxEmail)) == limits.EVERYBODY + 5
    jobs.send_kept_back(house)
    assert len(rows(house, OutboxEmail)) == limits.EVERYBODY + 5


def test_p03_an_address_that_never_confirmed_is_forgotten_after_seven_days(house, moment):
    moment.is_at(MONDAY)
    kept = subscribed(house, "kept@example.org")
    asks(house, moment)
    moment.moves(days=6)
    jobs.forget_unconfirmed(house)
    assert len(rows(house, Subscriber)) == 2
    moment.moves(days=1, minutes=1)
    jobs.forget_unconfirmed(house)
    assert [row.id for row in rows(house, Subscriber)] == [kept]
    assert {row.subscriber_id for row in rows(house, Consent)} == {kept}


def test_f07_a_token_serves_one_purpose_and_the_row_says_which_key_made_it(house, moment):
    reader = subscribed(house)
    now = moment.now()
    with house.db.read() as session:
        subscriber = session.get_one(Subscriber, reader)
        [consent] = session.scalars(select(Consent))
        made = {
            "confirm": links.confirm(house, subscriber, consent).rpartition("/")[2],
            "preferences": links.preferences(house, subscriber).rpartition("/")[2],
            "unsubscribe": links.unsubscribe(house, subscriber).rpartition("/")[2],
        }
        assert subscriber.key_id == house.tokens.key_id
    for purpose, token in made.items():
        for other in made:
            assert (links.read(house, other, token, now) is not None) is (other == purpose)  # type: ignore[arg-type]
        assert links.read(house, purpose, token[:-1] + ("A" if token[-1] != "A" else "B"), now) is None  # type: ignore[arg-type]
    later = now + timedelta(days=7, minutes=1)
    assert links.read(house, "confirm", made["confirm"], later) is None
    assert links.read(house, "unsubscribe", made["unsubscribe"], later + timedelta(days=800)) == reader
