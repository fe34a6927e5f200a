"""Every interface message has its Serbian, and the Serbian is in order: read from the source, the templates and sr.po."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
import pytest
import wtforms.fields.choices
import wtforms.fields.datetime
import wtforms.fields.numeric

from config import ROOT
from outreach import serbian, words

PLACE_OF_MESSAGE = {"t": 0, "mark": 0, "Said": 0, "n": 0, "text": 1, "plural": 1}
PLACE_OF_MESSAGE |= {"ValidationError": 0, "StopValidation": 0, "Conflict": 1, "IllegalMove": 0}
COUNTING = {"n", "plural"}
SAID_WITH_VALUES = {"t", "text", "n", "plural", "Said"}

# Names that are Latin in Serbian Cyrillic too: programs, formats, units. Any other word of code stands in [[ ]].
LATIN_NAMES = (
    "WhatsApp",
    "Signal",
    "Viber",
    "SMS",
    "RSS",
    "Atom",
    "PDF",
    "DOCX",
    "ODT",
    "JPG",
    "PNG",
    "TXT",
    "CSV",
    "HTML",
    "Markdown",
)
LATIN_NAMES += ("MB", "KB", "UTC", "URL", "SMTP", "IP", "ICS", "Enter", "English")
EXAMPLE = re.compile(r"(?<!\w)[\w.]+@example\.(?:org|com)")
KEEP = (*words.KEEP, *(re.compile(rf"\b{name}\b") for name in LATIN_NAMES), EXAMPLE)

# Templates that only programs read, in words that a standard gives.
FOR_PROGRAMS = {"robots.txt", "security.txt"}

# Words of libraries that reach a page through t(), although no line of ours says them.
FROM_LIBRARIES = {
    "Not a valid choice.": wtforms.fields.choices,
    "Not a valid date value.": wtforms.fields.datetime,
    "Not a valid integer value.": wtforms.fields.numeric,
}


@dataclass(frozen=True)
class Use:
    """A message in the source: its key, where it stands, and the names of its values (None: not to be told)."""

    key: words.Key
    where: str
    values: frozenset[str] | None


def _literals(node: ast.expr) -> Iterator[str]:
    """The strings a message argument may be: a literal, or the branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _uses_in_python(path: Path) -> Iterator[Use]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        place = PLACE_OF_MESSAGE.get(name)
        if place is None or len(call.args) <= place:
            continue
        named = None if any(k.arg is None for k in call.keywords) else frozenset(str(k.arg) for k in call.keywords)
        where = f"{path.relative_to(ROOT)}:{call.lineno}"
        ones = list(_literals(call.args[place]))
        manys = list(_literals(call.args[place + 1])) if name in COUNTING and len(call.args) > place + 1 else []
        for key in zip(ones, manys, strict=False) if name in COUNTING else ones:
            yield Use(key, where, named if name in SAID_WITH_VALUES else None)


def _jinja_literals(node: jinja2.nodes.Node) -> Iterator[str]:
    if isinstance(node, jinja2.nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, jinja2.nodes.CondExpr):
        yield from _jinja_literals(node.expr1)
        if node.expr2 is not None:
            yield from _jinja_literals(node.expr2)


@cache
def templates() -> tuple[Path, ...]:
    """Those a person reads."""
    found = (path.relative_to(ROOT) for path in sorted((ROOT / "templates").rglob("*.*")))
    return tuple(path for path in found if path.suffix in (".html", ".txt", ".xml") and path.name not in FOR_PROGRAMS)


def _uses_in_template(path: Path) -> Iterator[Use]:
    tree = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(
        path.read_text(encoding="utf-8")
    )
    for call in tree.find_all(jinja2.nodes.Call):
        name = getattr(call.node, "name", "")
        if name not in ("t", "n") or not call.args:
            continue
        named = None if call.dyn_kwargs else frozenset(str(k.key) for k in call.kwargs)
        where = f"{path.relative_to(ROOT)}:{call.lineno}"
        ones = list(_jinja_literals(call.args[0]))
        manys = list(_jinja_literals(call.args[1])) if name == "n" and len(call.args) > 1 else []
        for key in zip(ones, manys, strict=False) if name == "n" else ones:
            yield Use(key, where, named)


# Words a template may say without t(): each stands in its own language, or is a name.
SAID_AS_IT_IS = {"English", "Latinica", "Ћирилица", "KB", "MB"}


def _untold_words(path: Path) -> list[str]:
    """Words of a template that no t() says: its text, and the attributes that are read out."""
    tokens = jinja2.Environment().lex(path.read_text(encoding="utf-8"))
    source = "".join(value if kind == "data" else "\0" for _, kind, value in tokens)
    source = re.sub(r"(?s)<(style|script|svg|kbd)\b.*?</\1>|<!--.*?-->|&\w+;|https?://[^\s\"<>]+", " ", source)
    source = re.sub(r"\b[a-z]+(?::[a-z]+|/\0)", " ", source)  # codes such as owner:me, and folders
    spoken = re.findall(r"\b(?:aria-label|placeholder|title|alt)=\"([^\"]*)\"", source)
    is_marked_up = path.suffix in (".html", ".xml")
    text = re.sub(r"<[^<>]*>|[\w-]+=\"[^\"]*\"", " ", source) if is_marked_up else source
    return [word for part in (text, *spoken) for word in re.findall(r"[^\W\d_]{2,}", part) if word not in SAID_AS_IT_IS]


