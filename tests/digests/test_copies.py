"""D-22: staff see what became of every copy, in the server's words, and may have what failed tried again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from outreach.house import House
from outreach.mail import suppressions
from outreach.mail.jobs import deliver
from outreach.mail.models import OutboxEmail
from outreach.mail.transports import ACCEPTED, REJECTED, UNCERTAIN, Answer, FilesTransport, Results
from tests.digests import givens
from tests.digests.givens import at, opened, planned, published, stopped, subscribed
from tests.support.people import sign_in

COPIES = "/desk/digests/daily/2026-11-23/copies"
REFUSED = Answer(REJECTED, 554, "5.7.1 looks like spam")
IN_DOUBT = Answer(UNCERTAIN, None, "the connection broke after the final dot")


class Server(FilesTransport):
    """A mail server that says to each reader's digest what a test wants; 250 to all other mail."""

    def __init__(self, folder: Path, **says: Answer) -> None:
        super().__init__(folder)
        self.says = says
        self.kept: list[str] = []

    def results(self, seconds: float) -> Results:
        done = []
        for envelope in self._queue:
            says = self.says if envelope.is_bulk else {}
            answer = says.get(envelope.recipient.partition("@")[0], Answer(ACCEPTED, 250, "2.0.0 kept as 12"))
            self.kept += [envelope.recipient] if answer.outcome == ACCEPTED and envelope.is_bulk else []
            done.append((envelope, answer))
        self._queue.clear()
        return done


def leaves(house: House, server: Server, moment) -> list[str]:
    """Whom the server took a digest for."""
    server.kept = []
    while deliver(house, server, moment.now()):
        pass
    return sorted(address.partition("@")[0] for address in server.kept)


@pytest.fixture
def office(house, moment):
    """Under `hold`, one issue for five readers and one who is not mailed."""
    house = replace(house, settings=replace(house.settings, mail_policy="hold"))
    opened(house, moment)
    for name in ("ana", "bo", "cilla", "dora", "ed", "stopped"):
        subscribed(house, f"{name}@example.org")
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "stopped@example.org", "digests", "complaint", moment.now())
    moment.is_at(at(23, 12))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    return house


@pytest.fixture
def server(office, moment, tmp_path):
    """Two are refused, one is in doubt, two are accepted."""
    made = Server(tmp_path / "none", ana=REFUSED, bo=REFUSED, cilla=IN_DOUBT)
    assert leaves(office, made, moment) == ["dora", "ed"]
    made.says.clear()
    return made


def tabs(page) -> dict[str, int]:
    return {
        a["href"].rpartition("/")[2]: int(a.select_one(".count").get_text()) for a in page.soup.select(".view-tabs a")
    }


def test_d22_every_planned_copy_is_in_one_state_and_the_sum_is_told(office, server, officer):
    page = officer.get(f"{COPIES}/failed")
    assert tabs(page) == {"accepted": 2, "failed": 2, "uncertain": 1, "skipped": 1}
    assert "6 copies were planned." in page.words
    assert (
        "6 copies"
        in officer.get(officer.get("/desk/digests/").soup.main.select_one("a[href*='/copies/']")["href"]).words
    )


@pytest.mark.parametrize(
    ("state", "rows", "said"),
    [
        ("accepted", 2, "250 2.0.0 kept as 12"),
        ("failed", 2, "554 5.7.1 looks like spam"),
        ("uncertain", 1, "the connection broke after the final dot"),
        ("skipped", 1, "suppressed"),
    ],
)
def test_d22_the_servers_last_words_stand_beside_each_copy(office, server, officer, state, rows, said):
    found = [tr.get_text(" ", strip=True) for tr in officer.get(f"{COPIES}/{state}").soup.select("tbody tr")]
    assert len(found) == rows
    assert all(said in row for row in found)
    assert not any(name in " ".join(found) for name in ("ana@", "dora@", "cilla@")), "no whole address"


