"""What holds for every mail there is, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Settings
from outreach.house import House
from outreach.language import Variant
from outreach.mail.message import encode_block, encoding_of, stitch
from outreach.mail.verify import verify
from tests.golden.mails import NAMES, words_of
from tests.golden.samples import LINK, REFERENCE
from tests.mail.both_parts import assert_both_parts_agree
from tests.mail.letters import letter

PRIVATE = (REFERENCE, LINK, "token", "Officer, on duty", "which year do you mean?", "Three workshops were held.")


@pytest.fixture
def office(tmp_path: Path) -> House:
    return House.open(
        Settings(var_dir=tmp_path, secret_key="k" * 32, address_pepper="p" * 32, base_url="http://localhost")
    )


@pytest.mark.parametrize("variant", Variant, ids=lambda variant: variant.segment)
@pytest.mark.parametrize("name", NAMES)
def test_m02_m04_both_parts_agree_share_nothing_private_and_stay_small(
    office: House, name: str, variant: Variant
) -> None:
    words = words_of(office, name, variant)
    assert_both_parts_agree(words)
    shared = "".join(segment.text for segment in words.text + words.html if segment.shared)
    assert [value for value in PRIVATE if value in shared] == []
    encoding = encoding_of(variant)
    text, html = (b"".join(encode_block(s.text, encoding) for s in part) for part in (words.text, words.html))
    assert len(html) <= 60_000
    made = letter(variant, subject=words.subject)
    made = type(made)(**{**made.__dict__, "text": text, "html": html})
    verify(stitch(made), made)
