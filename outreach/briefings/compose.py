"""What a mailing says, in one variant: whose words, the embargo on two clocks, the terms, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import escape

from outreach import language
from outreach.briefings.models import ADVISORY, INVITATION, STATEMENT, Mailing
from outreach.contacts.models import Person
from outreach.house import House
from outreach.inquiries import deadlines, terms, zones
from outreach.inquiries.lines import wording
from outreach.language import Variant, mark, text
from outreach.mail import compose
from outreach.mail.compose import Words, place

MAIL = "briefing"
KINDS = {ADVISORY: mark("Media advisory"), STATEMENT: mark("Statement"), INVITATION: mark("Invitation")}
BASES = {
    "legitimate_interest": mark("legitimate interest: answering the press"),
    "consent": mark("consent"),
    "public_task": mark("public task"),
}
# A copy's own values, by their places; those of the notice come last.
OBJECTION, BASIS, SOURCE, SOURCE_HTML = range(4)


def words(house: House, mailing: Mailing, variant: Variant, has_notice: bool, own: Sequence[str] = ()) -> Words:
    """The mail for a reader of this variant; with places for a copy's own values unless they are given.

    Raises headers.BadHeader when the subject cannot be sent.
    """
    given = own or [place(number) for number in range(4 if has_notice else 1)]
    return compose.render(house, MAIL, variant, **_told(house, mailing, variant), **_private(house, variant, given))


def own_values(house: House, variant: Variant, person: Person, token: str, has_notice: bool) -> list[str]:
    """What stands at the places of one copy."""
    if not has_notice:
        return [token]
    basis = text(variant, BASES.get(person.lawful_basis, person.lawful_basis))
    return [token, basis, person.source, str(escape(person.source))]


def headers(house: House, variant: Variant) -> dict[str, str]:
    """What mail programs need for their own button (RFC 2369, 2919, 8058)."""
    host = urlsplit(house.settings.base_url).hostname or "localhost"
    return {
        "List-Id": f"<briefings.{host}>",
        "List-Unsubscribe": f"<{_page(house, variant)}{place(OBJECTION)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def embargo(mailing: Mailing, variant: Variant) -> str | None:
    """The embargo's instant on the clocks of both its cities; None without one."""
    if mailing.embargo_at is None:
        return None
    return on_two_clocks(variant, mailing.embargo_at, mailing.embargo_zone, mailing.also_zone)


def on_two_clocks(variant: Variant, at: datetime, zone: str, also: str) -> str:
    """Tue 25 Nov 2025, 16:00 Belgrade (CET, UTC+1), 15:00 in London."""
    there = deadlines.other_city(variant, at, zone, also)
    if there is None:
        there = f"{language.clock_time(variant, at, ZoneInfo(also))} {zones.inside(variant, also)}"
    main = language.deadline(variant, at, ZoneInfo(zone))
    return main if also == zone else f"{main}, {there}"


def _told(house: House, mailing: Mailing, variant: Variant) -> dict[str, Any]:
    subject = _said(mailing.subject_en, mailing.subject_sr, variant)
    body = _said(mailing.text_en, mailing.text_sr, variant)
    is_english = body.is_theirs == (variant is Variant.EN)
    script = Variant.CIR if variant is Variant.CIR else Variant.LAT
    return {
        "kind": KINDS[mailing.kind],
        "subject": subject.text,
        "body": body.text,
        "lang": "en" if is_english else script.lang,
        "is_theirs": body.is_theirs,
        "terms": terms.TERMS.get(mailing.terms),
        "meaning": terms.TERMS_MEAN.get(mailing.terms),
        "embargo": embargo(mailing, variant),
        "privacy": house.url(f"/{variant.segment}/privacy"),
        "inquiry": house.url(f"/{variant.segment}/media/inquiry"),
    }


def _said(english: str, serbian: str, variant: Variant) -> wording.Wording:
    """The reader's own language, or the one there is; Serbian is Latin for whoever reads English."""
    if variant is Variant.EN and not english:
        return wording.Wording(wording.in_script(serbian, Variant.LAT), is_theirs=False)
    return wording.choose(english, serbian, variant)


def _private(house: House, variant: Variant, own: Sequence[str]) -> dict[str, Any]:
    has_notice = len(own) > SOURCE_HTML
    return {
        "objection": _page(house, variant) + own[OBJECTION],
        "notice": {"basis": own[BASIS], "source": own[SOURCE], "source_html": own[SOURCE_HTML]} if has_notice else None,
    }


def _page(house: House, variant: Variant) -> str:
    return house.url(f"/{variant.segment}/no-mailings/")
