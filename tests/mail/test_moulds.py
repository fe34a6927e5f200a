"""Filling a mould is the fast way to what stitching makes, to the last byte; what it cannot check goes the slow way (M-07)."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.language import Variant
from outreach.mail import forms, message
from outreach.mail.blocks import Runs
from outreach.mail.forms import Form
from outreach.mail.message import Pieces, encode_block, encoding_of, filled
from outreach.mail.moulds import Mould
from outreach.mail.verify import Mismatch, is_whole, reads_back, verify
from tests.mail.letters import AT

LINK = "https://press.example.org/en/unsubscribe/"


@dataclass(frozen=True)
class Mail:
    """A row, as a mould sees it."""

    own: str
    to_address: str = "reader@example.org"
    to_name: str | None = None
    message_id: str = "0123456789abcdef0123456789abcdef@example.org"
    dated_at: datetime = AT


def form(variant: Variant = Variant.EN, **changed: object) -> Form:
    """A digest with two own values: a key in links, and a line."""
    base = Form(
        variant=variant.segment, encoding=encoding_of(variant), sender="press@example.org", sender_name="Office – Press",
        reply_to=None, subject=["News of the day"],
        headers=[("Auto-Submitted", ["auto-generated"]), ("List-Unsubscribe", ["<" + LINK, 0, ">, <mailto:x@example.org>"])],
        text=[("block", "a"), ("own", [LINK, 0, "\n"]), ("own", [1]), ("block", "b")],
        html=[("block", "a"), ("own", ['<a href="', LINK, 0, '?pause=30">x</a>\n']), ("own", [1])],
    )  # fmt: skip
    return replace(base, **changed)


def bodies(variant: Variant = Variant.EN) -> dict[str, bytes]:
    texts = {"a": "Първи\n" if variant is Variant.CIR else "First = one\n.dot\n", "b": "Last\nFrom here\n"}
    return {key: encode_block(text, encoding_of(variant)) for key, text in texts.items()}


def stitched(made: Form, mail: Mail, variant: Variant = Variant.EN) -> bytes:
    letter = forms.letter(made, forms.values_of(mail.own), bodies(variant), mail, mail.dated_at)
    raw = message.stitch(letter)
    verify(raw, letter)
    return raw


def part(raw: bytes, kind: str) -> str:
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("variant", Variant)
def test_d04_a_thousand_filled_mails_are_what_stitching_makes(variant: Variant) -> None:
    mould, made, rng = Mould(form(variant), bodies(variant)), form(variant), random.Random(4)
    for n in range(1000):
        key = "".join(rng.choices("abcXYZ019_.-", k=rng.randint(1, 74)))
        mail = Mail(
            forms.own_of([f"k{key}", f"за читаоца {n} саму" if n % 2 else f"for reader {n} = alone"]),
            to_address=f"reader-{n}@example.org", message_id=f"{rng.randrange(16**32):032x}@example.org",
        )  # fmt: skip
        assert mould.cast(mail).raw == stitched(made, mail, variant)
    assert mould.is_proven


@settings(max_examples=300)
@example(pieces=[0, "\x00"], values=["0", "", ""], encoding=message.QUOTED)
@example(pieces=["\x00", "\x00"], values=["", "", ""], encoding=message.QUOTED)
@given(
    pieces=st.lists(st.one_of(st.text(max_size=90), st.integers(0, 2)), min_size=1, max_size=7),
    values=st.lists(st.text(max_size=90), min_size=3, max_size=3),
    encoding=st.sampled_from([message.QUOTED, message.BASE64]),
)
def test_m03_any_values_in_any_text_come_back_word_for_word(pieces: Pieces, values: list[str], encoding: str) -> None:
    encoded = message.encode_own([piece for piece in pieces if piece != ""] or [0], values, encoding)
    assert is_whole(encoded, encoding) or not encoded.strip()
    assert reads_back(encoded, filled([piece for piece in pieces if piece != ""] or [0], values), encoding)
    assert max(map(len, encoded.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?m)^(\.|From )", encoded)


def test_d04_a_header_with_the_same_value_twice_and_a_percent_sign_is_filled_in_the_fast_way() -> None:
    ways = ["<" + LINK, 0, ">, <mailto:bounces+unsubscribe@press.example.org?subject=a%20", 0, 1, ">, <x:", 0, ">"]
    made = form(
        headers=[("Auto-Submitted", ["auto-generated"]), ("List-Unsubscribe", ways)],
        text=[("block", "a")],
        html=[("block", "b")],
    )
    mould, rng = Mould(made, bodies()), random.Random(5)
    for _ in range(300):
        values = ["".join(rng.choices("abXY019_.-", k=rng.randint(1, 60))) for _ in range(2)]
        mail = Mail(
            forms.own_of([f"k{value}" for value in values]), message_id=f"{rng.randrange(16**32):032x}@example.org"
        )
        assert mould.cast(mail).raw == stitched(made, mail)
    assert mould.is_proven


def test_d04_links_in_cyrillic_are_filled_in_the_fast_way_whatever_their_lengths() -> None:
    """Each in a base64 line of its own or over several, beside a percent sign, next to another, and twice."""
    said = ["100 % вести, одјава:\r\n" + LINK, 0, "?a=%20", 1, 0, " и још реченица која се протеже преко више редова\n"]
    made = form(
        Variant.CIR,
        headers=[("Auto-Submitted", ["auto-generated"])],
        text=[("block", "a"), ("own", said), ("own", [2]), ("own", [1, "\n"]), ("block", "b")],
        html=[("own", ["<p>", 1, "</p>\n"]), ("block", "b")],
    )
    mould, rng = Mould(made, bodies(Variant.CIR)), random.Random(6)
    for _ in range(300):
        values = ["k" + "".join(rng.choices("abXY019_.-%", k=rng.randint(0, 70))) for _ in range(2)]
        mail = Mail(forms.own_of([*values, "Само за вас\n"]), message_id=f"{rng.randrange(16**32):032x}@example.org")
        assert mould.cast(mail).raw == stitched(made, mail, Variant.CIR)
    assert mould.is_proven


@settings(max_examples=150)
@given(
    texts=st.lists(
        st.lists(st.one_of(st.text(min_size=1, max_size=90), st.integers(0, 1)), min_size=2, max_size=7).filter(message.numbers_in),
        min_size=1, max_size=3,
    ),
    mails=st.lists(st.tuples(*[st.from_regex(message.SIMPLE, fullmatch=True)] * 2), min_size=2, max_size=3),
    variant=st.sampled_from(Variant),
)  # fmt: skip
def test_d04_any_text_around_links_is_filled_as_it_is_stitched(
    texts: list[Pieces], mails: list[tuple[str, str]], variant: Variant
) -> None:
    made = form(variant, text=[("own", said) for said in (*texts, *texts)], html=[("own", [1, "\n", 0])])
    mould = Mould(made, bodies(variant))
    for values in mails:
        mail = Mail(forms.own_of(values))
        assert mould.cast(mail).raw == stitched(made, mail, variant)


@pytest.mark.parametrize("variant", Variant)
def test_m03_a_link_that_is_none_is_cleaned_as_all_text_is(variant: Variant) -> None:
    made = form(variant, headers=[], text=[("own", [LINK, 0, "\n"])], html=[("own", ["<p>", 0, "</p>\n"])])
    mould = Mould(made, bodies(variant))
    mould.cast(Mail("key"))
    mail = Mail("key\x07\rи још")
    raw = mould.cast(mail).raw
    assert raw == stitched(made, mail, variant)
    assert f"{LINK}key\nи још" in part(raw, "plain").replace("\r\n", "\n")


def test_an_own_value_stands_where_its_number_says() -> None:
    raw = Mould(form(), bodies()).cast(Mail(forms.own_of(["KEY-1", "for one alone"]))).raw
    assert f"{LINK}KEY-1\nfor one alone\n" in part(raw, "plain").replace("\r\n", "\n")
    assert f'<a href="{LINK}KEY-1?pause=30">x</a>' in part(raw, "html")
    assert f"<{LINK}KEY-1>" in raw.decode().replace("\r\n ", " ")


@pytest.mark.parametrize(
    "mail",
    [
        Mail(forms.own_of(["key", "x"]), to_name="Reader, daily"),
        Mail(
            forms.own_of(["key", "x"]),
            to_address="reader@Example.org".replace("E", "e") + "",
            message_id="short@example.org",
        ),
        Mail(forms.own_of(["key", "x"]), to_address="читалац@пример.срб".replace("читалац", "reader")),
    ],
)
def test_what_cannot_be_checked_value_by_value_is_stitched_and_verified_in_full(mail: Mail) -> None:
    mould = Mould(form(), bodies())
    mould.cast(Mail(forms.own_of(["key", "x"])))
    assert mould.cast(mail).raw == stitched(form(), mail)


@pytest.mark.parametrize(
    "own",
    [
        "key",
        "key\x1fone\x1ftwo",
        "",
        "key with space\x1fx",
        "key\r\nBcc: other@example.org\x1fx",
        "ključ\x1fx",
        "=?x?=\x1fx",
        "\x1fx",
    ],
)
def test_m05_a_value_that_may_not_stand_in_a_header_stops_the_mail(own: str) -> None:
    """Too few, too many, or not printable: a space in a header of tokens only folds it, so that one is let through."""
    mould = Mould(form(), bodies())
    mould.cast(Mail(forms.own_of(["key", "x"])))
    mail = Mail(own)
    try:
        raw = mould.cast(mail).raw
    except (ValueError, Mismatch):
        return
    assert raw == stitched(form(), mail)
    assert b"\r\nBcc" not in raw


@pytest.mark.parametrize("variant", Variant)
def test_d04_the_fingerprint_changes_with_every_value_and_with_the_form(variant: Variant) -> None:
    def print_of(mail: Mail, **changed: object) -> str:
        mould = Mould(form(variant, **changed), bodies(variant))
        mould.cast(Mail(forms.own_of(["key", "x"])))
        return mould.cast(mail).print

    mail, said = Mail(forms.own_of(["key", "x"])), form(variant)
    others = [
        replace(mail, own=forms.own_of(["kez", "x"])), replace(mail, own=forms.own_of(["key", "y"])),
        replace(mail, to_address="other@example.org"), replace(mail, message_id="f" * 32 + "@example.org"),
        replace(mail, dated_at=AT.replace(hour=11)),
    ]  # fmt: skip
    forms_of_it: list[dict[str, object]] = [
        {"subject": ["Other"]}, {"headers": [*said.headers[:1], ("List-Unsubscribe", ["<" + LINK, 0, "/>"])]},
        {"text": [("block", "a"), ("own", [LINK, 0, "?\n"]), ("own", [1]), ("block", "b")]}, {"text": said.text[1:]},
    ]  # fmt: skip
    prints = [print_of(mail), *map(print_of, others), *(print_of(mail, **changed) for changed in forms_of_it)]
    assert len(set(prints)) == len(prints)
    assert print_of(mail) == print_of(mail)


def test_m07_a_mould_that_fills_wrongly_sends_nothing() -> None:
    mould = Mould(form(), bodies())
    assert mould._layout is not None
    mould._layout.pieces.remove(0)  # one link stays without its key
    with pytest.raises(Mismatch):
        mould.cast(Mail(forms.own_of(["key", "x"])))
    assert not mould.is_proven


def test_a_run_puts_the_named_blocks_where_it_stands() -> None:
    made = form(
        text=[("block", "a"), ("run", 1), ("own", [LINK, 0, "\n"])], html=[("run", 1), ("own", [LINK, 0, "\n"])]
    )
    items = Runs.of({key: encode_block(f"Item {key}\n", message.QUOTED) for key in "pqrs"})
    mould = Mould(made, bodies())
    for chosen in ("p", "sp", "qrs", ""):
        raw = mould.cast(Mail(forms.own_of(["key", ",".join(chosen)])), items).raw
        told = re.findall(r"Item (\w)", part(raw, "plain"))
        assert told == re.findall(r"Item (\w)", part(raw, "html")) == list(chosen)
    with pytest.raises(KeyError):
        mould.cast(Mail(forms.own_of(["key", "gone"])), items)


def test_d04_the_fingerprint_changes_with_the_bytes_and_the_order_of_the_blocks_of_a_run() -> None:
    made = form(text=[("own", [LINK, 0, "\n"]), ("run", 1)], html=[("run", 1), ("block", "a")])
    items = {key: encode_block(f"Item {key}\n", message.QUOTED) for key in "pqr"}
    mould = Mould(made, bodies())

    def print_of(names: str, items: dict[str, bytes]) -> str:
        mould.cast(Mail(forms.own_of(["key", "r"])), Runs.of(items))
        return mould.cast(Mail(forms.own_of(["key", names])), Runs.of(items)).print

    other = items | {"q": encode_block("Item Q\n", message.QUOTED)}
    prints = [print_of("p,q", items), print_of("q,p", items), print_of("p", items), print_of("p,q", other)]
    assert len(set(prints)) == len(prints)
    assert print_of("p,q", items | {"r": items["p"]}) == prints[0]


def test_m05_headers_that_fold_are_filled_as_they_are_folded() -> None:
    for length in range(1, 75):
        mail = Mail(forms.own_of(["k" * length, "x"]))
        assert Mould(form(), bodies()).cast(mail).raw == stitched(form(), mail)
        mould = Mould(form(), bodies())
        mould.cast(Mail(forms.own_of(["other", "x"])))
        assert mould.cast(mail).raw == stitched(form(), mail)
