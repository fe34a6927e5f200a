"""Words of a mail from its templates: what is shared, what is one person's own, and the frame around both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from config import Settings
from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose
from outreach.mail.message import BASE64, QUOTED, Segment, encode_block
from tests.mail.both_parts import assert_both_parts_agree

START, END = compose.MARKS["own"]
PIECE, OVER = compose.MARKS["piece"]


@pytest.fixture
def office(tmp_path: Path) -> House:
    """An office that needs no table: composing reads none."""
    return House.open(
        Settings(var_dir=tmp_path, secret_key="k" * 32, address_pepper="p" * 32, base_url="https://press.example.org")
    )


def whole(segments: list[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def test_what_own_encloses_is_not_shared_and_the_rest_is() -> None:
    found = compose.segments(f"Office\n\n{START}Reference 1\n{END}Goodbye\n{START}Link{END}\n")
    assert found == [Segment("Office\n\n", True), Segment("Reference 1\nGoodbye\nLink\n", False)]
    assert compose.segments(f"Office\n{START}Reference 1{END}\nGoodbye") == [
        Segment("Office\n", True), Segment("Reference 1\n", False), Segment("Goodbye\n", True),
    ]  # fmt: skip


def test_own_grows_to_the_whole_lines_it_touches() -> None:
    found = compose.segments(f"a\nDear {START}reader{END}, hello\nb\n")
    assert found == [Segment("a\n", True), Segment("Dear reader, hello\n", False), Segment("b\n", True)]


def test_pieces_are_shared_blocks_of_their_own() -> None:
    found = compose.segments(f"a\n{PIECE}one\n1{OVER}\n{PIECE}two{OVER}\nb\n")
    assert found == [Segment(text, True) for text in ("a\n", "one\n1\n", "two\n", "b\n")]


def test_own_within_a_piece_is_a_fault_of_the_template() -> None:
    with pytest.raises(ValueError, match="nest"):
        compose.segments(f"{PIECE}a {START}b{END}{OVER}\n")


def test_a_typed_private_use_character_is_no_mark() -> None:
    assert compose.segments("\ue000guessed< x \ue000guessed>\n") == [Segment("\ue000guessed< x \ue000guessed>\n", True)]


@pytest.mark.parametrize("variant", Variant)
def test_the_frame_carries_the_office_in_each_variant(office: House, variant: Variant) -> None:
    words = compose.render(office, "test", variant)
    html = BeautifulSoup(whole(words.html), "html.parser")
    assert html.html is not None
    assert html.html["lang"] == variant.lang
    assert html.select_one("body > div")["lang"] == variant.lang  # type: ignore[index]
    assert html.h1 is not None
    assert html.h1.get_text() == office.office.name(variant)
    for said in (whole(words.text), html.get_text(" ")):
        assert office.office.address.line(variant) in " ".join(said.split())
    assert "None" not in whole(words.text)
    assert_both_parts_agree(words)
    assert all(segment.shared for segment in words.text + words.html)


@pytest.mark.parametrize("adopted", [False, True])
def test_the_notice_stands_in_both_parts_until_an_office_adopts_it(office: House, adopted: bool) -> None:
    house = replace(office, settings=replace(office.settings, office_adopted=adopted))
    words = compose.render(house, "test", Variant.EN)
    for part in (words.text, words.html):
        assert ("Demonstration until an office adopts it." in whole(part)) is not adopted


def test_the_text_part_is_wrapped_at_72_columns_and_addresses_are_not_broken() -> None:
    address = "https://press.example.org/en/preferences/" + "t" * 90
    wrapped = compose.wrapped(f"{'word ' * 40}\n  {'indented ' * 20}\n{address}\n")
    lines = wrapped.splitlines()
    assert address in lines
    assert max(len(line) for line in lines if line != address) <= 72
    assert [line for line in lines if "indented" in line and not line.startswith("  ")] == []


def test_blank_lines_come_singly_also_around_what_is_own() -> None:
    marked = f"a\n\n\n{START}b\n\n{END}\n\nc\n"
    assert whole(compose.segments(compose.spaced(marked))) == "a\n\nb\n\nc\n"


def test_a_missing_value_is_an_error_not_a_gap(office: House) -> None:
    from jinja2 import UndefinedError

    template = compose.environment().from_string("{{ missing }}")
    with pytest.raises(UndefinedError):
        template.render()


def test_the_frame_alone_is_small(office: House) -> None:
    for variant, encoding in ((Variant.EN, QUOTED), (Variant.CIR, BASE64)):
        words = compose.render(office, "test", variant)
        assert sum(len(encode_block(segment.text, encoding)) for segment in words.html) < 12_000


def test_places_survive_a_template() -> None:
    assert compose.pieces(f"a{compose.place(0)}b{compose.place(12)}") == ["a", 0, "b", 12]
    assert compose.pieces("") == [""]
    assert compose.run_number(compose.run(3)) == 3
    assert compose.run_number("words\n") is None
    escaped = compose.environment().from_string("{{ value }}").render(value=compose.place(4))
    assert compose.pieces(escaped) == [4]