def test_d22_trying_again_touches_only_what_certainly_failed(office, server, officer, moment):
    page = officer.submit(officer.get(f"{COPIES}/failed"), "/try-again")
    assert "2 copies leave once more." in page.words
    planned(office)
    assert leaves(office, server, moment) == ["ana", "bo"]
    page = officer.get(f"{COPIES}/accepted")
    assert tabs(page) == {"accepted": 4, "uncertain": 1, "skipped": 1}
    assert officer.post(f"{COPIES}/try-again").status_code in (302, 303, 400)
    assert leaves(office, server, moment) == []


def test_d22_d16_whoever_has_stopped_since_gets_nothing(office, server, officer, moment):
    page = officer.get(f"{COPIES}/failed")
    ana = int(page.soup.select_one("tbody a")["href"].rpartition("/")[2])
    stopped(office, ana)
    assert "1 copy leaves once more." in officer.submit(page, "/try-again").words
    planned(office)
    assert leaves(office, server, moment) == ["bo"]


def test_d22_d13_what_was_withdrawn_since_is_not_tried_again(office, server, officer, moment):
    moment.is_at(at(23, 17))
    published(office, "one", state="withdrawn")
    planned(office)
    officer.submit(sign_in(officer).get(f"{COPIES}/failed"), "/try-again")
    assert leaves(office, server, moment) == [], "nothing leaves before the planner has looked"
    planned(office)
    assert leaves(office, server, moment) == []


def test_d22_what_expired_is_in_the_next_digest_and_not_tried_again(office, officer, moment, tmp_path):
    server = Server(tmp_path / "none", ana=REFUSED)
    moment.is_at(at(25, 17))
    leaves(office, server, moment)
    page = sign_in(officer).get(f"{COPIES}/failed")
    assert "expired" in page.words
    assert "None of these can be tried again." in officer.submit(page, "/try-again").words
    moment.is_at(at(26, 16, 1))
    planned(office)
    assert givens.ledger(office)["ed@example.org"][-1] == ("daily", "2026-11-26", [givens.ONE])


@pytest.mark.parametrize("is_repeated", [True, False])
def test_d02_a_held_copy_waits_for_a_persons_word(office, server, officer, moment, is_repeated):
    assert leaves(office, server, moment) == []
    page = officer.get(f"{COPIES}/uncertain")
    page = officer.submit(page, "/repeat" if is_repeated else "/leave")
    assert ("It leaves once more." if is_repeated else "Left as it is.") in page.words
    assert leaves(office, server, moment) == (["cilla"] if is_repeated else [])
    assert tabs(officer.get(f"{COPIES}/failed")) == {
        "accepted": 2 + is_repeated, "failed": 2, "skipped": 1, **({} if is_repeated else {"cancelled": 1})
    }  # fmt: skip
    with office.db.read() as session:
        assert session.query(OutboxEmail).filter(OutboxEmail.kind == "digest").count() == 5


def test_d22_pages_of_fifty(house, officer, moment, tmp_path):
    opened(house, moment)
    for n in range(51):
        subscribed(house, f"reader{n}@example.org")
        moment.moves(minutes=2)
    moment.is_at(at(23, 15))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    planned(house)
    page = officer.get(f"{COPIES}/pending")
    assert len(page.soup.select("tbody tr")) == 50
    assert len(officer.get(page.soup.select_one(".pager a")["href"]).soup.select("tbody tr")) == 1


def test_d22_readers_of_the_desk_who_may_not_decide_see_no_button(office, server, staff):
    page = staff("contacts").get(f"{COPIES}/failed")
    assert len(page.soup.select("tbody tr")) == 2
    assert not page.soup.main.find_all("form")


@pytest.mark.parametrize(
    "path", ["daily/2026-11-24/copies/failed", "daily/2026-11-23/copies/lost", "x/y/copies/failed"]
)
def test_what_is_not_there_is_not_found(office, officer, path):
    assert officer.get(f"/desk/digests/{path}").status_code == 404
