"""Values for each mail, as its room would pass them: plain, fictional, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from outreach.language import Variant

LINK = "http://localhost/i/a-private-link"
REFERENCE = "26-48271-4"
DEADLINE = datetime(2026, 11, 25, 15, tzinfo=UTC)

WEB = "http://localhost/en"


def item(title: str, **more: Any) -> SimpleNamespace:
    plain = {
        "label": "Update",
        "when": "25 Nov 2026, 10:00",
        "title": title,
        "lang": "en",
        "url": f"{WEB}/updates/2026/example",
        "summary": "One sentence that says it.",
    }
    rest = {
        "note": None,
        "note_lang": None,
        "is_translated": True,
        "public_at": DEADLINE,
        "is_withdrawn": False,
        "reason": None,
    }
    return SimpleNamespace(**{**plain, **rest, **more})


EDITION = SimpleNamespace(
    variant=Variant.EN,
    cadence="daily",
    subject="First workshop held + 2 more · Wed 25 Nov",
    first_line="3 new items. After the first: Figures corrected; Hours changed",
    day="Wednesday 25 November 2026",
    number=12,
    lead=item("First workshop held"),
    items=(item("Figures corrected", label="Correction", note="12 became 13.", note_lang="en", is_translated=False),),
    briefs=(item("Hours changed"),),
    more=2,
    web=f"{WEB}/digests/daily/2026-11-25",
    archive=f"{WEB}/digests/",
    others=((Variant.LAT, "http://localhost/lat/digests/daily/2026-11-25"),),
    privacy=f"{WEB}/privacy",
    inquiry=f"{WEB}/media/inquiry",
)

SAMPLES: dict[str, dict[str, Any]] = {
    "inquiry_receipt": {
        "reference": REFERENCE,
        "deadline": "Wed 25 Nov 2026, 16:00 Belgrade (CET, UTC+1)",
        "link": LINK,
    },
    "inquiry_alert": {
        "what": "A new inquiry is waiting",
        "reference": REFERENCE,
        "link": f"http://localhost/desk/inquiries/{REFERENCE}",
    },
    "inquiry_link": {"reference": REFERENCE, "link": LINK},
    "inquiry_accepted": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "deadline": "Wed 25 Nov 2026, 16:00",
        "link": LINK,
    },
    "subscription_confirm": {
        "link": "http://localhost/en/confirm/token",
        "rhythm": "One e-mail a day, on working days",
        "hour": "08:00",
        "topics": [],
    },
    "subscription_already": {
        "preferences": "http://localhost/en/preferences/token",
        "unsubscribe": "http://localhost/en/unsubscribe/token",
    },
    "digest": {
        "edition": EDITION,
        "asked_for": "You asked for one e-mail a day about: all topics.",
        "preferences": f"{WEB}/preferences/token",
        "pause": f"{WEB}/preferences/token?pause=30",
        "unsubscribe": f"{WEB}/unsubscribe/token",
    },
    "inquiry_reply": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "body": "One thing first:\nwhich year do you mean?",
        "answers": [],
        "terms": None,
        "meaning": None,
        "attribution": "",
        "link": LINK,
    },
    "inquiry_answer": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "body": "Thank you for asking.",
        "answers": [["How many workshops?", "Three workshops were held."], ["Who may come?", "Any newsroom."]],
        "terms": "On the record",
        "meaning": "you may quote and name the source as we give it.",
        "attribution": "the press office",
        "link": LINK,
    },
    "test": {},
}
