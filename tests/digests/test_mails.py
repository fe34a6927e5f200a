"""What a digest says, read as its receiver would, in three variants."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from outreach import language
from outreach.digests import compose, waiting
from outreach.digests.editions import Editions, Key
from outreach.digests.rounds import Round, slot_of
from outreach.house import House
from outreach.language import Variant
from tests.digests import givens
from tests.digests.givens import MONDAY, planned, published, subscribed, wish

VARIANTS = pytest.mark.parametrize("variant", list(Variant), ids=lambda variant: variant.segment)
LONG = "Eight words that say nothing new at all. " * 12
AFTER = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)
LONG_TITLE = "Demining of the field by the river enters its second and longer phase this week"


@pytest.fixture
def news(house, moment):
    """A reader of each variant, ten items: long ones, a correction, one that is not translated."""
    moment.is_at(MONDAY)
    givens.baseline(house)
    for variant in Variant:
        subscribed(house, address_of(variant), wish(variant=variant))
    for n in range(7):
        moment.moves(minutes=2)
        published(house, f"news{n}", summary=LONG if n == 6 else "")
    moment.moves(minutes=2)
    published(house, "original", "An original without a translation", languages=["en"])
    moment.moves(minutes=2)
    change = "changes:\n  - at: 2026-11-23 10:20\n    kind: correction\n    note: One figure was wrong.\n"
    published(house, "news0", head=change)
    moment.moves(minutes=2)
    published(house, "last", LONG_TITLE, summary=LONG)
    moment.is_at(AFTER)
    assert planned(house) == 3
    return house


def address_of(variant: Variant) -> str:
    return f"{variant.segment}@example.org"


def digest(mailbox, variant: Variant):
    return mailbox.to(address_of(variant))[-1]


def flat(text: str) -> str:
    return " ".join(text.split())


@VARIANTS
def test_m02_every_title_and_address_of_the_html_part_is_in_the_text_part(news, mailbox, variant):
    mail = digest(mailbox, variant)
    soup = BeautifulSoup(mail.html, "html.parser")
    text = flat(mail.text)
    links = [a for a in soup.find_all("a", href=True)]
    assert len(links) >= 20
    for link in links:
        assert link["href"] in mail.text, link["href"]
        assert flat(link.get_text()) in text, link.get_text()
    for heading in soup.find_all(["h2", "p"]):
        for line in heading.get_text(" ", strip=True).split(" · "):
            assert flat(line).rstrip(" ·").casefold() in text.casefold() or heading.find("a"), line
    assert set(re.findall(r"http://localhost\S+", mail.text)) == {link["href"] for link in links}


@VARIANTS
def test_m20_a_title_leads_to_the_pages_own_address_without_a_detour(news, mailbox, client, variant):
    soup = BeautifulSoup(digest(mailbox, variant).html, "html.parser")
    links = [h2.a["href"] for h2 in soup.find_all("h2")]
    assert len(links) == 5
    for link in links:
        page = client.get(link.removeprefix("http://localhost"))
        assert page.status_code == 200, link
        canonical = page.soup.find("link", rel="canonical")["href"]
        spoken = "en" if link.endswith("/original") else variant.segment  # what is not translated stands there too
        assert canonical == link.replace(f"/{variant.segment}/", f"/{spoken}/")
    assert not [a["href"] for a in soup.find_all("a") if "?" in a["href"] and not a["href"].endswith("?pause=30")]


@VARIANTS
def test_m02_the_text_part_has_72_columns_and_the_order_of_the_html(news, mailbox, variant):
    mail = digest(mailbox, variant)
    assert all(len(line.rstrip()) <= 72 or "http" in line for line in mail.text.splitlines())
    titles = [h2.get_text(strip=True) for h2 in BeautifulSoup(mail.html, "html.parser").find_all("h2")]
    places = [flat(mail.text).index(f"{n + 1}. {flat(title)}") for n, title in enumerate(titles)]
    assert places == sorted(places)
    assert len(places) == 5


@VARIANTS
def test_m01_the_headers_each_exactly_once(news, mailbox, variant):
    mail = digest(mailbox, variant)
    names = [
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "List-Unsubscribe",
        "List-Unsubscribe-Post", "Auto-Submitted", "Content-Language",
    ]  # fmt: skip
    assert {name: len(mail.message.get_all(name, [])) for name in names} == dict.fromkeys(names, 1)
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way = re.fullmatch(rf"<(http://localhost/{variant.segment}/unsubscribe/[\w.-]+)>", mail.message["List-Unsubscribe"])
    assert way
    assert way[1] in mail.html
    assert "mailto:" not in mail.message["List-Unsubscribe"]
    assert mail.message["Content-Language"] == variant.lang
    assert mail.message["To"] == address_of(variant)


def test_m01_a_mail_address_of_the_office_is_a_second_way_to_stop(house):
    toml = Path(house.settings.content_dir) / "office.toml"
    toml.write_text('email = "press@example.org"\n' + toml.read_text())
    house = House.open(house.settings)
    ways = compose.headers(house, "daily", "http://localhost/en/unsubscribe/", "token")["List-Unsubscribe"]
    assert ways == "<http://localhost/en/unsubscribe/token>, <mailto:press@example.org?subject=unsubscribe>"
    house.db.dispose()


@pytest.mark.parametrize(
    ("desk", "email", "expected"),
    [
        ("press@press.example.org", "office@example.org", "press@press.example.org"),
        ("", "office@example.org", "office@example.org"),
        ("", "", None),
    ],
)
def test_an_answer_to_a_digest_goes_to_the_press_desk(house, moment, mailbox, desk, email, expected):
    house = replace(
        house,
        settings=replace(house.settings, reply_address=desk),
        office=replace(house.office, email=email or None),
    )
    moment.is_at(MONDAY)
    givens.baseline(house)
    subscribed(house, address_of(Variant.EN), wish(variant=Variant.EN))
    published(house, "one")
    moment.is_at(AFTER)
    assert planned(house) == 1
    assert digest(mailbox, Variant.EN).message["Reply-To"] == expected


@VARIANTS
def test_the_subject_is_short_and_says_how_many_more_and_the_day(news, mailbox, variant):
    subject = digest(mailbox, variant).subject
    assert len(subject) <= compose.SUBJECT_LENGTH
    assert subject.endswith(
        {"en": "+ 9 more · Mon 23 Nov", "lat": "+ još 9 · pon 23. 11.", "cir": "+ још 9 · пон 23. 11."}[variant.segment]
    )


@VARIANTS
def test_corrections_stand_first_then_the_newest(news, mailbox, variant):
    soup = BeautifulSoup(digest(mailbox, variant).html, "html.parser")
    kinds = [tag.get_text(strip=True) for tag in soup.find_all("b")]
    said = language.text(variant, "Correction")
    assert kinds[0] == said
    assert said not in kinds[1:]
    hrefs = [h2.a["href"].rpartition("/")[2] for h2 in soup.find_all("h2")]
    assert hrefs == ["news0", "last", "original", "news6", "news5"]


@VARIANTS
def test_a_missing_translation_delays_nothing_and_says_so_in_the_readers_language(news, mailbox, variant):
    mail = digest(mailbox, variant)
    note = language.text(variant, "Not translated yet; this is the original.")
    assert "An original without a translation" in mail.text
    assert (note in mail.text) is (variant is not Variant.EN)
    soup = BeautifulSoup(mail.html, "html.parser")
    title = soup.find("a", string=re.compile("An original"))
    assert title.find_parent("div", lang=True)["lang"] == "en"


@VARIANTS
def test_the_mail_is_finishable_and_small(news, mailbox, variant):
    mail = digest(mailbox, variant)
    soup = BeautifulSoup(mail.html, "html.parser")
    assert len(mail.data) <= 60_000
    assert not soup.find_all(["img", "form", "script", "link", "input"])
    assert "@import" not in mail.html
    summaries = [p.get_text() for h2 in soup.find_all("h2") for p in h2.find_next_siblings("p")]
    assert all(len(words.split()) <= compose.LEAD_WORDS + 1 for words in summaries)


@VARIANTS
def test_the_reader_is_told_why_and_how_to_stop_pause_and_change(news, mailbox, variant):
    mail = digest(mailbox, variant)
    asked = language.text(variant, compose.ASKED_FOR_ALL["daily"])
    assert asked in flat(mail.text)
    for words in (
        "Change preferences",
        "Pause for 30 days",
        "Unsubscribe",
        "Digest archive",
        "Privacy",
        "Read on the web",
    ):
        assert language.text(variant, words) in mail.text
    assert news.office.address.line(variant) in flat(mail.text)
    others = [other for other in Variant if other is not variant]
    assert all(f"/{other.segment}/digests/daily/2026-11-23" in mail.text for other in others)


@VARIANTS
def test_the_demonstration_notice_stands_until_an_office_adopts_it(news, mailbox, variant):
    mail = digest(mailbox, variant)
    notice = language.text(variant, "Demonstration until an office adopts it.")
    assert notice in flat(mail.text)
    assert notice in mail.html


def test_a_long_absence_is_told_to_the_end_and_stays_small(house, moment, mailbox):
    moment.is_at(MONDAY)
    givens.baseline(house)
    subscribed(house, address_of(Variant.CIR), wish(variant=Variant.CIR))
    for n in range(55):
        moment.moves(minutes=1)
        published(house, f"item{n:02}")
    moment.is_at(AFTER)
    planned(house)
    mail = digest(mailbox, Variant.CIR)
    assert len(mail.data) <= 60_000
    assert len(set(re.findall(r"/updates/2026/item\d\d", mail.text))) == 1 + compose.IN_SHORT + compose.AS_ONE_LINE
    assert language.plural(Variant.CIR, "{count} more on the web", "{count} more on the web", 10) in mail.text
    assert givens.ledger(house)[address_of(Variant.CIR)][0][2] == [givens.code_of(f"item{n:02}") for n in range(55)]


def test_a_single_item_and_the_first_line(house, moment, mailbox):
    moment.is_at(MONDAY)
    givens.baseline(house)
    subscribed(house, "en@example.org", wish(cadence="immediately"))
    published(house, "one", "New hours")
    moment.moves(minutes=20)
    planned(house)
    mail = digest(mailbox, Variant.EN)
    assert mail.subject == "New hours · Mon 23 Nov"
    assert "One new item, published on 23 Nov 2026, 10:00." in mail.text
    assert "You asked for an e-mail each time we publish something, on all topics." in flat(mail.text)


@pytest.mark.parametrize("length", [10, 20, 40, 60])
def test_words_are_cut_between_words(length):
    cut = compose.cut(LONG_TITLE, length)
    assert len(cut) <= length
    assert cut.endswith("…")
    assert LONG_TITLE.startswith(cut[:-1])
    assert LONG_TITLE[len(cut) - 1] in " " or length == 10
    assert compose.cut("Short", length) == "Short"


def edition_of(house: House, moment) -> tuple[Editions, Key]:
    """The editions of the slot that has just left, and one of them: everything, in English."""
    with house.db.read() as session:
        turn = Round(slot_of(house.office, "daily", "17:00", moment.now(), False), "17:00")
        ids = [one.id for one in waiting.publications(session, moment.now())]
        editions = Editions(session, house, turn.slot, 1, compose.Line(), ids)
    return editions, Key("en", tuple(sorted(ids)), ("*",))


def test_repeated_composing_gives_the_same_words(news, moment):
    """A mail that is planned anew has the same bytes."""
    made = []
    for _ in range(2):
        editions, key = edition_of(news, moment)
        made.append(editions.words(key))
    assert made[0] == made[1]


def test_readers_with_other_items_share_the_pieces(news, moment):
    """A personal set of items is put together from what stands in other mails, without rendering anything anew."""
    editions, key = edition_of(news, moment)
    whole = editions.words(key)
    less = editions.words(Key("en", key.publications[1:], ("*",)))
    known = {segment.text for segment in (*whole.text, *whole.html)}
    fresh = [segment.text for segment in (*less.text, *less.html) if segment.text not in known]
    assert len(less.html) > 15
    assert len(fresh) <= 8, "the first line, and items that moved up into another place"


def test_own_lines_are_short(news, moment):
    """What is encoded anew for each copy is an address, never a paragraph."""
    editions, key = edition_of(news, moment)
    words = editions.words(key)
    own = [segment.text for segment in (*words.text, *words.html) if not segment.shared]
    assert len(own) == 8
    assert all(len(line) < 110 and line.count("\n") == 1 for line in own), own
