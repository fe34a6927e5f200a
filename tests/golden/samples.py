"""Values for each mail, as its room would pass them: plain, fictional, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

LINK = "http://localhost/i/a-private-link"
REFERENCE = "26-48271-4"
DEADLINE = datetime(2026, 11, 25, 15, tzinfo=UTC)

WEB = "http://localhost/en"

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
    "inquiry_reminder": {"reference": REFERENCE, "deadline": "Wed 25 Nov 2026, 16:00", "link": LINK},
    "shift_handover": {
        "now": DEADLINE,
        "link": "http://localhost/desk/handover",
        "sheet": {
            "due": [
                {"reference": REFERENCE, "deadline_at": DEADLINE},
                {"reference": "26-10432-7", "deadline_at": DEADLINE},
            ],
            "unowned": [{"reference": "26-10432-7", "deadline_at": DEADLINE}],
            "promised": [],
            "waiting": [{"reference": "26-19385-7", "deadline_at": None}],
            "cleared": [{"inquiry": {"reference": REFERENCE, "deadline_at": DEADLINE}}],
            "unread": [],
            "snoozed": [],
        },
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
        "takes_urgent": False,
        "hour": "08:00",
        "topics": [],
    },
    "subscription_address": {"link": "http://localhost/en/address/token"},
    "subscription_link": {"link": "http://localhost/en/mine/token"},
    "subscription_already": {
        "preferences": "http://localhost/en/preferences/token",
        "unsubscribe": "http://localhost/en/unsubscribe/token",
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
