"""Signatures are read into fields: nine of ten are right, and those that are not are named."""

from __future__ import annotations

import pytest

from outreach.contacts.signatures.reading import Reading, read
from tests.contacts.signatures.samples import SIGNATURES

PLAIN = ("name", "honorific", "title", "organisation", "variant")
KINDS = ("email", "phone", "web", "whatsapp", "viber", "signal", "telegram")


def fields_of(found: Reading) -> dict[str, object]:
    reached = {kind: [one.value for one in found.reaches if one.kind == kind] for kind in KINDS}
    return {**{name: getattr(found, name) for name in PLAIN}, **reached}


def test_nine_fields_of_ten_are_right_in_three_ways_of_writing(capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = 0, []
    for place, (text, answer) in enumerate(SIGNATURES):
        found = fields_of(read(text))
        for name, value in found.items():
            wanted = answer.get(name, [] if name in KINDS else "")
            if not value and not wanted:
                continue  # nothing was there, and nothing was read: that is no field
            if value == wanted:
                right += 1
            else:
                wrong.append(f"{place}: {name} is {wanted!r}, read as {value!r}")
    with capsys.disabled():
        print(f"\nsignatures: {right} of {right + len(wrong)} fields right", *wrong, sep="\n  ")
    assert len(SIGNATURES) == 30
    assert right / (right + len(wrong)) >= 0.9


@pytest.mark.parametrize(
    "text", ["", "\x00", "- \n--", "a" * 100_000, "+" * 5000, "((((((0" * 500, "@" * 4000, "1 " * 4000]
)
def test_nonsense_is_read_as_nothing_at_once(text: str) -> None:
    assert read(text).name == ""
