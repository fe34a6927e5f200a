"""Words, dates, clocks and numbers in three variants (screens 9.2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from outreach import language, words
from outreach.language import Variant

EN, LAT, CIR = Variant.EN, Variant.LAT, Variant.CIR
BELGRADE = ZoneInfo("Europe/Belgrade")
AT = datetime(2025, 11, 25, 15, 0, tzinfo=UTC)  # 16:00 in Belgrade
DAY = date(2025, 11, 25)


def plain(said: str) -> str:
    """The words with ordinary spaces."""
    return said.replace("\u00a0", " ")


def test_a_variant_has_its_segment_lang_and_language():
    assert [(v.segment, v.lang, v.language) for v in Variant] == [
        ("en", "en", "en"),
        ("lat", "sr-Latn", "sr"),
        ("cir", "sr-Cyrl", "sr"),
    ]
    assert [Variant.of(v.segment) for v in Variant] == list(Variant)


def test_an_unknown_segment_is_no_variant():
    with pytest.raises(ValueError, match="no such variant"):
        Variant.of("sr")


@pytest.mark.parametrize(
    ("said", "english", "latin", "cyrillic"),
    [
        (lambda v: language.day(v, DAY), "25 Nov 2025", "25. nov 2025.", "25. нов 2025."),
        (lambda v: language.day(v, date(2026, 3, 5)), "5 Mar 2026", "5. mar 2026.", "5. мар 2026."),
        (lambda v: language.day_in_sentence(v, DAY), "25 November 2025", "25. novembra 2025.", "25. новембра 2025."),
        (lambda v: language.month_year(v, DAY), "November 2025", "novembar 2025.", "новембар 2025."),
        (lambda v: language.weekday(v, DAY), "Tuesday", "utorak", "уторак"),
        (lambda v: language.weekday_day(v, DAY), "Tue 25 Nov", "uto, 25. 11.", "уто, 25. 11."),
        (
            lambda v: language.weekday_moment(v, AT, BELGRADE),
            "Tue 25 Nov, 16:00",
            "uto, 25. 11. u 16:00",
            "уто, 25. 11. у 16:00",
        ),
        (
            lambda v: language.weekday_and_day(v, DAY),
            "Tuesday 25 November 2025",
            "utorak, 25. novembar 2025.",
            "уторак, 25. новембар 2025.",
        ),
        (lambda v: language.clock_time(v, AT, BELGRADE), "16:00", "16:00", "16:00"),
        (
            lambda v: language.moment(v, AT, BELGRADE),
            "25 Nov 2025, 16:00",
            "25. nov 2025, 16:00",
            "25. нов 2025, 16:00",
        ),
        (
            lambda v: language.deadline(v, AT, BELGRADE),
            "Tue 25 Nov 2025, 16:00 Belgrade (CET, UTC+1)",
            "uto, 25. 11. 2025, 16:00 po beogradskom vremenu (UTC+1)",
            "уто, 25. 11. 2025, 16:00 по београдском времену (UTC+1)",
        ),
        (lambda v: language.duration(v, timedelta(minutes=88)), "1 h 28 min", "1 sat i 28 minuta", "1 сат и 28 минута"),
        (lambda v: language.time_left(v, AT, AT - timedelta(hours=2)), "2 h left", "još 2 sata", "још 2 сата"),
        (
            lambda v: language.time_left(v, AT, AT + timedelta(minutes=35)),
            "35 min late",
            "kasni 35 minuta",
            "касни 35 минута",
        ),
        (lambda v: language.number(v, 28000), "28,000", "28.000", "28.000"),
        (lambda v: language.number(v, Decimal("9.6")), "9.6", "9,6", "9,6"),
        (lambda v: language.number(v, -1234567.5), "-1,234,567.5", "-1.234.567,5", "-1.234.567,5"),
    ],
)
def test_formats(said, english, latin, cyrillic):
    assert [plain(said(v)) for v in (EN, LAT, CIR)] == [english, latin, cyrillic]


def test_a_serbian_date_and_a_number_with_its_unit_do_not_break():
    assert language.day(LAT, DAY) == "25.\u00a0nov 2025."
    assert language.weekday_day(LAT, DAY) == "uto, 25.\u00a011."
    assert language.duration(EN, timedelta(minutes=88)) == "1\u00a0h 28\u00a0min"


@pytest.mark.parametrize(
    ("minutes", "english", "latin"),
    [
        (0, "less than a minute", "manje od minuta"),
        (1, "1 min", "1 minut"),
        (21, "21 min", "21 minut"),
        (22, "22 min", "22 minuta"),
        (60, "1 h", "1 sat"),
        (5 * 60 + 1, "5 h 1 min", "5 sati i 1 minut"),
        (12 * 60 + 30, "12 h", "12 sati"),
        (23 * 60 + 59, "23 h", "23 sata"),
        (24 * 60, "1 day", "1 dan"),
        (27 * 60 + 3, "1 day 3 h", "1 dan i 3 sata"),
        (5 * 1440 + 21 * 60, "5 days 21 h", "5 dana i 21 sat"),
        (9 * 1440 + 60, "9 days", "9 dana"),
    ],
)
def test_durations(minutes, english, latin):
    assert plain(language.duration(EN, timedelta(minutes=minutes))) == english
    assert plain(language.duration(LAT, timedelta(minutes=minutes))) == latin
    assert language.duration(EN, -timedelta(minutes=minutes)) == language.duration(EN, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("zone", "english", "latin"),
    [
        ("UTC", "15:00 UTC", "15:00 UTC"),
        ("Europe/London", "15:00 London (GMT, UTC+0)", "15:00 po londonskom vremenu (UTC+0)"),
        ("America/New_York", "10:00 New York (EST, UTC−5)", "10:00 po njujorškom vremenu (UTC−5)"),
        ("Europe/Moscow", "18:00 Moscow (MSK, UTC+3)", "18:00 po moskovskom vremenu (UTC+3)"),
        ("Europe/Istanbul", "18:00 Istanbul (UTC+3)", "18:00 po istanbulskom vremenu (UTC+3)"),
        ("Asia/Qatar", "18:00 Doha (UTC+3)", "18:00 po vremenu u Dohi (UTC+3)"),
        ("Asia/Shanghai", "23:00 Beijing (CST, UTC+8)", "23:00 po pekinškom vremenu (UTC+8)"),
        ("Asia/Kolkata", "20:30 Kolkata (IST, UTC+5:30)", "20:30 po vremenu zone Asia/Kolkata (UTC+5:30)"),
        ("America/St_Johns", "11:30 St Johns (NST, UTC−3:30)", "11:30 po vremenu zone America/St_Johns (UTC−3:30)"),
    ],
)
def test_a_deadline_names_its_clock(zone, english, latin):
    assert plain(language.deadline(EN, AT, ZoneInfo(zone))) == f"Tue 25 Nov 2025, {english}"
    assert plain(language.deadline(LAT, AT, ZoneInfo(zone))) == f"uto, 25. 11. 2025, {latin}"


def test_abbreviation_and_offset_are_those_of_that_instant():
    assert "(CEST, UTC+2)" in language.deadline(EN, datetime(2026, 7, 1, 12, tzinfo=UTC), BELGRADE)
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert [language.deadline(EN, at, BELGRADE)[17:] for at in twice] == [
        "02:30 Belgrade (CEST, UTC+2)",
        "02:30 Belgrade (CET, UTC+1)",
    ]


def test_an_instant_has_its_day_on_the_clock_of_the_zone():
    midnight = datetime(2025, 11, 25, 23, 30, tzinfo=UTC)
    assert language.day(EN, midnight, BELGRADE) == "26 Nov 2025"
    with pytest.raises(TypeError, match="only in a zone"):
        language.day(EN, midnight)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{day}, in Belgrade", "25. новембра 2025, in Belgrade"),
        ("On {day}.", "On 25. новембра 2025."),
        ("({day})", "(25. новембра 2025)"),
        ("{day} in Belgrade", "25. новембра 2025. in Belgrade"),
    ],
)
def test_the_point_after_a_year_goes_before_another_stop(message, said):
    assert plain(language.text(CIR, message, day=language.day_in_sentence(CIR, DAY))) == said
    words.untranslated.clear()


def test_words_come_in_each_variant():
    assert [language.text(v, "Search") for v in (EN, LAT, CIR)] == ["Search", "Pretraga", "Претрага"]


@pytest.mark.parametrize(
    ("count", "latin"), [(1, "1 dan"), (2, "2 dana"), (5, "5 dana"), (21, "21 dan"), (1001, "1.001 dan")]
)
def test_a_count_takes_its_form_and_is_written_as_a_number(count, latin):
    assert plain(language.plural(LAT, "{count}\u00a0day", "{count}\u00a0days", count)) == latin


def test_english_counts():
    assert [plain(language.plural(EN, "{count}\u00a0day", "{count}\u00a0days", n)) for n in (0, 1, 2, 1000)] == [
        "0 days",
        "1 day",
        "2 days",
        "1,000 days",
    ]


def test_a_missing_translation_is_shown_in_english_and_noted():
    assert language.text(LAT, "Nobody wrote this in Serbian, {who}", who="A") == "Nobody wrote this in Serbian, A"
    assert "Nobody wrote this in Serbian, {who}" in words.untranslated
    words.untranslated.clear()


def test_kept_spans_stay_cyrillic_in_latin_and_lose_their_brackets(tmp_path):
    catalogue = tmp_path / "sr.po"
    catalogue.write_text('msgid "Reply in {име}"\nmsgstr "Одговор на [[ћирилици]], {име}"\n', encoding="utf-8")
    written = words.read(catalogue)
    assert words.in_script(written, latin=True) == {"Reply in {име}": ("Odgovor na ћирилици, {име}",)}
    assert words.in_script(written, latin=False) == {"Reply in {име}": ("Одговор на ћирилици, {име}",)}


class Said:
    message = "{duration} left"
    values = MappingProxyType({"duration": "<b>"})


def test_an_object_with_message_and_values_is_said():
    assert language.text(LAT, Said()) == "još <b>"


def test_markup_among_the_values_escapes_everything_else():
    said = language.text(EN, "<{duration} late", duration=Markup("<b>1</b>"))
    assert said == Markup("&lt;<b>1</b> late")
    assert isinstance(said, Markup)
    assert not isinstance(language.text(EN, "{duration} late", duration="<b>"), Markup)


def test_a_template_without_flask_speaks_each_variant():
    source = '{{ t("Search") }} · {{ n("{count}\u00a0h", "{count}\u00a0h", 3) }} · {{ dates.deadline(at) }} · {{ t(said) }} · {{ dates.time_left(at, now) }} · {{ variant.lang }}'
    template = jinja2.Environment(autoescape=True).from_string(source)
    rendered = template.render(at=AT, now=AT - timedelta(hours=1), said=Said(), **language.jinja_globals(CIR, BELGRADE))
    assert (
        plain(rendered)
        == "Претрага · 3 сата · уто, 25. 11. 2025, 16:00 по београдском времену (UTC+1) · још &lt;b&gt; · још 1 сат · sr-Cyrl"
    )


def test_dates_have_no_other_names():
    with pytest.raises(AttributeError):
        _ = language.Dates(EN).tomorrow


def test_names_sort_by_the_alphabet_of_the_page():
    names = ["Žabalj", "Čačak", "Шид", "Beograd"]
    assert sorted(names, key=lambda name: language.sort_key(EN, name)) == ["Beograd", "Čačak", "Шид", "Žabalj"]
    assert sorted(names, key=lambda name: language.sort_key(CIR, name)) == ["Beograd", "Žabalj", "Čačak", "Шид"]


@given(st.dates(), st.sampled_from(list(Variant)))
def test_no_date_has_a_leading_zero(on, variant):
    said = plain(language.day(variant, on))
    assert said.split(" ")[0].rstrip(".") == str(on.day)
    assert said.endswith(str(on.year)) if variant is EN else said.endswith(f"{on.year}.")


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_every_duration_has_one_or_two_parts(length):
    assert plain(language.duration(EN, length)).count(" ") in (1, 3)
