"""Who is not mailed any more: by a mail of their own, and by what came back, on each path (M-09, M-14)."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from outreach import clock
from outreach.house import House
from outreach.mail.inbound import jobs as inbound
from outreach.subscriptions import jobs as subscriptions
from outreach.subscriptions import links
from tests.digests import givens
from tests.mail import strangers
from tests.mail.came_in import STOPS_AT, bounced, rows, states, subscriber
from tests.mail.turns import Put
from tests.support import quick
from tests.support.moment import Moment
from tests.support.processes import environment


def written(house: House, subscriber_id: int, subject: str = "{token}", **given: Any) -> None:
    """A mail program writes to the address that the header names."""
    token = links.token(house, subscriber(house, subscriber_id), "unsubscribe")
    inbound.receive(house, strangers.mail("", subject=subject.format(token=token), to=STOPS_AT, **given))
    subscriptions.stop_by_mail(house)


@pytest.mark.parametrize("subject", ["{token}", "unsubscribe {token}", "Re: {token}", "=?utf-8?q?{token}?="])
def test_m09_a_mail_to_the_address_of_the_header_stops_the_subscriber(office: House, subject: str) -> None:
    mine, other = givens.subscribed(office), givens.subscribed(office, "other@example.org")
    written(office, mine, subject)
    assert (subscriber(office, mine).ended_reason, subscriber(office, other).ended_at) == ("by mail", None)
    assert states(office) == [("unsubscribe", "settled", "stopped")]
    assert [(row.raw, row.token) for row in rows(office)] == [(None, None)]


def test_m09_the_same_mail_and_another_one_change_nothing_more(office: House, moment: Moment) -> None:
    mine = givens.subscribed(office)
    written(office, mine)
    ended_at = subscriber(office, mine).ended_at
    moment.moves(hours=1)
    written(office, mine)
    written(
        office, mine, more="Auto-Submitted: auto-generated\nReturn-Path: <>\nPrecedence: bulk\n", subject="stop {token}"
    )
    assert subscriber(office, mine).ended_at == ended_at
    assert [state for _, state, _ in states(office)] == ["settled", "settled"]


def test_m09_a_wrong_token_changes_nothing_and_waits(office: House) -> None:
    mine = givens.subscribed(office)
    row = subscriber(office, mine)
    good, other = links.token(office, row, "unsubscribe"), links.token(office, row, "preferences")
    for subject in (good[:-1] + ("A" if good[-1] != "A" else "B"), other, good.swapcase(), "unsubscribe"):
        inbound.receive(office, strangers.mail(subject, subject=subject, to=STOPS_AT))
        subscriptions.stop_by_mail(office)
    assert subscriber(office, mine).is_live
    assert [state for _, state, _ in states(office)] == ["unmatched"] * 4
    assert {reason for _, _, reason in states(office)} == {"wrong token", "no token"}


def test_m09_the_header_names_that_address_and_the_token_of_the_copy(
    office: House, moment: Moment, mailbox: Any
) -> None:
    mine = givens.subscribed(office)
    moment.moves(minutes=1)
    givens.published(office, "first")
    moment.is_at(givens.at(23, 16, 1))
    givens.planned(office)
    (mail,) = mailbox.to(givens.READER)[-1:]
    way = re.fullmatch(
        rf"<http://localhost/en/unsubscribe/([\w.-]+)>,\s+<mailto:{re.escape(STOPS_AT)}\?subject=([\w.-]+)>",
        str(mail.message["List-Unsubscribe"]),
    )
    assert way, mail.message["List-Unsubscribe"]
    assert way[1] == way[2] == links.token(office, subscriber(office, mine), "unsubscribe")
    inbound.receive(office, strangers.mail("", subject=way[2], to=STOPS_AT))
    subscriptions.stop_by_mail(office)
    assert subscriber(office, mine).ended_reason == "by mail"


def test_m14_a_hard_bounce_stops_the_digest_that_waits_and_those_to_come(
    office: House, moment: Moment, mailbox: Any
) -> None:
    givens.subscribed(office)
    moment.moves(minutes=1)
    givens.published(office, "first")
    moment.is_at(givens.at(23, 16, 1))
    givens.planned(office)
    bounced(office)
    mailbox.deliver()
    (copy,) = givens.mails(office)
    assert (copy.state, copy.reason) == ("cancelled", "suppressed")
    givens.published(office, "second")
    moment.is_at(givens.at(24, 16, 1))
    givens.planned(office)
    assert len(givens.mails(office)) == 1


def test_m14_a_bounced_address_is_sent_no_confirmation_and_the_form_does_not_tell(
    office: House, moment: Moment
) -> None:
    mine = givens.subscribed(office)
    givens.stopped(office, mine)
    bounced(office)
    before = len(givens.mails(office, "subscription_confirm"))
    moment.moves(hours=1)
    assert asked_again(office) == "suppressed"
    assert len(givens.mails(office, "subscription_confirm")) == before


def asked_again(house: House) -> str:
    from outreach.language import Variant
    from outreach.subscriptions import optin

    with house.db.transaction() as session:
        asked = optin.request(
            session,
            house,
            clock.now(),
            address=givens.READER,
            choice=givens.wish(),
            shown=Variant.EN,
            source="/en/subscribe",
        )
    return asked


def test_m14_a_bounced_address_is_not_taken_in_from_a_list(office: House, tmp_path: Path) -> None:
    mine = givens.subscribed(office)
    givens.stopped(office, mine)
    bounced(office)
    file = tmp_path / "list.csv"
    file.write_text(f"address,consent_date\n{givens.READER},2026-11-23\nnew@example.org,2026-11-20\n")
    words = quick.line("outreach", "subscribers", "import", str(file), "--proof", "They asked", "--apply")
    run = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, env=environment(office.settings), timeout=60, check=False
    )
    assert "suppressed" in run.stdout, run.stdout + run.stderr
    assert not subscriber(office, mine).is_live


def test_m14_a_refusal_at_the_door_suppresses_and_one_of_the_content_does_not(house: House, enqueued: Put) -> None:
    from contextlib import closing

    from outreach.mail.jobs import deliver
    from outreach.mail.relay import SmtpTransport
    from outreach.mail.suppressions import is_suppressed
    from tests.mail.letters import AT
    from tests.mail.sink import Sink

    office = replace(house, settings=replace(house.settings, mail_allow=("*@example.org",)))
    for fault, to, is_stopped in (("550_rcpt", "gone@example.org", True), ("554_dot", "there@example.org", False)):
        enqueued(to)
        with (
            Sink(fault) as sink,
            closing(SmtpTransport(sink.url, "example.org", reply_within=60, dot_within=60)) as transport,
        ):
            assert deliver(office, transport, AT)
        with house.db.read() as session:
            assert is_suppressed(session, house, to, "all") is is_stopped
