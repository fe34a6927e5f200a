"""The flight check: thirty minutes before it leaves, the desk sees the issue as it will be mailed. Default is go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from outreach.digests import flight_check
from outreach.language import Variant
from outreach.mail import suppressions
from tests.digests import givens
from tests.digests.givens import (
    ONE,
    READER,
    TWO,
    at,
    changed,
    ledger,
    opened,
    planned,
    published,
    subscribed,
    wish,
)
from tests.support.people import sign_in

FLIGHT = "/desk/digests/daily/2026-11-23/17:00"
OFFICER = "officer@example.org"


@pytest.fixture
def closed(house, moment):
    """Two items, readers of two variants; the issue of 17:00 in Belgrade has just closed."""
    opened(house, moment)
    subscribed(house)
    subscribed(house, "cir@example.org", wish(variant=Variant.CIR))
    moment.is_at(at(23, 12))
    published(house, "one", "First of all")
    moment.is_at(at(23, 13))
    published(house, "two", "Second in line", languages=["en"])
    moment.is_at(at(23, 15, 31))
    assert planned(house) == 0
    return house


def test_half_an_hour_before_it_leaves_the_issue_is_frozen_and_shown_as_it_will_be_mailed(
    closed, officer, moment, mailbox
):
    moment.is_at(at(23, 15, 40))
    published(closed, "three", "Too late for this one")
    page = officer.get(officer.get("/desk/digests/").soup.main.select_one("section section a[href*='/daily/']")["href"])
    assert page.request.path == FLIGHT
    assert "Closed; it leaves at 17:00. If all is well there is nothing to do." in page.words
    assert [th.a.get_text() for th in page.soup.select("tbody th")] == ["Second in line", "First of all"]
    assert "2 get it: English 1, Ћирилица 1." in page.words
    assert "Subject Second in line + 1 more · Mon 23 Nov" in page.words
    moment.is_at(at(23, 16, 1))
    assert planned(closed) == 2
    mail = mailbox.to(READER)[-1]
    assert mail.subject == "Second in line + 1 more · Mon 23 Nov"
    shown = page.soup.find("pre", lang="en").get_text().replace("http://localhost/en/subscribe", "")
    for line in mail.text.splitlines():
        assert "/preferences/" in line or "/unsubscribe/" in line or line.strip() in shown, line


def test_what_is_missing_dead_or_too_large_is_flagged(closed, officer):
    page = officer.get(FLIGHT)
    cyrillic = page.soup.find("pre", lang="sr-Cyrl").find_parent("details")
    assert "look at this" in cyrillic.get_text()
    assert "Second in line" in cyrillic.dl.get_text()
    english = page.soup.find("pre", lang="en").find_parent("details")
    assert "ready" in english.summary.get_text()
    assert english.get("open") is None


def test_a_link_that_leads_nowhere_is_told(closed, moment):
    with closed.db.read() as session:
        turn = flight_check.turn(closed, "daily", "2026-11-23", "17:00", moment.now())
        found = flight_check.check(
            session, closed, turn, moment.now(), Variant.EN, lambda path: not path.endswith("/one")
        )
    assert [shown.dead for shown in found.shown] == [
        (f"http://localhost/{variant.segment}/updates/2026/one",) for variant in Variant
    ]
    assert not any(shown.is_well for shown in found.shown)


def test_the_size_is_that_of_the_mail_as_sent(closed, moment, mailbox):
    with closed.db.read() as session:
        turn = flight_check.turn(closed, "daily", "2026-11-23", "17:00", moment.now())
        found = flight_check.check(session, closed, turn, moment.now(), Variant.EN, lambda _path: True)
    moment.is_at(at(23, 16, 1))
    planned(closed)
    sent = {"en": READER, "cir": "cir@example.org"}
    for shown in found.shown:
        if shown.variant.segment in sent:
            size = len(mailbox.to(sent[shown.variant.segment])[-1].data)
            assert abs(size - shown.size) < 1200, "but for the reader's own links"


def test_who_gets_nothing_is_told_with_the_reason(closed, officer, moment):
    moment.is_at(at(23, 9, 30))
    subscribed(closed, "other@example.org", wish("reform"))
    paused = subscribed(closed, "paused@example.org")
    changed(closed, paused, wish(), paused_until=at(30, 0))
    subscribed(closed, "stopped@example.org")
    with closed.db.transaction() as session:
        suppressions.suppress(session, closed, "stopped@example.org", "digests", "complaint", moment.now())
    moment.is_at(at(23, 15, 45))
    words = officer.get(FLIGHT).words
    assert "2 get it" in words
    for line in ("1: nothing new on their topics", "1: pauses", "1: mail to the address is stopped"):
        assert line in words, line


def test_held_nothing_leaves_until_it_is_let_go(closed, officer, moment):
    for _ in range(2):
        page = officer.submit(officer.get(FLIGHT), "/hold") if _ == 0 else officer.get(FLIGHT)
        assert "Held" in page.words
    moment.is_at(at(23, 16, 1))
    assert planned(closed) == 0
    moment.is_at(at(23, 17, 30))
    assert planned(closed) == 0
    officer.submit(sign_in(officer).get(FLIGHT), "/let-go")
    assert planned(closed) == 2


def test_held_and_forgotten_the_next_digest_carries_it_once(closed, officer, moment):
    officer.submit(officer.get(FLIGHT), "/hold")
    moment.is_at(at(23, 18))
    assert planned(closed) == 0
    moment.is_at(at(24, 16, 1))
    assert planned(closed) == 2
    assert ledger(closed)[READER] == [("daily", "2026-11-24", [ONE, TWO])]


def test_what_leaves_at_once_waits_behind_a_tick_that_is_held(house, officer, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="immediately"))
    moment.is_at(at(23, 12, 1))
    published(house, "one")
    moment.is_at(at(23, 12, 6))
    page = officer.get("/desk/digests/immediately/2026-11-23T1210Z/now")
    officer.submit(page, "/hold")
    for minutes in (10, 20, 60):
        moment.is_at(at(23, 12) + timedelta(minutes=minutes, seconds=2))
        assert planned(house) == 0
    officer.submit(sign_in(officer).get("/desk/digests/immediately/2026-11-23T1305Z/now"), "/let-go")
    moment.moves(minutes=5)
    assert planned(house) == 1


def test_d11_what_leaves_at_once_is_still_held_and_can_be_let_go_after_the_clock_went_back(house, officer, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="immediately"))
    moment.is_at(at(23, 12, 1))
    published(house, "one")
    moment.is_at(at(23, 12, 6))
    officer.submit(officer.get("/desk/digests/immediately/2026-11-23T1210Z/now"), "/hold")
    moment.is_at(at(22, 10, 1))
    overview = sign_in(officer).get("/desk/digests/")
    assert "Held To 0 subscribers." in overview.words
    page = officer.get(overview.soup.main.select_one("a[href*='/immediately/']")["href"])
    assert "Held Nothing leaves until you let it go." in page.words
    officer.submit(page, "/let-go")
    moment.is_at(at(23, 12, 10))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("immediately", "2026-11-23T1210Z", [ONE])]}


def test_an_item_that_is_left_out_stays_out_until_it_is_taken_in_again(closed, officer, moment):
    page = officer.get(FLIGHT)
    number = page.soup.main.select_one("form[action*='/drop/']")["action"]
    page = officer.submit(page, number)
    assert "It goes with no digest of this kind until it is taken in again." in page.words
    moment.is_at(at(23, 16, 1))
    assert planned(closed) == 2
    moment.is_at(at(24, 16, 1))
    assert planned(closed) == 0, "tomorrow it is out as well"
    assert ledger(closed)[READER] == [("daily", "2026-11-23", [ONE])]
    page = sign_in(officer).get("/desk/digests/daily/2026-11-24/17:00")
    officer.submit(page, "/put-back/")
    moment.is_at(at(25, 16, 1))
    assert planned(closed) == 2
    assert ledger(closed)[READER][-1] == ("daily", "2026-11-25", [TWO])


def test_a_line_of_the_officers_stands_in_every_copy_and_on_the_web(closed, officer, moment, mailbox, client):
    page = officer.submit(officer.get(FLIGHT), "/line", en="Closed on Friday.", sr="Zatvoreno u petak.")
    assert page.status_code == 422
    assert "in Cyrillic" in page.words
    page = officer.submit(page, "/line", en="Closed on Friday.", sr="Затворено у петак.")
    assert page.status_code == 200
    assert "Closed on Friday." in page.soup.find("pre", lang="en").get_text()
    moment.is_at(at(23, 16, 1))
    planned(closed)
    for address, line in ((READER, "Closed on Friday."), ("cir@example.org", "Затворено у петак.")):
        mail = mailbox.to(address)[-1]
        assert line in mail.text
        assert line in BeautifulSoup(mail.html, "html.parser").get_text()
    assert "Zatvoreno u petak." in client.get("/lat/digests/daily/2026-11-23").words


def test_a_test_goes_to_the_officer_alone_and_once_however_often_it_is_pressed(closed, officer, mailbox):
    for _ in range(2):
        page = officer.submit(officer.get(FLIGHT), "/test", button="variant=lat")
        assert "A test is on its way to you." in page.text
    mails = [mail for mail in mailbox.to(OFFICER) if mail.subject.startswith("Proba:")]
    assert len(mails) == 1
    assert "+ još 1" in mails[0].subject
    assert "/preferences/" not in mails[0].text
    assert ledger(closed) == {}


def test_after_it_has_left_there_is_nothing_to_decide(closed, officer, moment):
    moment.is_at(at(23, 15, 50))
    page = officer.get(FLIGHT)
    moment.is_at(at(23, 16, 1))
    planned(closed)
    assert officer.submit(page, "/hold").status_code == 409
    page = officer.get(FLIGHT)
    assert "Left" in page.words
    assert not page.soup.main.find("button", string=lambda s: s and s.strip() in ("Hold", "Keep the line"))


def test_readers_of_the_desk_may_look_and_not_decide(closed, staff):
    reader = staff("reader")
    page = reader.get(FLIGHT)
    assert not page.soup.main.find_all("form")
    assert reader.post(f"{FLIGHT}/hold").status_code in (400, 403)


@pytest.mark.parametrize("segment", ["en", "lat", "cir"])
def test_the_mail_stands_in_a_frame_that_runs_and_loads_nothing(closed, officer, segment):
    officer.checks_pages = False
    page = officer.get(f"{FLIGHT}/mail/{segment}")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "sandbox" in policy


@pytest.mark.parametrize(
    "path",
    ["daily/2026-11-01/17:00", "daily/2026-11-23/now", "daily/2026-11-23/25:00", "hourly/x/now", "immediately/x/now"],
)
def test_an_issue_that_is_not_to_come_has_no_flight_check(closed, officer, path):
    assert officer.get(f"/desk/digests/{path}").status_code == 404


def test_d17_a_title_that_cannot_be_mailed_keeps_back_no_other(closed, officer, moment, mailbox):
    moment.is_at(at(23, 14))
    published(closed, "poison", "=?utf-8?b?Qm9vIQ==?= and more")
    moment.is_at(at(23, 15, 31))
    givens.jobs.forget(closed)
    planned(closed)
    page = officer.get(FLIGHT)
    assert "The other items go without it." in page.words
    moment.is_at(at(23, 16, 1))
    assert planned(closed) == 2
    assert mailbox.to(READER)[-1].subject == "Second in line + 1 more · Mon 23 Nov"
    log = sign_in(officer).get("/desk/log").words
    assert "An item cannot be mailed" in log
