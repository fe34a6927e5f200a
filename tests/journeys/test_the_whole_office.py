"""The whole journey over HTTP and SMTP, against the processes that a user's command starts, through four days of November 2026.

A journalist asks, the office answers, subscribers hear what was published, once each, and one of them stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.journeys.people import Journalist, Officer, Reader
from tests.support.browser import Visitor
from tests.support.moment import Moment
from tests.support.processes import Office, command, wait_until
from tests.support.smtp_server import MailServer, Received

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Belgrade, a working day
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (datetime(2026, 11, day, 7, 1, tzinfo=UTC) for day in (24, 25, 26, 27))  # 08:01
VARIANTS = ("en", "lat", "cir")
REFERENCE = re.compile(r"\b26-\d{5}-\d\b")
QUESTIONS = "Koliko je radionica održano ove godine?\nKo može da prijavi učešće?"
ANSWERS = ("Održane su tri radionice.", "Mogu se prijaviti sve redakcije.")


@dataclass
class Story:
    """What every chapter needs: the running office, its clock, its mail and its folder of content."""

    office: Office
    moment: Moment
    mail: MailServer
    content: Path

    def newest_mail(self, address: str, count: int) -> Received:
        """The last of exactly `count` mails of this address."""
        mails = self.mail.wait_for(address, count)
        assert len(mails) == count, [mail.subject for mail in mails]
        return mails[-1]

    def writes(self, name: str, code: str, english: str, serbian: str, state: str = "published") -> None:
        """An editor puts an update into content/, in English and in Serbian."""
        folder = self.content / "updates" / "2026"
        for language, title in (("sr", serbian), ("en", english)):
            head = f"id: {code}\nkind: update\ntitle: {title}\nsummary: {title}.\ntopics: [office]\nstate: {state}\nas_of: 2026-11-24"
            (folder / f"{name}.{language}.md").write_text(f"---\n{head}\n---\n{title}.\n")

    def sees(self, title: str, path: str) -> None:
        """Wait until a visitor reads this title on a page."""
        visitor = Visitor(self.office.url)
        wait_until(lambda: title in visitor.opens(path).words, self.office.printed)

    def passes_undo(self) -> None:
        """The minutes in which a mistake can be taken back before mails leave at once."""
        self.moment.moves(minutes=11)


def test_the_whole_office(
    office_processes: Callable[..., Office], moment: Moment, smtp_server: MailServer, content_dir: Path
) -> None:
    moment.is_at(MONDAY)
    story = Story(office_processes(), moment, smtp_server, content_dir)
    home = story.office.url
    the_newsroom_shows_its_pages_in_three_variants(story)
    journalist, officer = Journalist(home, "lat", "reporter@example.org"), Officer(home)
    reference = a_journalist_asks(story, journalist)
    the_office_answers(story, officer, journalist, reference)
    at_once, daily = Reader(home, "cir", "at.once@example.org"), Reader(home, "lat", "daily@example.org")
    two_readers_subscribe(story, at_once, daily)
    an_update_reaches_each_of_them_once(story, at_once, daily)
    an_update_published_on_the_desk_reaches_them_too(story, officer, at_once, daily)
    one_of_them_changes_the_script_without_an_account(story, daily)
    one_of_them_stops_and_gets_nothing_more(story, at_once, daily)
    assert "Traceback" not in story.office.printed(), story.office.printed()
    assert story.office.stop() == 0


def the_newsroom_shows_its_pages_in_three_variants(story: Story) -> None:
    """1. The office's pages in English, Serbian Latin and Serbian Cyrillic; the switch keeps the path."""
    visitor = Visitor(story.office.url)
    for path in ("", "about/", "about/relations", "media/", "contact", "privacy", "updates/"):
        pages = [visitor.opens(f"/{variant}/{path}") for variant in VARIANTS]
        assert len({page.h1 for page in pages}) == 3, [page.h1 for page in pages]
        others = {link["href"] for link in pages[0].soup.find_all("a", href=True)}
        assert {f"/lat/{path}", f"/cir/{path}"} <= {str(href).removeprefix(story.office.url) for href in others}
    assert "Birčaninova 5" in visitor.opens("/lat/contact").words
    assert "Бирчанинова 5" in visitor.opens("/cir/contact").words


def a_journalist_asks(story: Story, journalist: Journalist) -> str:
    """2. A form, a reference, a receipt mail, the duty officer told, a private page; a fault keeps what was typed."""
    form = journalist.opens_the_form()
    story.moment.moves(seconds=40)
    asked = {
        "need": ["quote"],
        "subject": "Radionice u 2026. godini",
        "questions": QUESTIONS,
        "when": "day",
        "date": "25. 11.",
        "time": "16:00",
    }
    again = journalist.sends(form, expect=422, **{**asked, "email": "not an address"})
    assert "Radionice u 2026. godini" in again.html
    sent = journalist.sends(again, **asked)
    found = REFERENCE.search(sent.words)
    assert found is not None, sent.words
    assert all(line in sent.words for line in QUESTIONS.splitlines()), sent.words
    receipt = story.newest_mail(journalist.address, 1)
    assert found.group() in receipt.subject + receipt.text
    assert "Radionice" not in receipt.data.decode("latin-1")  # M-18: nothing that a requester typed
    duty = story.newest_mail("duty@example.org", 1)
    assert f"/desk/inquiries/{found.group()}" in duty.text
    assert found.group() in journalist.looks_at(receipt).words
    return found.group()


