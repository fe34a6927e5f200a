"""What a common spam filter thinks of our mail, by its own rules alone: nothing is asked on the network (M-17)."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from config import Settings
from outreach.digests import compose
from outreach.house import House
from outreach.language import Variant
from outreach.mail.message import encode_block, encoding_of, stitch
from tests.golden.mails import words_of
from tests.mail.letters import letter

FILTER = shutil.which("spamassassin")
MOST = 2.0
ANALYSIS = re.compile(r"Content analysis details:\s+\((-?[\d.]+) points")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("office")
    keys = {"secret_key": "k" * 32, "address_pepper": "p" * 32}
    return House.open(Settings(var_dir=folder, base_url="https://press.example.org", **keys))


def arrived(house: House, name: str, variant: Variant) -> bytes:
    """A mail as it leaves; on its way a reader's server adds what we cannot know."""
    words, encoding = words_of(house, name, variant), encoding_of(variant)
    text, html = (b"".join(encode_block(s.text, encoding) for s in part) for part in (words.text, words.html))
    more = compose.headers(house, "daily", f"https://press.example.org/{variant.segment}/unsubscribe/token.key")
    extra = (("Auto-Submitted", "auto-generated"), *(more.items() if name == "digest" else ()))
    return stitch(replace(letter(variant, subject=words.subject, extra=extra), text=text, html=html))


@pytest.mark.prove
@pytest.mark.skipif(FILTER is None, reason="the spam filter is not installed: apt-get install spamassassin")
@pytest.mark.parametrize("variant", Variant, ids=lambda variant: variant.segment)
@pytest.mark.parametrize("name", ["digest", "subscription_confirm", "inquiry_receipt"])
def test_m17_a_mail_is_far_from_spam(office: House, tmp_path: Path, name: str, variant: Variant) -> None:
    line = [str(FILTER), "--local", "--test-mode", f"--prefspath={tmp_path / 'none'}", "--cf=use_bayes 0"]
    done = subprocess.run(line, input=arrived(office, name, variant), capture_output=True, timeout=60, check=True)
    report = done.stdout.decode("utf-8", "replace")
    score = ANALYSIS.search(report)
    assert score, report
    told = report[score.start() :]
    print(told)
    assert float(score[1]) < MOST, told
