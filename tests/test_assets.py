"""The stylesheets and scripts: how they are served, how small they are, and whether their colours can be read (screens.md §10)."""

from __future__ import annotations

import gzip
import re

import pytest

from config import ROOT
from outreach import assets
from tests.support.client import PageClient

CSS = (assets.FOLDER / "office.css").read_text()


def test_css_is_served_without_comments_and_spaces_but_strings_stay() -> None:
    written = "/* why */ a , b > c { color : red; --x: url(\"a  b;{}\"); }\n@media (min-width: 1em) and (print) { p::before { content: ' /* kept */ ' } }"
    assert assets.strip_css(written) == (
        "a,b>c{color :red;--x:url(\"a  b;{}\")}@media (min-width:1em) and (print){p::before{content:' /* kept */ '}}"
    )
    assert assets.strip_css("/*! licence  stays */\na { }") == "/*! licence  stays */ a{}"


def test_stripping_office_css_loses_nothing_but_spaces() -> None:
    bare = re.sub(r"/\*.*?\*/|\s", "", CSS, flags=re.S).replace(";}", "}")
    assert re.sub(r"\s", "", assets.strip_css(CSS)) == bare


def test_own_css_is_8_kb_and_all_css_40_kb_at_most() -> None:
    own, bootstrap = (assets.shelf()[name].gzipped for name in ("office.css", assets.BOOTSTRAP))
    assert own
    assert bootstrap
    assert len(own) <= 8 * 1024
    assert len(own) + len(bootstrap) <= 40 * 1024


PUBLIC_SCRIPTS = ("theme.js", "ask.js")


def test_the_scripts_of_public_pages_are_under_8_kb_in_all_and_those_of_the_desk_under_25_kb() -> None:
    sizes = {name: len(asset.body) for name, asset in assets.shelf().items() if name.endswith(".js")}
    assert sum(sizes.pop(name) for name in PUBLIC_SCRIPTS) < 8 * 1024
    assert sum(sizes.values()) < 25 * 1024


def test_no_asset_asks_another_host() -> None:
    for asset in assets.shelf().values():
        words = asset.body.decode().replace("http://www.w3.org/2000/svg", "").replace("https://getbootstrap.com/", "")
        words = re.sub(r"/\*!.*?\*/", "", words, flags=re.S)
        assert "//" not in re.sub(r"// .*", "", words), asset.name


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("name", ["office.css", assets.BOOTSTRAP, "theme.js", "mark.svg"])
def test_an_asset_is_kept_for_ever_under_its_digest(client: PageClient, name: str) -> None:
    answer = client.get(assets.address(name))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].split(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert answer.data == assets.shelf()[name].body


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_asset_is_packed_for_those_who_accept_it_and_not_sent_twice(client: PageClient) -> None:
    where = assets.address("office.css")
    packed = client.get(where, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == client.get(where).data
    again = client.get(where, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(where, headers={"Accept-Encoding": "gzip;q=0"}).headers.get("Content-Encoding") is None
    assert client.head(where).data == b""


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_earlier_digest_gets_todays_file_and_an_unknown_name_404(client: PageClient) -> None:
    old = client.get("/static/000000000000/office.css")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get("/static/000000000000/nothing.css").status_code == 404
    assert client.get("/static/000000000000/..%2fweb.py").status_code == 404


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--o-([\w-]+): (#[0-9a-f]{3,6}|var\(--o-[\w-]+\));", block))


def dark_blocks() -> list[str]:
    found = re.findall(r'(?:\[data-bs-theme="dark"\]|:root:not\(\[data-bs-theme\]\)) \{(.*?)\n  \}', CSS, flags=re.S)
    return [re.sub(r"\s+", " ", block).strip() for block in found]


def test_the_two_dark_blocks_are_identical_and_leave_no_colour_light() -> None:
    by_choice, by_system = dark_blocks()
    assert by_choice == by_system
    light = tokens(CSS[: CSS.index("@media")])
    assert set(light) - set(tokens(by_choice)) == set()


def ratio(one: str, other: str) -> float:
    """The contrast of two colours by the formula of WCAG 2.2, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


STATES = ("received", "accepted", "waiting", "clearance", "answered", "closed", "soon", "late")
GROUNDS = ("ground", "surface", "sunken")
#: (foreground, background, least ratio): body text 7, other text 4.5, edges and marks of controls 3.
PAIRS = [
    *(("ink", ground, 7) for ground in GROUNDS),
    *((words, ground, 4.5) for words in ("muted", "link", "visited", "brass", "good", "bad", "river") for ground in GROUNDS[:2]),
    ("muted", "sunken", 4.5), ("link", "sunken", 4.5),
    ("on-river", "river", 4.5), ("on-river", "river-deep", 4.5), ("on-band", "band", 4.5), ("band-muted", "band", 4.5),
    ("on-band-action", "band-action", 4.5), ("band", "band-muted", 4.5), ("soon", "surface", 4.5),
    *((state, f"{state}-tint", 4.5) for state in STATES),
    *(("control", ground, 3) for ground in GROUNDS[:2]), ("control", "sunken", 3),
    *(("ink", "halo", 3) for _ in "1"), ("halo", "band", 3),
]  # fmt: skip


def test_ratio_is_the_wcag_formula() -> None:
    assert ratio("#000", "#fff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    colours = tokens(CSS[: CSS.index("@media")])
    if theme == "dark":
        colours |= tokens(dark_blocks()[0])
    weak = [
        f"{a} on {b}: {ratio(colours[a], colours[b]):.2f} < {least}"
        for a, b, least in PAIRS
        if ratio(colours[a], colours[b]) < least
    ]
    if theme == "dark":  # in the dark the halo is drawn behind a dark gap, so the ink line is not the mark
        weak = [line for line in weak if not line.startswith("ink on halo")]
    assert weak == []


def test_every_class_of_office_css_is_used_by_a_page() -> None:
    """A rule for nothing is a rule to read; Bootstrap's own classes are used as it names them."""
    selectors = re.sub(r"\{[^{}]*\}", " ", re.sub(r"/\*.*?\*/|url\(.*?\)|\"[^\"]*\"", "", CSS, flags=re.S))
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors))
    written = "\n".join(
        p.read_text()
        for folder, ending in (("templates", "html"), ("outreach", "py"))
        for p in (ROOT / folder).rglob(f"*.{ending}")
    )
    words = set(re.findall(r"[\w-]+", written)) | {"w-date", "w-time", "w-phone"}
    assert classes - words == set()
