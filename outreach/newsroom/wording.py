"""What an editor may want to look at again in one text: its words, its spaces, its links, its length. Notes only.

[[kept]] words are passed over: they stand as written, and so an author can say that a word is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach import serbian
from outreach.language import mark
from outreach.newsroom import numbers
from outreach.newsroom.faults import Fault
from outreach.newsroom.prose import GAP, PARAGRAPH, Passage, Prose

LONGEST_PARAGRAPH = 90
LEAST_MONEY = 1_000
NEAR = 60
"""How many signs of its sentence before and after a number are looked at for words of money."""

# Words that are true only on the day they are written; the page outlives it (screens.md §1).
_RELATIVE = {
    "en": re.compile(r"\b(currently|at present|the newest|the latest|under way|underway|so far|recently|soon)\b", re.I),
    "sr": re.compile(r"\b(тренутно|најновиј\w+|у току је|до сада|недавно|ускоро|ових дана)\b", re.I),
}


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# A link text of nothing but these words says nothing of where it leads …
_VAGUE = {
    "en": _words(
        "a an and click details document download fact file find following for here in it know learn link list map "
        "more now of on one our out page pages please read see sheet show site table text that the these this to "
        "view website"
    ),
    "sr": _words(
        "више видите видети веза везе вези везу даље датотека датотеке датотеци датотеку детаљи детаљније "
        "документ документа документу ево и из информативни информативном информативног још карта карте карти "
        "карту кликните лист листа листу линк линка линку мапа мапе мапи мапу молимо на наш нашој ова овај ове "
        "ово овог овом овој ову овде опширније погледајте прочитајте преузимање преузмите сада сазнајте сајт "
        "сајта сајту следећа следећем следећој следећу списак списка списку страна стране страни страну страница "
        "странице страници страницу та табела табеле табели табелу тај тамо текст текста тексту том тој ту у "
        "чита читајте чланак чланка чланку"
    ),
}
# … but for the map, which is called so.
_CALLED_SO = _words("the map карта карте карти карту мапа мапе мапи мапу")
_MONEY_WORDS = {
    "en": re.compile(
        r"\b(?:worth|costs?|budget\w*|grants?|granted|(?<!trust )funds?|funded|funding|invest\w*|donat\w*|paid|pays?"
        r"|prices?|amounts?|financ\w*|spent|spend\w*|money)\b",
        re.I,
    ),
    "sr": re.compile(
        r"\b(?:вред(?:ан|на|но|ни|не)|вредност\w*|кошта\w*|буџет\w*|грант\w*|уложен\w*|уложил\w*|улаг\w*|донац\w*"
        r"|донир\w*|плаћ\w*|плати\w*|цен[аеуо]м?|износ\w*|финансир\w*|потроше\w*|потроши\w*|новац|новц[аеу]м?|сум[аеу])\b",
        re.I,
    ),
}
# Names that are written with a capital letter inside.
_NAMES = ("WhatsApp", "YouTube", "LinkedIn", "JavaScript", "GitHub", "OpenStreetMap", "PostgreSQL")
_ADDRESS = re.compile(r"\S*(?:/|@|www\.)\S*")
_STOP = re.compile(r"[.!?…]\s")
_SMALL, _BIG = "a-zčćžšđа-шђјљњћџ", "A-ZČĆŽŠĐА-ШЂЈЉЊЋЏ"
_NO_SPACE = re.compile(
    rf"\w*[{_SMALL}]{{2}}[.!?…][{_BIG}]\w*|\w*[{_SMALL}]{{3}}[{_BIG}]\w*|\w*[^\W\d_]{{2}}[,;][^\W\d_]+|\d+\.[а-шђјљњћџ]\w*"
)
_TWICE = re.compile(r"(?<!\w)(?<!-)([^\W\d_]+) \1(?![\w-])", re.I)
_MAY_STAND_TWICE = ("that", "had")
_NO_LINK = re.compile(r"\[\[[^\]]+\]\]\((?=[/#h])")


def notes(file: str, language: str, prose: Prose) -> list[Fault]:
    """Every note on one text, in no order; head and body alike."""
    found = [note for passage in prose.passages for note in _of_passage(language, passage)]
    for link in prose.links:
        said = set(re.findall(r"[^\W_]+(?:-[^\W_]+)*", link.words.casefold()))
        if said <= _VAGUE[language] and not (said and said <= _CALLED_SO):
            message = mark("The link text “{words}” does not say where the link leads.")
            found.append((link.line, message, {"words": link.words}))
    return [Fault(file, line, message, values, is_blocking=False) for line, message, values in found]


_Note = tuple[int, str, dict[str, object]]


def _of_passage(language: str, passage: Passage) -> Iterator[_Note]:
    own = passage.own_words
    for word in serbian.mixed_script_words(own):
        line = passage.line_at(own.find(word))
        yield line, mark("The word “{word}” mixes Latin and Cyrillic letters."), {"word": word}
    for found in _RELATIVE[language].finditer(own):
        yield passage.line_at(found.start()), mark("“{word}” is true only today; give a date."), {"word": found[0]}
    for found in _NO_LINK.finditer(passage.text):
        message = mark("“{words}” is no link: give its text brackets of its own, as in {example}.")
        kept = found[0].removesuffix("(")
        yield passage.line_at(found.start()), message, {"words": kept, "example": f"[{kept}](…)"}
    yield from _slips(passage, own)
    yield from _length(passage)
    yield from _money(language, passage, own)


def _slips(passage: Passage, own: str) -> Iterator[_Note]:
    """Spaces that are missing and words that stand twice."""
    plain = _ADDRESS.sub(lambda address: GAP * len(address[0]), own)
    for found in _NO_SPACE.finditer(plain):
        if not found[0].startswith(_NAMES):
            yield passage.line_at(found.start()), mark("A space is missing in “{word}”."), {"word": found[0]}
    for found in _TWICE.finditer(plain):
        if found[1].casefold() not in _MAY_STAND_TWICE:
            message = mark("The word “{word}” stands here twice.")
            yield passage.line_at(found.start(1)), message, {"word": found[1]}


def _length(passage: Passage) -> Iterator[_Note]:
    count = sum(any(sign.isalnum() or sign == GAP for sign in word) for word in passage.text.split())
    if passage.kind == PARAGRAPH and count > LONGEST_PARAGRAPH:
        message = mark("Words in this paragraph: {count}; {most} is the most.")
        yield passage.line, message, {"count": count, "most": LONGEST_PARAGRAPH}


def _money(language: str, passage: Passage, own: str) -> Iterator[_Note]:
    for number in numbers.found(own, language):
        before = _STOP.split(own[max(0, number.start - NEAR) : number.start])[-1]
        near = before + _STOP.split(own[number.end : number.end + NEAR])[0]
        is_large = number.value >= LEAST_MONEY and not number.may_be_a_year
        if is_large and number.unit is None and _MONEY_WORDS[language].search(near):
            message = mark("“{number}” stands among words of money without a currency.")
            yield passage.line_at(number.start), message, {"number": number.said}
