"""The digest of the golden files: put together from its pieces, as planning does it."""

from __future__ import annotations

from outreach.digests import pieces
from outreach.digests.compose import Item, Masthead
from outreach.house import House
from outreach.language import Variant
from outreach.mail.compose import Words
from tests.golden.samples import DEADLINE, WEB


def item(title: str, **more: object) -> Item:
    plain = {
        "label": "Update",
        "when": "25 Nov 2026, 10:00",
        "title": title,
        "lang": "en",
        "url": f"{WEB}/updates/2026/example",
        "summary": "One sentence that says it.",
        "note": None,
        "note_lang": None,
        "is_translated": True,
        "public_at": DEADLINE,
        "is_withdrawn": False,
        "reason": None,
    }
    return Item(**{**plain, **more})  # type: ignore[arg-type]


MASTHEAD = Masthead(
    day="Wednesday 25 November 2026",
    number=12,
    line="The office is closed on Friday.",
    line_lang="en",
    web=f"{WEB}/digests/daily/2026-11-25",
    archive=f"{WEB}/digests/",
    others=((Variant.LAT, "http://localhost/lat/digests/daily/2026-11-25"),),
    privacy=f"{WEB}/privacy",
    inquiry=f"{WEB}/media/inquiry",
)
LEAD = item("First workshop held")
SECOND = item("Figures corrected", label="Correction", note="12 became 13.", note_lang="en", is_translated=False)


def words(house: House, variant: Variant) -> Words:
    """A lead, a correction that is not translated, one item in a line, and two more on the web."""

    def block(name: str, **values: object) -> pieces.Piece:
        return pieces.block(house, variant, name, masthead=MASTHEAD, **values)

    lines = [block("brief", item=item("Hours changed")), block("more", count=2)]
    told = [
        block("told", item=LEAD, place=1),
        block("told", item=SECOND, place=2),
        block("briefs").filled(briefs=pieces.joined(lines)),
    ]
    frame = pieces.frame(house, variant, MASTHEAD, f"{WEB}/preferences/token", f"{WEB}/unsubscribe/token")
    whole = frame.filled(
        first_line=pieces.sentence("3 new items. After the first: Figures corrected; Hours changed"),
        told=pieces.joined(told),
        why=pieces.sentence("You asked for one e-mail a day about: all topics."),
    )
    return Words("First workshop held + 2 more · Wed 25 Nov", *pieces.joined([whole]))
