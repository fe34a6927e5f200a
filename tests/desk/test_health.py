"""The health page: each promise of D-23 on a line of its own, who works, and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from outreach.desk import health
from outreach.digests import jobs, watch
from outreach.mail.models import PENDING, UNCERTAIN, MailboxRead, MailWorker, OutboxEmail
from tests.digests.givens import one_planned
from tests.support import content


@pytest.fixture
def content_dir(tmp_path):
    """Next to nothing, and the test may change it."""
    return content.little(tmp_path / "content")


@pytest.fixture
def well(content_dir, house, moment, mailbox):
    """A digest has arrived, somebody plans and somebody delivers."""
    one_planned(house, moment)
    mailbox.deliver()
    jobs.watch(house)
    with house.db.transaction() as session:
        session.add(MailWorker(seat=0, fence=7, beat=1, beat_at=moment.now(), held=[]))
    return house


def lines(page) -> dict[str, str]:
    return {tr.th.get_text(): tr.get_text(" ", strip=True) for tr in page.soup.select("tbody tr")}


def test_d23_all_is_well_and_every_promise_is_named(well, officer):
    page = officer.get("/desk/health")
    found = lines(page)
    assert set(watch.PROMISES.values()) <= set(found)
    assert all("in order" in words for words in found.values()), found
    assert "last 23 Nov 2026, 17:01" in found["Delivery of mail"]
    assert officer.get(officer.get("/desk/").soup.select_one("a[href='/desk/health']")["href"]).status_code == 200


def test_d23_a_broken_promise_stands_beside_its_line_with_its_instant(well, officer, moment):
    with well.db.transaction() as session:
        mail = session.query(OutboxEmail).filter(OutboxEmail.kind == "digest").one()
        mail.state, mail.accepted_at = UNCERTAIN, None
    jobs.watch(well)
    page = officer.get("/desk/health")
    broken = {name: words for name, words in lines(page).items() if "look at this" in words}
    assert set(broken) == {watch.PROMISES[watch.IN_DOUBT], "Outgoing mail"}
    assert "Nobody knows whether a mail arrived. since 23 Nov 2026, 17:01" in broken[watch.PROMISES[watch.IN_DOUBT]]


@pytest.mark.parametrize("minutes", [2, 7])
def test_a_worker_or_a_planner_that_stands_still_is_seen(well, officer, moment, minutes):
    moment.moves(minutes=minutes, seconds=1)
    found = lines(officer.get("/desk/health"))
    assert "look at this" in found["Delivery of mail"]
    assert ("look at this" in found["Planning of digests"]) is (minutes == 7)


def test_mail_that_waits_and_a_mailbox_that_cannot_be_read(well, moment):
    reading = replace(well, settings=replace(well.settings, inbound_url="imaps://reader@example.org/INBOX"))
    with well.db.transaction() as session:
        mail = session.query(OutboxEmail).filter(OutboxEmail.kind == "digest").one()
        mail.state, mail.accepted_at, mail.next_at = PENDING, None, moment.now() - timedelta(hours=2)
        session.add(MailboxRead(id=1, read_at=moment.now(), failed_at=moment.now(), fault="no route"))
    with well.db.read() as session:
        found = health.of(session, reading, moment.now())
        assert health.of(session, well, moment.now()).mailbox is None
    assert found.mailbox is not None
    assert (found.mailbox.is_well, found.mailbox.fault) == (False, "no route")
    assert not found.mail.is_well
    assert not found.is_well
