"""office.py: the office is data; a fault in its file is named, and what is absent is None."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from outreach import office
from outreach.language import Variant

CONTENT = config.ROOT / "content"


def test_names_and_address_stand_in_three_variants() -> None:
    here = office.read(CONTENT)
    assert here.name(Variant.CIR) == "Канцеларија за везу Београд"
    assert here.name(Variant.LAT) == "Kancelarija za vezu Beograd"
    assert here.address.line(Variant.EN) == "Birčaninova 5, 11000 Belgrade"
    assert here.address.line(Variant.LAT) == "Birčaninova 5, 11000 Beograd"


def test_what_the_source_does_not_give_is_not_invented() -> None:
    here = office.read(CONTENT)
    assert (here.phone, here.email, here.hours) == (None, None, None)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ('zone = "Europe/Belgrade"', 'zone = "Europe/Belgarde"', "Belgarde"),
        ('country = "RS"', "", "country"),
        ('digest_hours = ["08:00"', 'digest_hours = ["8 in the morning"', "8 in the morning"),
        ("[name]", "[name", "office.toml"),
    ],
)
def test_a_fault_names_the_file_and_the_entry(tmp_path: Path, good: str, bad: str, named: str) -> None:
    text = (CONTENT / "office.toml").read_text()
    assert good in text
    (tmp_path / "office.toml").write_text(text.replace(good, bad, 1))
    with pytest.raises(office.OfficeError, match="office.toml") as wrong:
        office.read(tmp_path)
    assert named in str(wrong.value)


def test_neighbouring_days_with_the_same_hours_are_one_span(tmp_path: Path) -> None:
    hours = '[hours]\nmon = ["09:00", "17:00"]\ntue = ["09:00", "17:00"]\nfri = ["09:00", "15:00"]\n'
    (tmp_path / "office.toml").write_text((CONTENT / "office.toml").read_text() + hours)
    spans = office.read(tmp_path).hours_spans()
    assert [(s.first, s.last, f"{s.opens:%H}-{s.closes:%H}") for s in spans] == [(0, 1, "09-17"), (4, 4, "09-15")]
    assert office.read(CONTENT).hours_spans() == []
