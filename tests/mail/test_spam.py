"""What two common spam filters think of our mail, by their own rules alone: nothing is asked on the network (M-17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from config import Settings
from outreach.briefings import compose as mailing
from outreach.digests import compose
from outreach.house import House
from outreach.language import Variant
from outreach.mail import verp
from outreach.mail.message import encode_block, encoding_of, stitch
from tests.golden.mails import NAMES, words_of
from tests.mail import spam_filters
from tests.mail.letters import letter
from tests.mail.spam_filters import SENDS, Filter

BASE = "https://press.example.org"
TOKEN = "k1-0Zb9x2Lq7Vw4TnRj5Ym8Pc3HdFs6Kg1Ua0Ei9Oo2Xt7Bv"
READER = "reporter@example.net"
LOCAL = {"http://localhost": BASE, "/token": f"/{TOKEN}", "a-private-link": TOKEN}
MOST = {"spamassassin": 2.0, "rspamd": 4.0}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("office")
    keys = {"secret_key": "k" * 32, "address_pepper": "p" * 32, "bounce_address": "bounces@press.example.org"}
    return House.open(Settings(var_dir=folder, base_url=BASE, **keys))


@pytest.fixture(scope="module")
def spamassassin() -> Filter:
    if spam_filters.SPAMASSASSIN is None:
        pytest.skip("the first spam filter is not installed: apt-get install --no-install-recommends spamassassin")
    return spam_filters.spamassassin


@pytest.fixture(scope="module")
def rspamd() -> Iterator[Filter]:
    if spam_filters.RSPAMD is None:
        pytest.skip("the second spam filter is not installed: apt-get install --no-install-recommends rspamd")
    with spam_filters.rspamd() as asked:
        yield asked


def arrived(house: House, name: str, variant: Variant) -> bytes:
    """A mail as it comes to a reader's server: as it left, through one mail server of ours."""
    words, encoding = words_of(house, name, variant), encoding_of(variant)
    text, html = (b"".join(encode_block(real(s.text), encoding) for s in part) for part in (words.text, words.html))
    at = datetime.now(UTC)  # the filters' clock is not ours to move
    made = letter(
        variant, subject=words.subject, extra=extra(house, name, variant), dated_at=at,
        sender="press@press.example.org", message_id="0f1e2d3c4b5a69788796a5b4c3d2e1f0@press.example.org",
        to_name=None, to_address=READER,
    )  # fmt: skip
    trace = (
        f"Received: from office.example.org (office.example.org [{SENDS}])\r\n"
        f"\tby mail.example.org with ESMTPS id 4XyZ01abCDe\r\n"
        f"\tfor <{READER}>; {format_datetime(at + timedelta(seconds=1))}\r\n"
    )
    return trace.encode() + stitch(replace(made, text=text, html=html))


def real(words: str) -> str:
    """The sample's words with an address and tokens as they look in earnest."""
    for sample, in_earnest in LOCAL.items():
        words = words.replace(sample, in_earnest)
    return words


def extra(house: House, name: str, variant: Variant) -> tuple[tuple[str, str], ...]:
    """The headers that a room gives its mails."""
    more: dict[str, str] = {}
    if name == "digest":
        more = compose.headers(house, "daily", f"{BASE}/{variant.segment}/unsubscribe/", TOKEN)
    if name == "briefing":
        more = mailing.headers(house, variant)
        more["List-Unsubscribe"] = f"<{BASE}/{variant.segment}/no-mailings/{TOKEN}>"
    return (("Auto-Submitted", "auto-generated"), *more.items())


@pytest.mark.prove
@pytest.mark.parametrize("variant", Variant, ids=lambda variant: variant.segment)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by", MOST)
def test_m17_a_mail_is_far_from_spam(
    request: pytest.FixtureRequest, office: House, by: str, name: str, variant: Variant
) -> None:
    senders = verp.senders(office)
    assert senders
    score, reasons = request.getfixturevalue(by)(arrived(office, name, variant), senders(7), READER)
    print(f"{by} {name}.{variant.segment} {score}\n{reasons}")
    assert score < MOST[by], reasons


@pytest.mark.prove
@pytest.mark.parametrize("by", MOST)
def test_m17_the_filters_are_awake(request: pytest.FixtureRequest, office: House, by: str) -> None:
    """The line that every filter counts as spam, so that it can be tested."""
    line = b"\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n\r\n--=_"
    spam = arrived(office, "test", Variant.EN).replace(b"\r\n--=_", line, 2)
    opinion = request.getfixturevalue(by)(spam, "press@press.example.org", READER)
    assert opinion.score >= MOST[by], opinion.reasons
