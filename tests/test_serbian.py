"""Serbian: both scripts, search keys, sorting, plurals (screens 9.2 and 9.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import serbian

CYRILLIC = serbian.AZBUKA + serbian.AZBUKA.upper()
LATIN = "abcčćdđefghijklmnoprsštuvzžABCČĆDĐEFGHIJKLMNOPRSŠTUVZŽ"
cyrillic_texts = st.text(alphabet=CYRILLIC + " ,.-!„”0123456789")
any_texts = st.text(alphabet=CYRILLIC + LATIN + "qwxyёйщыьѓќéüøßŁ'’-_ .@:/0123456789\u00ad\u0301")


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("ЉУБАВ", "LJUBAV"),
        ("Љубав", "Ljubav"),
        ("љубав", "ljubav"),
        ("ЏЕЗ", "DŽEZ"),
        ("Џез", "Džez"),
        ("Њујорк", "Njujork"),
        ("СПРОВОЂЕЊЕ", "SPROVOĐENJE"),
        ("Љиг", "Ljig"),
        ("ЉИГ", "LJIG"),
        ("КРАЉ", "KRALJ"),
        ("КОЊ, ПАЊ", "KONJ, PANJ"),
        ("Петар Љ. Ана", "Petar Lj. Ana"),
        ("ЊЊ", "NJNJ"),
        ("инјекција", "injekcija"),
        ("КФОР-ов", "KFOR-ov"),
        ("KFOR-ов", "KFOR-ov"),
        ("„Изградња интегритета”", "„Izgradnja integriteta”"),
        ("Бирчанинова 5, 11000 Београд", "Birčaninova 5, 11000 Beograd"),
        ("Zaklјučkom", "Zaključkom"),
        ("", ""),
    ],
)
def test_latin_of_cyrillic(cyrillic, latin):
    assert serbian.to_latin(cyrillic) == latin


@pytest.mark.parametrize(
    "address",
    [
        "ана@пример.срб",
        "www.пример.срб",
        "https://отан.rs/ђ",
        "http://пример.срб/пут?упит=ђ#сидро",
        "пример.срб",
        "дневник.пример.срб",
        "прилог.pdf",
        "mailto:ана@пример.срб",
        "ime.prezime+ознака@example.org",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "Пишите на {}, молимо вас.", "({})", "„{}”", "{}.", "<{}>"])
def test_an_address_in_running_text_stays_as_written(address, frame):
    latin = serbian.to_latin(frame.format(address))
    assert address in latin
    assert latin.replace(address, "{}") == serbian.to_latin(frame)


def test_words_of_other_cyrillic_alphabets_stay_whole():
    assert serbian.to_latin("Чайковский и Петар") == "Чайковский i Petar"


def test_kept_spans_and_words_stay_as_written():
    assert (
        serbian.to_latin("писмо: [[ћирилица]], {име}", (serbian.KEPT, serbian.PLACEHOLDER))
        == "pismo: [[ћирилица]], {име}"
    )
    assert serbian.to_latin("лист Данас и данас", ("Данас",)) == "list Данас i danas"


def test_a_full_stop_without_a_space_after_it_is_no_address():
    assert serbian.to_latin("Крај.Почетак") == "Kraj.Početak"


@given(cyrillic_texts)
def test_latin_has_no_cyrillic_letter_and_mixes_no_scripts(text):
    latin = serbian.to_latin(text)
    assert not any("\u0400" <= c <= "\u04ff" for c in latin)
    assert serbian.mixed_script_words(latin) == []


@given(any_texts)
def test_latin_of_latin_is_itself(text):
    once = serbian.to_latin(text)
    assert serbian.to_latin(once) == once


@given(st.lists(st.text(alphabet=serbian.AZBUKA, min_size=3)), st.sampled_from([str.lower, str.title, str.upper]))
def test_latin_to_cyrillic_to_latin_is_the_identity(parts, case):
    latin = serbian.to_latin(case(" ".join(parts)))
    assert serbian.to_latin(serbian.to_cyrillic(latin)) == latin


EXCEPTIONS = (
    "инјекција конјунктура надживети ванјезички Танјуг анјон оџак оџачар оджалити поджанр џем Љубљана Њујорк уједињење"
)


@pytest.mark.parametrize("word", EXCEPTIONS.split())
def test_cyrillic_of_latin_knows_the_exceptions(word):
    assert serbian.to_cyrillic(serbian.to_latin(word)) == word


def test_words_with_foreign_letters_stay_latin():
    assert serbian.to_cyrillic("Pišite na WhatsApp ili ime@example.org") == "Пишите на WhatsApp или ime@example.org"


@pytest.mark.parametrize("typed", ["Djordje", "Đorđe", "Ђорђе", "Dorde", "ĐORĐE", "djordje", "  Đorđe! ", "Ђoрђе"])
def test_all_spellings_of_a_name_meet_in_one_search_key(typed):
    assert serbian.fold(typed) == "dorde"


@pytest.mark.parametrize(
    "typed", ["Бирчанинова", "Birčaninova", "Bircaninova", "BIRČANINOVA", "Birc\u030caninova", "Bir\u00adčaninova"]
)
def test_search_is_blind_to_script_and_diacritics(typed):
    assert serbian.fold(typed) == "bircaninova"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Zaklјučkom", "zakljuckom"),  # a Cyrillic ј in a Latin word
        ("Cава", "sava"),  # a Latin C in a Cyrillic word
        ("Џез, џем", "dzez dzem"),
        ("Njiva / Њива", "njiva njiva"),
        ("28.000 = 28,000", "28 000 28 000"),
        ("rock’n’roll", "rocknroll"),
        ("КФОР-а", "kfor a"),
        ("Straße, Łódź, øst", "strasse lodz ost"),
        ("…", ""),
    ],
)
def test_search_keys(text, key):
    assert serbian.fold(text) == key


@given(any_texts)
def test_a_search_key_is_its_own_key(text):
    key = serbian.fold(text)
    assert serbian.fold(key) == key
    assert key == " ".join(key.split())


@given(cyrillic_texts)
def test_both_scripts_of_a_text_have_one_search_key(text):
    assert serbian.fold(serbian.to_latin(text)) == serbian.fold(text)


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("one", (1, 21, 101, 1001, -1)),
        ("few", (2, 3, 4, 22, 104, 1002)),
        ("other", (0, 5, 11, 12, 13, 14, 19, 20, 25, 111, 112, 1011)),
    ],
)
def test_plural_forms(form, numbers):
    assert {serbian.plural_form(n) for n in numbers} == {form}


def test_mixed_script_words_are_found_and_hyphens_divide():
    assert serbian.mixed_script_words("Zaklјučkom и Cilј, KFOR-а, мама, ime@пример.срб") == ["Zaklјučkom", "Cilј"]


def test_place_names_sort_by_the_latin_alphabet_in_either_script():
    names = [
        "Žabalj",
        "Ђаково",
        "Ljig",
        "Lužnica",
        "Lazarevac",
        "Џеп",
        "Dunav",
        "Đavolja varoš",
        "Čačak",
        "Ćuprija",
        "Cer",
        "Njiva",
        "Niš",
    ]
    expected = [
        "Cer",
        "Čačak",
        "Ćuprija",
        "Dunav",
        "Џеп",
        "Ђаково",
        "Đavolja varoš",
        "Lazarevac",
        "Lužnica",
        "Ljig",
        "Niš",
        "Njiva",
        "Žabalj",
    ]
    assert sorted(names, key=serbian.sort_key) == expected


def test_place_names_sort_by_the_azbuka_when_asked():
    names = ["Шабац", "Žabalj", "Вршац", "Ада", "Јагодина", "Дунав", "Ђердап", "Ћуприја", "Тара", "Ada Huja", "Адаси"]
    expected = [
        "Ада",
        "Ada Huja",
        "Адаси",
        "Вршац",
        "Дунав",
        "Ђердап",
        "Žabalj",
        "Јагодина",
        "Тара",
        "Ћуприја",
        "Шабац",
    ]
    assert sorted(names, key=lambda name: serbian.sort_key(name, cyrillic=True)) == expected


@given(any_texts, any_texts)
def test_any_two_texts_can_be_sorted(one, other):
    assert isinstance(serbian.sort_key(one) < serbian.sort_key(other), bool)


def test_there_are_twelve_months_in_the_genitive():
    assert [len(months) for months in (serbian.MONTHS, serbian.MONTHS_GENITIVE, serbian.MONTHS_SHORT)] == [12, 12, 12]
    assert all(
        genitive.endswith("а") and nominative[:3] == genitive[:3]
        for nominative, genitive in zip(serbian.MONTHS, serbian.MONTHS_GENITIVE, strict=True)
    )