@cache
def uses() -> tuple[Use, ...]:
    """Every message in the package and the templates."""
    found: list[Use] = []
    for path in sorted((ROOT / "outreach").rglob("*.py")):
        found += _uses_in_python(path)
    for path in templates():
        found += _uses_in_template(ROOT / path)
    return tuple(use for use in found if use.key)


@cache
def catalogue() -> dict[words.Key, words.Forms]:
    return words.read(words.CATALOGUE)


def each_form() -> list[tuple[words.Key, str]]:
    return [(key, form) for key, forms in catalogue().items() for form in forms]


def placeholders(text: str) -> set[str]:
    """The names in braces; {Place} is {place} with a capital, for a sentence that begins with it."""
    return set(serbian.PLACEHOLDER.findall(text.casefold()))


def without_kept(text: str) -> str:
    for kept in KEEP:
        text = kept.sub("·", text)
    return text


def test_every_message_has_its_serbian():
    missing = {use.key: use.where for use in uses() if not all(catalogue().get(use.key, ("",)))}
    missing |= {key: module.__name__ for key, module in FROM_LIBRARIES.items() if key not in catalogue()}
    assert missing == {}


def test_every_entry_of_the_catalogue_is_used():
    used = {use.key for use in uses()} | set(FROM_LIBRARIES)
    assert [key for key in catalogue() if key not in used] == []


def test_libraries_still_say_what_we_translate():
    assert [key for key, module in FROM_LIBRARIES.items() if key not in inspect.getsource(module)] == []


def test_a_message_that_counts_has_three_forms_and_any_other_has_one():
    assert [key for key, forms in catalogue().items() if len(forms) != (1 if isinstance(key, str) else 3)] == []


def test_templates_speak_through_the_catalogue():
    untold = {path: _untold_words(ROOT / path) for path in templates()}
    assert {str(path): found for path, found in untold.items() if found} == {}


def test_placeholders_are_the_same_in_both_languages():
    """A counted form needs its number even where English has none: the Serbian form "one" is also 21 and 101."""
    assert [
        (key, form)
        for key, form in each_form()
        if placeholders(form) != placeholders(key if isinstance(key, str) else key[1])
    ] == []


def test_every_placeholder_is_given_its_value():
    wanting = []
    for use in uses():
        needs = {p[1:-1] for p in placeholders(use.key if isinstance(use.key, str) else "".join(use.key))} - {"count"}
        if use.values is not None and needs - {str(v).casefold() for v in use.values}:
            wanting.append((use.where, use.key, sorted(needs)))
    assert wanting == []


def test_the_serbian_is_written_in_cyrillic():
    assert [(key, form) for key, form in each_form() if re.search(r"[A-Za-zÀ-ž]", without_kept(form))] == []


def test_the_derived_latin_has_no_cyrillic_letter_and_mixes_no_scripts():
    faults = []
    for key, form in each_form():
        latin = serbian.to_latin(form, KEEP)
        if re.search("[\u0400-\u04ff]", without_kept(latin)) or serbian.mixed_script_words(latin):
            faults.append((key, latin))
    assert faults == []


def test_the_derived_latin_has_right_capital_digraphs():
    """SPROVOĐENJE, never SPROVOĐENjE; Njujork, never NJujork."""
    wrong = re.compile(r"(?:Lj|Nj|Dž)[A-ZČĆĐŠŽ]|(?:LJ|NJ|DŽ)[a-zčćđšž]")
    assert [key for key, form in each_form() if wrong.search(serbian.to_latin(form, KEEP))] == []


def test_latin_to_cyrillic_to_latin_is_the_identity():
    """Screens 9.3, test C; and the exceptions bring back the very Cyrillic that was written."""
    for key, form in each_form():
        latin = serbian.to_latin(form, KEEP)
        back = serbian.to_cyrillic(latin, KEEP)
        assert back == form, key
        assert serbian.to_latin(back, KEEP) == latin, key


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (r"[\"“‘’]|''", "Serbian quotes are „…”"),
        (r"!", "no exclamation marks (10.9)"),
        (r" {2}|\s+[,.;:?]", "spaces"),
        (r"\b\d{1,2}\.\d{1,2}\.\d{4}", "a space after each point of a date"),
        (
            r"(?i)\b(?:тикет|мејл|имејл|е-маил|мајл|дедлајн|линк|апдејт|фидбек|њузлетер|клик|логуј|кверi)\w*",
            "no anglicisms (10.9)",
        ),
        (
            r"(?i)\b(?:твој\w*|изабери|унеси|пошаљи|кликни|притисни|сачекај)\b",
            "formal vi (10.9)",
        ),
    ],
)
def test_the_serbian_keeps_the_house_style(fault, why):
    assert [(form, why) for _, form in each_form() if re.search(fault, without_kept(form))] == []


def test_both_languages_begin_end_and_break_alike():
    """Same end mark, same lines, no stray space at the edges."""

    def shape(text: str) -> tuple[str, int, bool]:
        end = re.sub(r"[^.:?…]", "", text.rstrip("”’'\")")[-1:])
        return end, text.count("\n"), text == text.strip()

    faults = []
    for key, form in each_form():
        english = key if isinstance(key, str) else key[1]
        if shape(form) != shape(english) and not re.search(r"\d\.$", form):  # 25. 11. 2025. has a point of its own
            faults.append((english, form))
    assert faults == []