def the_office_answers(story: Story, officer: Officer, journalist: Journalist, reference: str) -> None:
    """3. The one-time link opens the first account; the queue, accept, one click to contacts, the answer by mail."""
    wait_until(lambda: "/staff/invitation/" in story.office.printed(), story.office.printed)
    link = re.search(r"http\S+/staff/invitation/\S+", story.office.printed())
    assert link is not None
    officer.opens_the_account(link.group())
    assert reference in officer.opens_the_queue().words
    accepted = officer.presses("accept", reference)
    assert officer.name in accepted.words
    receipt, told = story.mail.wait_for(journalist.address, 2)
    assert officer.name in told.text
    assert officer.name in journalist.looks_at(receipt).words
    officer.presses("contact", reference)
    person = officer.browser.opens(officer.browser.opens("/desk/contacts").link(journalist.name))
    assert journalist.outlet in person.words
    assert journalist.address in person.words
    officer.presses("answer", reference, **{f"answers-{n}": words for n, words in enumerate(ANSWERS)})
    story.moment.moves(seconds=21)  # until then it could be stopped
    answer = story.newest_mail(journalist.address, 3)
    assert all(words in answer.text and words in answer.html for words in ANSWERS)
    assert all(words in journalist.looks_at(receipt).words for words in ANSWERS)


def two_readers_subscribe(story: Story, at_once: Reader, daily: Reader) -> None:
    """4. An address, topics, immediately or daily, language and script; a button confirms; no account."""
    for reader, cadence in ((at_once, "immediately"), (daily, "daily")):
        form = reader.opens_the_form()
        story.moment.moves(seconds=20)
        reader.subscribes(form, cadence=cadence)
        reader.confirms(story.newest_mail(reader.address, 1))


def an_update_reaches_each_of_them_once(story: Story, at_once: Reader, daily: Reader) -> None:
    """5. A file becomes public: at once in Cyrillic for one, at eight the next day in Latin for the other."""
    story.writes("first-workshop", "w2rkx", "First workshop held", "Одржана прва радионица")
    story.sees("First workshop held", "/en/updates/")
    story.passes_undo()
    first = story.newest_mail(at_once.address, 2)
    assert "Одржана прва радионица" in first.text
    assert "Одржана прва радионица" in first.html
    assert len(story.mail.to(daily.address)) == 1
    story.moment.is_at(TUESDAY)
    digest = story.newest_mail(daily.address, 2)
    assert "Održana prva radionica" in digest.text
    assert len(story.mail.to(at_once.address)) == 2


def an_update_published_on_the_desk_reaches_them_too(
    story: Story, officer: Officer, at_once: Reader, daily: Reader
) -> None:
    """5. Publish on the desk rewrites the file's head; only what a reader has not had is in the next mail."""
    story.writes("second-workshop", "w3rkx", "Second workshop held", "Одржана друга радионица", state="draft")
    officer.signs_in()
    officer.publishes(officer.finds_document("Second workshop held"))
    assert "state: published" in (story.content / "updates" / "2026" / "second-workshop.en.md").read_text()
    story.sees("Second workshop held", "/en/updates/")
    story.passes_undo()
    second = story.newest_mail(at_once.address, 3)
    assert "Одржана друга радионица" in second.text
    assert "Одржана прва радионица" not in second.text
    story.moment.is_at(WEDNESDAY)
    digest = story.newest_mail(daily.address, 3)
    assert "Održana druga radionica" in digest.text
    assert "Održana prva radionica" not in digest.text


def one_of_them_changes_the_script_without_an_account(story: Story, daily: Reader) -> None:
    """4. The link of a mail opens the preferences; what is chosen there holds from the next mail on."""
    page = daily.opens_preferences(story.mail.to(daily.address)[-1])
    saved = daily.changes(page, variant="cir")
    assert "/cir/preferences/" in saved.url


def one_of_them_stops_and_gets_nothing_more(story: Story, at_once: Reader, daily: Reader) -> None:
    """6. One click from the mail (RFC 8058). On a day without news nobody gets anything; afterwards only who stayed."""
    at_once.stops_with_one_click(story.mail.to(at_once.address)[-1])
    story.moment.is_at(THURSDAY)
    planned = command(story.office.env | {"BASE_URL": story.office.url}, "digests", "plan")
    assert planned.returncode == 0, planned.stderr
    story.writes("third-workshop", "w4rkx", "Third workshop held", "Одржана трећа радионица")
    story.sees("Third workshop held", "/en/updates/")
    story.passes_undo()
    story.moment.is_at(FRIDAY)
    digest = story.newest_mail(daily.address, 4)
    assert "Одржана трећа радионица" in digest.text
    assert len(story.mail.to(at_once.address)) == 3
    for title in ("Održana prva radionica", "Održana druga radionica", "Одржана трећа радионица"):
        assert len([mail for mail in story.mail.to(daily.address) if title in mail.text]) == 1, title
