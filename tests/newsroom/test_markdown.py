"""Markdown in three variants, and what must never come out of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.language import Variant
from outreach.newsroom import markdown
from outreach.newsroom.markdown import Rendered

# Our own list of attacks: raw tags, handlers, schemes in many disguises, breaking out of attributes, odd nesting.
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script href=data:,alert(1) />",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></mtext><a xlink:href=javascript:alert(1)>x",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=https://evil.example><button>x</button></form>",
    "<details open ontoggle=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<div\nonclick=alert(1)>x</div>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;&#x61;vascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&Tab;:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](/\t/evil.example)",
    "[x](https:evil.example)",
    "[x](https:///evil.example)",
    "[x](about)",
    '[x](https://example.org "onmouseover=alert(1)")',
    "[x](https://example.org '\" onmouseover=alert(1) \"')",
    '[x](https://example.org/"onmouseover="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: <javascript:alert(1)> 'z'",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    '![x" onerror="alert(1)](/a.png)',
    "[[<script>alert(1)</script>]]",
    '[[" onmouseover="alert(1)]]',
    "[ [[x]](javascript:alert(1)) ](javascript:alert(1))",
    "`<script>alert(1)</script>`",
    '```"><script>alert(1)</script>\n<script>alert(1)</script>\n```',
    "    <script>alert(1)</script>",
    "## <script>alert(1)</script>",
    "## main\n\n## site-q\n\n## strip",
    '## " onclick="alert(1)',
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    '| a" onclick="alert(1) | b |\n|---|---|\n| c | d |',
    "> <script>alert(1)</script>\n> > [x](javascript:alert(1))",
    "1. <b onclick=alert(1)>x</b>\n2. [x](javascript:alert(1))",
    "\u202e[x](javascript:alert(1))",
    "[x](javascript\u200b:alert(1))",
    "[х](јаvascript:alert(1))",
)
ALLOWED_SCHEMES = {"", "http", "https", "mailto"}


def render(body: str, language: str = "en", variant: Variant = Variant.EN) -> Rendered:
    return markdown.render("", body, language, variant)


def dangers(html: str) -> list[str]:
    """What could run, load or lead astray in a finished text."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        if tag.name not in markdown.TAGS:
            found.append(tag.name)
        for name, value in tag.attrs.items():
            value = " ".join(value) if isinstance(value, list) else str(value)
            if name.startswith("on") or name in ("style", "src", "srcdoc", "action"):
                found.append(f"{tag.name} {name}")
            if name == "href":
                parts = urlsplit(re.sub(r"[\x00-\x20]", "", value))
                is_local = not parts.scheme and not parts.netloc and value.startswith(("/", "#"))
                if parts.scheme not in ALLOWED_SCHEMES or not (parts.scheme or is_local):
                    found.append(f"href {value}")
            if name == "id" and value in markdown.TAKEN:
                found.append(f"id {value}")
    return found


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("variant", list(Variant))
def test_f12_no_attack_becomes_anything_but_text(attack: str, variant: Variant) -> None:
    for language in ("en", "sr"):
        assert dangers(render(attack, language, variant).html) == []


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.startswith("<")])
def test_f12_the_second_wall_holds_alone(attack: str) -> None:
    assert dangers(markdown.clean(attack)) == []


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from([*ATTACKS, "](", "<", ">", '"', "'", "`", "[[", "]]", "\n", "|", "#", "*", "ђ", " "]),
        max_size=6,
    )
)
def test_f12_no_mixture_of_attacks_does_either(parts: list[str]) -> None:
    assert dangers(render("".join(parts), "sr", Variant.LAT).html) == []


def test_links_of_the_site_get_the_variant_and_others_stay() -> None:
    body = "[a](/about/relations) [b](https://example.org/x) [c](mailto:press@example.org) [d](#anchor) [e](/p/r7k4m)"
    hrefs = [a["href"] for a in BeautifulSoup(render(body, "sr", Variant.CIR).html, "html.parser").find_all("a")]
    assert hrefs == ["/cir/about/relations", "https://example.org/x", "mailto:press@example.org", "#anchor", "/p/r7k4m"]


