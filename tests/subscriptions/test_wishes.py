"""Wishes from another room: the ordinary opt-in with its limits, each wish taken up once."""

from __future__ import annotations

from outreach.contacts import wishes
from outreach.contacts.models import Wish
from outreach.language import Variant
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import jobs, limits
from outreach.subscriptions.models import ConfirmationMail, Consent
from tests.digests.givens import MONDAY, READER, subscribed
from tests.subscriptions.visits import rows_of


def wished(house, moment, *addresses, variant=Variant.EN):
    """Each address once, by an inquiry of its own."""
    with house.db.transaction() as session:
        for address in addresses:
            ref = f"inquiry:{len(session.query(Wish).all())}-{address}"
            wishes.note(session, moment.now(), ref, address, variant, "inquiry form", "Also send me: everything.")


def test_p01_the_words_that_stood_there_are_kept_and_a_second_run_does_nothing(house, moment):
    moment.is_at(MONDAY)
    wished(house, moment, READER, variant=Variant.LAT)
    for _ in range(2):
        jobs.take_up_wishes(house)
    [consent] = rows_of(house, Consent)
    assert (consent.wording, consent.variant, consent.wants_variant) == ("Also send me: everything.", "lat", "lat")
    assert (consent.source, consent.method) == ("inquiry form", "form, confirmed by mail")
    assert [mail.kind for mail in rows_of(house, OutboxEmail)] == ["subscription_confirm"]
    assert rows_of(house, Wish) == []


def test_f04_the_limits_of_a_mailbox_hold_and_what_is_over_them_is_let_go(house, moment):
    moment.is_at(MONDAY)
    wished(house, moment, READER, READER, "r.eader@example.org")
    jobs.take_up_wishes(house)
    assert (len(rows_of(house, ConfirmationMail)), rows_of(house, Wish)) == (1, [])


def test_f04_what_is_too_much_for_an_hour_is_kept_back(house, moment):
    moment.is_at(MONDAY)
    wished(house, moment, *(f"reader{number}@example.org" for number in range(limits.EVERYBODY + 2)))
    jobs.take_up_wishes(house)
    assert rows_of(house, Wish) == []
    assert sum(mail.sent_at is None for mail in rows_of(house, ConfirmationMail)) == 2
    moment.moves(minutes=61)
    jobs.send_kept_back(house)
    assert len(rows_of(house, OutboxEmail)) == limits.EVERYBODY + 2


def test_m14_a_suppressed_address_is_not_mailed(house, moment):
    with house.db.transaction() as session:
        suppressions.suppress(session, house, READER, suppressions.ALL, "hard bounce", moment.now())
    wished(house, moment, READER)
    jobs.take_up_wishes(house)
    assert (rows_of(house, OutboxEmail), rows_of(house, Wish)) == ([], [])


def test_whoever_subscribes_already_is_left_in_peace_in_any_spelling(house, moment):
    moment.is_at(MONDAY)
    subscribed(house, READER)
    before = len(rows_of(house, OutboxEmail))
    moment.moves(days=1)  # no limit stands in the way
    wished(house, moment, READER.capitalize())
    jobs.take_up_wishes(house)
    assert (len(rows_of(house, OutboxEmail)), len(rows_of(house, Consent)), rows_of(house, Wish)) == (before, 1, [])
