"""A mailing leaves: once to each person and address, in the reader's own words, and what became of it is known."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from config import ROOT, Settings
from outreach import clock
from outreach.audit import AuditEntry
from outreach.briefings import jobs, planning, releasing
from outreach.briefings.models import ACCEPTED, CANCELLED, FAILED, PENDING, READY, SENT, SKIPPED, STOPPED
from outreach.contacts.models import Interaction, Person
from outreach.errors import IllegalMove
from outreach.house import House
from outreach.mail import jobs as delivery
from outreach.mail import suppressions, transports
from outreach.mail.models import OutboxEmail
from tests.briefings.conftest import Briefing
from tests.support.mailbox import Mailbox
from tests.support.moment import Moment
from tests.support.processes import environment
from tests.support.smtp_server import MailServer


def mails(house: House) -> int:
    with house.db.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxEmail).where(OutboxEmail.kind == "briefing")) or 0


def test_each_reader_gets_it_in_their_own_language_and_script(briefing: Briefing, mailbox: Mailbox) -> None:
    for variant in ("en", "lat", "cir"):
        briefing.person(f"{variant}@example.org", preferred_variant=variant)
    briefing.released()
    briefing.carry_on()
    english, latin, cyrillic = (mailbox.to(f"{variant}@example.org")[0] for variant in ("en", "lat", "cir"))
    assert (english.subject, latin.subject, cyrillic.subject) == (
        "Open day on Friday", "Otvoreni dan u petak", "Отворени дан у петак",
    )  # fmt: skip
    assert "Doors open at ten.\n\nBring a badge." in english.text.replace("\r\n", "\n")
    assert "Vrata se otvaraju u deset." in latin.text
    assert "Врата се отварају у десет." in cyrillic.text
    assert "MEDIA ADVISORY" in english.text.upper()


def test_without_a_translation_a_reader_gets_the_original_and_is_told(briefing: Briefing, mailbox: Mailbox) -> None:
    briefing.person("en@example.org", preferred_variant="en")
    briefing.released(subject_en="", text_en="")
    briefing.carry_on()
    (mail,) = mailbox.to("en@example.org")
    assert mail.subject == "Otvoreni dan u petak"
    assert "Not translated yet; this is the original." in mail.text
    assert 'lang="sr-Latn"' in mail.html


def test_terms_and_embargo_stand_first_on_both_clocks(briefing: Briefing, mailbox: Mailbox, moment: Moment) -> None:
    briefing.person("en@example.org")
    briefing.released(
        terms="background", embargo_at=moment.now().replace(day=25, hour=15), embargo_zone="Europe/Belgrade",
        also_zone="America/New_York",
    )  # fmt: skip
    briefing.carry_on()
    (mail,) = mailbox.to("en@example.org")
    words = " ".join(mail.text.split())
    when = "Wed 25 Nov 2026, 16:00 Belgrade (CET, UTC+1), 10:00 in New York"
    assert f"EMBARGO: not for publication before {when}." in words
    assert "ON BACKGROUND: you may publish" in words
    assert words.index("EMBARGO") < words.index("Doors open")


def test_who_gets_nothing_is_told_why(briefing: Briefing, house: House) -> None:
    reached = briefing.person("first@example.org", "second@example.org")
    why = {
        briefing.person("other@example.org", do_not_contact=True): "do not contact",
        briefing.person(): "no address",
        briefing.person("not an address"): "cannot be addressed",
        briefing.person("gone@example.org", "spare@example.org"): "suppressed",
        briefing.person("FIRST@example.org"): "same address",
    }
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "gone@example.org", "digests", "hard bounce", clock.now())
    mailing_id = briefing.released()
    briefing.carry_on()
    became = briefing.became(mailing_id)
    assert became.pop(reached)[0] == PENDING
    assert became == {person_id: (SKIPPED, reason) for person_id, reason in why.items()}
    assert briefing.state(mailing_id) == SENT


def test_nothing_leaves_within_twenty_seconds_nor_twice(briefing: Briefing, house: House, moment: Moment) -> None:
    briefing.people(3)
    mailing_id = briefing.ready()
    for _ in range(2):
        with house.db.transaction() as session:
            releasing.release(session, house, clock.now(), mailing_id, 2, briefing.actor)
    moment.moves(seconds=15)
    briefing.carry_on()
    assert mails(house) == 0
    moment.moves(seconds=6)
    for _ in range(3):
        briefing.carry_on()
        jobs.plan(house, mailing_id)
    assert mails(house) == 3


def test_whoever_comes_on_the_list_meanwhile_is_not_mailed_twice_with_it(briefing: Briefing, house: House) -> None:
    """A plan that begins anew serves nobody again, whatever the mailing says of how far it got."""
    briefing.people(2)
    mailing_id = briefing.released()
    briefing.carry_on()
    with house.db.transaction() as session:
        mailing = session.get_one(planning.Mailing, mailing_id)
        mailing.state, mailing.last_person_id = "released", 0
    briefing.people(1, first=2)
    briefing.carry_on()
    assert mails(house) == 3


def test_stopped_in_its_twenty_seconds_it_waits_for_the_second_word_again(briefing: Briefing, house: House) -> None:
    briefing.people(2)
    mailing_id = briefing.released()
    with house.db.transaction() as session:
        assert releasing.stop(session, clock.now(), mailing_id, briefing.actor)
    briefing.carry_on()
    assert (briefing.state(mailing_id), mails(house)) == (READY, 0)


def test_stopped_later_everything_that_was_not_claimed_is_called_back(
    briefing: Briefing, house: House, mailbox: Mailbox
) -> None:
    briefing.crowd(releasing.AT_ONCE + 20)
    mailing_id = briefing.released()
    briefing.carry_on()
    with house.db.transaction() as session:
        assert not releasing.stop(session, clock.now(), mailing_id, briefing.actor)
        assert not releasing.stop(session, clock.now(), mailing_id, briefing.actor)
    briefing.carry_on()
    mailbox.deliver()
    assert mailbox.all() == []
    assert briefing.state(mailing_id) == STOPPED
    assert set(briefing.became(mailing_id).values()) == {(CANCELLED, "stopped")}


def test_stopped_between_two_batches_nobody_else_is_planned(briefing: Briefing, house: House) -> None:
    first, second = briefing.people(2)
    mailing_id = briefing.released()
    with house.db.transaction() as session:
        mailing = session.get_one(planning.Mailing, mailing_id)
        names = planning.keep(session, house, clock.now(), planning.editions(house, mailing))
        assert planning.enter(session, house, clock.now(), mailing_id, [first], names)
    with house.db.transaction() as session:
        assert not releasing.stop(session, clock.now(), mailing_id, briefing.actor)
    with house.db.transaction() as session:
        assert not planning.enter(session, house, clock.now(), mailing_id, [second], names)
    briefing.carry_on()
    assert (briefing.state(mailing_id), list(briefing.became(mailing_id))) == (STOPPED, [first])


def test_what_has_left_cannot_be_stopped(briefing: Briefing, house: House, mailbox: Mailbox) -> None:
    briefing.people(1)
    mailing_id = briefing.released()
    briefing.carry_on()
    mailbox.deliver()
    briefing.carry_on()
    with pytest.raises(IllegalMove), house.db.transaction() as session:
        releasing.stop(session, clock.now(), mailing_id, briefing.actor)


class TestOverSmtp:
    @pytest.fixture
    def settings(self, settings: Settings, smtp_server: MailServer) -> Settings:
        from dataclasses import replace

        return replace(settings, mail_url=smtp_server.url, mail_allow=("*@example.org",))

    def test_each_copy_says_what_the_server_answered(
        self, briefing: Briefing, house: House, smtp_server: MailServer
    ) -> None:
        good, bad = briefing.person("good@example.org"), briefing.person("bad@example.org")
        refusal = "550 5.1.1 no such user"
        smtp_server.answer = lambda stage, what: refusal if (stage, what) == ("RCPT", "bad@example.org") else None
        mailing_id = briefing.released()
        briefing.carry_on()
        transport = transports.open_transport(house.settings)
        until = time.monotonic() + 120
        while PENDING in {state for state, _ in briefing.became(mailing_id).values()} and time.monotonic() < until:
            delivery.deliver(house, transport, clock.now())
            briefing.carry_on()
        transport.close()
        became = briefing.became(mailing_id)
        assert became[good][0] == ACCEPTED
        assert became[good][1].startswith("250")
        assert became[bad] == (FAILED, refusal)
        with house.db.read() as session:
            assert session.scalars(select(Interaction.person_id)).all() == [good]


def test_what_arrived_stands_on_the_person_once_and_ends_no_silence(
    briefing: Briefing, house: House, mailbox: Mailbox
) -> None:
    reached, skipped = briefing.person("one@example.org"), briefing.person()
    mailing_id = briefing.released()
    briefing.carry_on()
    mailbox.deliver()
    briefing.carry_on()
    briefing.carry_on()
    with house.db.read() as session:
        (noted,) = session.scalars(select(Interaction)).all()
        assert (noted.person_id, noted.kind, noted.ref) == (reached, "mailing", f"mailing:{mailing_id}")
        assert (noted.path, noted.summary) == (f"/desk/briefings/{mailing_id}", "Open day on Friday")
        assert session.get_one(Person, reached).last_contact_at is None
    assert briefing.became(mailing_id)[skipped] == (SKIPPED, "no address")


def test_p06_the_first_mail_carries_the_notice_and_the_second_does_not(
    briefing: Briefing, house: House, mailbox: Mailbox
) -> None:
    """GDPR Article 14; given when the mail has arrived, not when it was planned."""
    due = briefing.person("new@example.org", noticed_at=None, source="Faculty <list> & co")
    briefing.released()
    briefing.carry_on()
    assert noticed(house, due) is None
    (first,) = mailbox.to("new@example.org")
    assert "We tell you this once" in " ".join(first.text.split())
    assert "Faculty <list> & co" in first.text
    assert "Faculty &lt;list&gt; &amp; co" in first.html
    briefing.carry_on()
    assert noticed(house, due) is not None
    with house.db.read() as session:
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "person.noticed")) is not None
    briefing.released(subject_en="A second one")
    briefing.carry_on()
    second = mailbox.to("new@example.org")[1]
    assert "We tell you this once" not in second.text


def noticed(house: House, person_id: int) -> Any:
    with house.db.read() as session:
        return session.get_one(Person, person_id).noticed_at


@pytest.mark.both
def test_d06_killed_anywhere_it_goes_on_and_nobody_gets_it_twice(
    briefing: Briefing, house: House, settings: Settings
) -> None:
    briefing.crowd(3 * jobs.BATCH)
    mailing_id = briefing.released()
    program = (
        "import config; from outreach.house import House; from outreach.mail import failpoints;"
        "from outreach.briefings import jobs; settings = config.load(); failpoints.arm(settings);"
        "jobs.carry_on(House.open(settings))"
    )
    deaths = 0
    for chance in (1, *[0.5] * 40):  # the first is certain to die
        env = environment(settings, FAILPOINT=f"in_plan:kill:{chance}")
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr.decode()
        deaths += 1
    assert deaths
    briefing.carry_on()
    became = briefing.became(mailing_id)
    assert (briefing.state(mailing_id), len(became), mails(house)) == (SENT, 3 * jobs.BATCH, 3 * jobs.BATCH)


def test_a_list_that_is_no_more_mails_nobody(briefing: Briefing, house: House) -> None:
    from outreach.contacts.lists import keeping

    briefing.people(1)
    mailing_id = briefing.released()
    with house.db.transaction() as session:
        keeping.end(session, clock.now(), keeping.get(session, "list", briefing.list, to_write=True), None)
    briefing.carry_on()
    assert (briefing.state(mailing_id), mails(house)) == (SENT, 0)
