"""Serbian as a script engine: Cyrillic to Latin, search keys, sorting, plurals, months. Pure; knows nothing of us.

Sources: Pravopis srpskoga jezika (2010) for letters, months and points; CLDR `sr` for plural rules and abbreviations.
Text is always `str`; nothing here raises on any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


AZBUKA = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = _words("a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š")

MONTHS = _words("јануар фебруар март април мај јун јул август септембар октобар новембар децембар")
MONTHS_GENITIVE = _words("јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра")
MONTHS_SHORT = _words("јан феб мар апр мај јун јул авг сеп окт нов дец")
WEEKDAYS = _words("понедељак уторак среда четвртак петак субота недеља")
WEEKDAYS_SHORT = _words("пон уто сре чет пет суб нед")

KEPT = re.compile(r"\[\[.*?\]\]")
"""A span that an author wants as written in both scripts; give it as `keep`."""
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
"""A `{name}` in an interface string; give it as `keep`."""

# Anything that looks like an address stays as written: with a scheme, www., an @, or a bare name with a domain ending.
_ADDRESS = (
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.|mailto:|tel:)[^\s<>\"„“”«»]+"
    r"|(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:срб|[a-z]{2,})(?!\w)(?:/[^\s<>\"„“”«»]*)?"
)
_STRESSED = {"ѐ": "è", "ѝ": "ì", "Ѐ": "È", "Ѝ": "Ì"}
_SMALL = dict(zip(AZBUKA, _LATIN, strict=True))
_TO_LATIN = str.maketrans(_SMALL | {c.upper(): latin.upper() for c, latin in _SMALL.items()} | _STRESSED)
_CAPITAL_DIGRAPH = re.compile("[ЉЊЏ]")
_OURS = set(AZBUKA + AZBUKA.upper()) | set(_STRESSED)
_OTHER_CYRILLIC = "".join(chr(c) for c in range(0x400, 0x530) if chr(c).isalpha() and chr(c) not in _OURS)
# A word with a letter that Serbian does not have is not Serbian: half of it in Latin would be neither.
_FOREIGN_CYRILLIC = rf"(?<!\w)\w*[{_OTHER_CYRILLIC}]\w*"
_FOREIGN_LATIN = r"(?<!\w)\w*[QWXYqwxyÀ-ÅÈ-ÖØ-öø-ÿ]\w*"
_MAY_NEED_PROTECTION = re.compile(rf"[@:{_OTHER_CYRILLIC}]|www\.|\w\.\w")

Keep = Iterable["str | re.Pattern[str]"]


@lru_cache(maxsize=64)
def _protected(keep: tuple[str | re.Pattern[str], ...], foreign: str) -> re.Pattern[str]:
    own = [re.escape(part) if isinstance(part, str) else f"(?:{part.pattern})" for part in keep if part]
    return re.compile("|".join([*own, _ADDRESS, foreign]))


def to_latin(text: str, keep: Keep = ()) -> str:
    """Serbian Cyrillic to Latin, letter by letter. Addresses and words of other Cyrillics stay as written.

    `keep`: words (str, literally) or patterns (compiled, flags ignored) whose matches stay as written, e.g. `(KEPT,)`.
    """
    kept = tuple(keep)
    if not kept and not _MAY_NEED_PROTECTION.search(text):
        return _letters_to_latin(text)
    parts, start = [], 0
    for span in _protected(kept, _FOREIGN_CYRILLIC).finditer(text):
        parts += [_letters_to_latin(text[start : span.start()]), span[0]]
        start = span.end()
    return "".join([*parts, _letters_to_latin(text[start:])])


def _letters_to_latin(text: str) -> str:
    return _CAPITAL_DIGRAPH.sub(_capital_digraph, text).translate(_TO_LATIN)


def _capital_digraph(found: re.Match[str]) -> str:
    """ЉУБАВ gives LJ, Љубав gives Lj, КРАЉ gives LJ, the initial Љ. gives Lj."""
    start, end = found.span()
    before, after = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
    latin = _SMALL[found[0].lower()]
    return latin.upper() if after.isupper() or (before.isupper() and not after.isalpha()) else latin.capitalize()


# n+j and d+ž that are two letters: in-jekcija, kon-junktura, van-jezički, Tan-jug, an-jon, nad-živeti, od-žaliti …
_TWO_LETTERS = re.compile(
    r"\b(?:(?:in(?=j[ei][ckg])|kon(?=j(?:un|ug|ek))|van(?=jez)|tan(?=jug)|an(?=jon))"
    r"|(?:nad(?=ž(?:iv|nj|et))|od(?=ž(?:al|iv|va|ub))|pod(?=ž(?:an|up|ar))|pred(?=ž(?:iv|et))))",
    re.IGNORECASE,
)
_BREAK = "\x00"
_DIGRAPH = re.compile("lj|Lj|LJ|nj|Nj|NJ|dž|Dž|DŽ")
_CYRILLIC_OF = {latin: c for c, latin in _SMALL.items()}
_TO_CYRILLIC = str.maketrans(
    {latin: c for latin, c in _CYRILLIC_OF.items() if len(latin) == 1}
    | {latin.upper(): c.upper() for latin, c in _CYRILLIC_OF.items() if len(latin) == 1}
)


def to_cyrillic(text: str, keep: Keep = ()) -> str:
    """Serbian Latin to Cyrillic, as well as rules and a short list of exceptions can (authors write Cyrillic).

    Addresses, words with foreign letters (q, w, x, y, é …) and `keep` (as in `to_latin`) stay as written.
    """
    parts, start = [], 0
    for span in _protected(tuple(keep), _FOREIGN_LATIN).finditer(text):
        parts += [_letters_to_cyrillic(text[start : span.start()]), span[0]]
        start = span.end()
    return "".join([*parts, _letters_to_cyrillic(text[start:])])


def _letters_to_cyrillic(text: str) -> str:
    apart = _TWO_LETTERS.sub(lambda found: found[0] + _BREAK, text)
    joined = _DIGRAPH.sub(lambda found: _match_case(_CYRILLIC_OF[found[0].lower()], found[0]), apart)
    return joined.translate(_TO_CYRILLIC).replace(_BREAK, "")


def _match_case(letter: str, like: str) -> str:
    return letter.upper() if like[0].isupper() else letter


_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*")
_LOOK_ALIKES = dict(zip("АВЕЈКМНОРСТХУаејорсхуіѕ", "ABEJKMHOPCTXYaejopcxyis", strict=True))
_LOOK_ALIKES_BACK = {latin: c for c, latin in _LOOK_ALIKES.items()}


def _is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u052f"


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and letter < "\u0250"


def mixed_script_words(text: str) -> list[str]:
    """The words that mix Latin and Cyrillic letters (Cilј with a Cyrillic ј), in order. Addresses are not words."""
    plain = re.sub(_ADDRESS, " ", text)
    return [word for word in _WORD.findall(plain) if any(map(_is_cyrillic, word)) and any(map(_is_latin, word))]


def _unmix(found: re.Match[str]) -> str:
    """A word written in one script with a look-alike of the other in it, put right; what cannot be told stays."""
    word = found[0]
    cyrillic, latin = [c for c in word if _is_cyrillic(c)], [c for c in word if _is_latin(c)]
    if not cyrillic or not latin:
        return word
    if all(c in _LOOK_ALIKES_BACK for c in latin) and any(c not in _LOOK_ALIKES for c in cyrillic):
        return "".join(_LOOK_ALIKES_BACK.get(c, c) for c in word)
    if all(c in _LOOK_ALIKES for c in cyrillic) and any(c not in _LOOK_ALIKES_BACK for c in latin):
        return "".join(_LOOK_ALIKES.get(c, c) for c in word)
    return word


_CARONS = str.maketrans("šžčć", "szcc")
_BARE = _SMALL | {"ђ": "d", "џ": "dz", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"}
_BARE |= {"й": "j", "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "ju", "я": "ja", "і": "i", "є": "e", "ѕ": "dz"}
_BARE |= dict.fromkeys("'’‘ʼ`´", "")
# Without carons both scripts are bare at one go, and nothing Serbian needs to be taken apart below.
_BARE = {letter: bare.translate(_CARONS) for letter, bare in (_BARE | {c: c for c in "šžčć"}).items()}
_FOLD = str.maketrans(_BARE)
_A_CYRILLIC, _A_LATIN = re.compile("[\u0400-\u052f]"), re.compile("[A-Za-z\u00aa-\u024f]")
_BETWEEN_WORDS, _DJ = re.compile(r"[\W_]+"), re.compile("dj+")
_UNSEEN = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")


def fold(text: str) -> str:
    """The search key: lower-case bare letters and digits, words divided by single spaces. The same for all spellings.

    Both scripts become Latin; diacritics go (š č ć ž to s c c z). đ is typed as đ, ђ, dj or d, so all four meet in one
    letter: đ and ђ become d, and every dj becomes d. Djordje, Đorđe, Ђорђе and Dorde give "dorde". Two words that only
    differ there (odjek, odek) share a key, which costs a search nothing. Punctuation divides words, apostrophes vanish,
    a look-alike of the other script inside a word is put right first. Texts and queries must both pass through here.
    """
    straight = _WORD.sub(_unmix, text) if _A_CYRILLIC.search(text) and _A_LATIN.search(text) else text
    bare = straight.casefold().translate(_FOLD)
    if not bare.isascii():  # neither Serbian nor plain
        bare = _UNSEEN.sub("", unicodedata.normalize("NFKD", bare)).casefold().translate(_FOLD)
    words = _BETWEEN_WORDS.sub(" ", bare).strip()
    return _DJ.sub("d", words) if "dj" in words else words


def _ranks(letters: str) -> dict[str, int]:
    return {letter: place for place, letter in enumerate("0123456789" + letters, start=1)}


_IN_LATIN = _ranks("абцчћдџђефгхијклљмнњопqрсштувwxyзж")
_IN_CYRILLIC = _ranks(AZBUKA + "qwxy")


def sort_key(text: str, cyrillic: bool = False) -> tuple[tuple[int, ...], str]:
    """Sorts names of either script by the Latin alphabet (dž after d, lj after l, nj after n) or, if asked, the azbuka.

    Case and accents do not count; a space comes before digits, they before letters; equal keys fall back to the text.
    """
    ranks = _IN_CYRILLIC if cyrillic else _IN_LATIN
    key = []
    for letter in _letters_to_cyrillic(unicodedata.normalize("NFC", text).lower()):
        base = letter if letter in ranks else _letters_to_cyrillic(unicodedata.normalize("NFKD", letter)[:1])
        if base in ranks:
            key.append(ranks[base])
        elif base.isalpha():
            key.append(1000 + ord(base))
        elif base.isspace() or base == "-":
            key.append(0)
    return tuple(key), text


def plural_form(n: int) -> str:
    """Which form a whole number takes: "one" (1, 21, 101), "few" (2–4, 22) or "other" (0, 5–20, 11, 111). CLDR `sr`."""
    tens, ones = abs(n) % 100, abs(n) % 10
    if 11 <= tens <= 14:
        return "other"
    return "one" if ones == 1 else "few" if 2 <= ones <= 4 else "other"
