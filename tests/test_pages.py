"""The page checks themselves bite: each fault is found, and a good page has none."""

from __future__ import annotations

import pytest

from tests.support import pages

GOOD = """<!doctype html><html lang="sr-Latn"><head><title>Naslov</title></head><body><h1>Naslov</h1><main>
<form method="post" action="/lat/x"><input type="hidden" name="token" value="t">
<label for="a">Ime</label><input id="a" name="a" aria-describedby="n" value="pre"><p id="n">napomena</p>
<label><input type="checkbox" name="box" value="1" checked>jedan</label><label><input type="checkbox" name="box" value="2">dva</label>
<label for="s">Izbor</label><select id="s" name="s"><option value="x">X</option><option value="y" selected>Y</option></select>
<label for="w">Reči</label><textarea id="w" name="w">staro</textarea><button name="do" value="send">Pošalji</button></form>
</main></body></html>"""

SPOILT = {
    "one h1": ("<h1>Naslov</h1>", ""),
    "title": ("<title>Naslov</title>", ""),
    "lang": ("sr-Latn", "en"),
    "stands 2 times": ('<p id="n">', '<p id="a">'),
    "points nowhere": ('aria-describedby="n"', 'aria-describedby="m"'),
    "no label": ('<label for="a">', '<label for="s">'),
    "button without words": ("Pošalji", ""),
    "inline style": ("<main>", '<main style="color:red">'),
    "inline script": ("<main>", "<main><script>1</script>"),
    "inline handler": ("<main>", '<main onclick="x()">'),
    "without alt": ("<main>", '<main><img src="/x.svg">'),
    "mixed-script": ("napomena", "nаpomena"),
}


def test_a_good_page_has_no_fault() -> None:
    assert pages.faults(GOOD, "/lat/x") == []


@pytest.mark.parametrize("said", SPOILT)
def test_each_fault_is_found(said: str) -> None:
    spoilt = GOOD.replace(*SPOILT[said])
    assert spoilt != GOOD
    assert any(said in fault for fault in pages.faults(spoilt, "/lat/x")), pages.faults(spoilt, "/lat/x")


def test_a_form_is_filled_in_as_a_browser_does() -> None:
    form = pages.find_form(pages.read(GOOD), "/lat/x")
    untouched = [("token", "t"), ("a", "pre"), ("box", "1"), ("s", "y"), ("w", "staro")]
    assert pages.filled(form, {}) == untouched
    typed = pages.filled(form, {"a": "novo", "box": ["2"], "s": "x", "w": "novo"}, button="do=send")
    assert typed == [("token", "t"), ("a", "novo"), ("box", "2"), ("s", "x"), ("w", "novo"), ("do", "send")]
    with pytest.raises(AssertionError, match="no field"):
        pages.filled(form, {"unknown": "x"})
    with pytest.raises(AssertionError, match="not offered"):
        pages.filled(form, {"s": "z"})