def test_latin_is_made_of_the_words_and_of_nothing_else() -> None:
    body = (
        'Љубав `код ђ` [веза](/about/ "Наслов") [[Београд]] <https://пример.срб/ђ> ана@пример.срб www.пример.срб\n\n'
        "```\nђ\n```\n"
    )
    html = render(body, "sr", Variant.LAT).html
    assert "Ljubav <code>код ђ</code>" in html
    assert 'title="Naslov">veza</a>' in html
    assert '<span lang="sr-Cyrl">Београд</span>' in html
    assert "https://пример.срб/ђ</a> ана@пример.срб www.пример.срб" in html
    assert "<pre><code>ђ" in html


def test_cyrillic_keeps_latin_words_and_shows_no_marks() -> None:
    html = render("Робот [[T-Whex]] и [[Београд]].", "sr", Variant.CIR).html
    assert html == "<p>Робот T-Whex и Београд.</p>\n"


def test_headings_have_plain_anchors_that_are_the_same_in_both_scripts() -> None:
    body = "## Оквир сарадње\n\n## Оквир сарадње\n\n### Ђак 2\n\n## Main\n\n## …\n"
    latin, cyrillic = (render(body, "sr", v) for v in (Variant.LAT, Variant.CIR))
    anchors = [h.anchor for h in cyrillic.headings]
    assert anchors == ["okvir-saradnje", "okvir-saradnje-2", "dak-2", "main-2", "part"]
    assert [h.anchor for h in latin.headings] == anchors
    assert latin.headings[0].text == "Okvir saradnje"
    assert all(f'id="{anchor}"' in latin.html for anchor in anchors)


def test_a_table_is_a_table_of_record() -> None:
    body = "## Бројеви\n\n| Шта | Број |\n|---|---:|\n| Оружје | 28.000 |\n"
    soup = BeautifulSoup(render(body, "sr", Variant.LAT).html, "html.parser")
    region = soup.find("div", class_="scroll-region")
    assert region is not None
    assert region["aria-labelledby"] == "brojevi"
    assert region["tabindex"] == "0"
    head, figure = soup.find("tbody").find("tr").find_all(["th", "td"])
    assert (head.name, head["scope"], head.text) == ("th", "row", "Oružje")
    assert (figure["class"], figure["data-label"], figure.text) == (["amount"], "Broj", "28.000")
    assert "style" not in str(soup)


def test_a_list_that_opens_the_text_is_its_key_points() -> None:
    assert render("- one\n- two\n\n## Then\n\n- three\n").html.count('class="key-points"') == 1
    assert "key-points" not in render("Words.\n\n- one\n").html


def test_one_line_keeps_what_is_marked() -> None:
    assert markdown.one_line("О [[Бирчаниновој]] улици", "sr", Variant.LAT) == "O Бирчаниновој ulici"
    assert markdown.one_line("О [[BI]]", "sr", Variant.CIR) == "О BI"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("[страна [[KFOR]] и НАТО](/a)", '<p><a href="/lat/a">strana KFOR i NATO</a></p>'),
        ("[[[НАТО]] данас](/a)", '<p><a href="/lat/a"><span lang="sr-Cyrl">НАТО</span> danas</a></p>'),
        ("[[[KFOR]]](/a)", '<p><a href="/lat/a">KFOR</a></p>'),
        ("[а [б](/b) в](/a)", '<p>[a <a href="/lat/b">b</a> v](/a)</p>'),
        ("[а [б] [[KFOR]] в](/a)", '<p><a href="/lat/a">a [b] KFOR v</a></p>'),
        ("[а [[KFOR]](/a)", "<p>[a KFOR(/a)</p>"),
    ],
)
def test_kept_words_may_stand_in_the_text_of_a_link_and_another_link_may_not(body: str, html: str) -> None:
    assert render(body, "sr", Variant.LAT).html.strip() == html
