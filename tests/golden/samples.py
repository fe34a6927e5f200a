"""Values for each mail, as its room would pass them: plain, fictional, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from outreach.inquiries.clearance.matters import ENGLISH, NOTICE, PROPOSED, SERBIAN, STORY, WE_SAY_NOW, Part
from outreach.language import text

LINK = "http://localhost/i/a-private-link"
REFERENCE = "26-48271-4"
DEADLINE = datetime(2026, 11, 25, 15, tzinfo=UTC)

WEB = "http://localhost/en"

SAMPLES: dict[str, dict[str, Any]] = {
    "briefing": {
        "kind": "Media advisory",
        "subject": "Open day on Friday",
        "body": "Doors open at ten.\nBring a badge.\n\nQuestions are taken until noon.",
        "lang": "en",
        "is_theirs": True,
        "terms": "On background",
        "meaning": "you may publish, described as we agree (“an official of the liaison office”), no name.",
        "embargo": "Wed 25 Nov 2026, 16:00 Belgrade (CET, UTC+1), 10:00 in New York",
        "inquiry": f"{WEB}/media/inquiry",
        "privacy": f"{WEB}/privacy",
        "objection": f"{WEB}/no-mailings/token",
        "notice": {
            "basis": "consent",
            "source": "List of the spring conference",
            "source_html": "List of the spring conference",
        },
    },
    "inquiry_receipt": {
        "reference": REFERENCE,
        "deadline": "Wed 25 Nov 2026, 16:00 Belgrade (CET, UTC+1)",
        "link": LINK,
        "what": "dated",
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
            "cleared": [
                {"matter": {"inquiry": {"reference": REFERENCE, "deadline_at": DEADLINE}}},
                {
                    "matter": {
                        "inquiry": None,
                        "ref": "story:3",
                        "named": lambda variant: text(variant, STORY, number=3),
                    }
                },
            ],
            "unread": [],
            "snoozed": [],
        },
    },
    "contact_card": {"link": "http://localhost/en/card/token", "until": DEADLINE},
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
        "other_terms": {},
        "attribution": "",
        "link": LINK,
    },
    "inquiry_answer": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "body": "Thank you for asking.",
        "answers": [
            ["How many workshops?", "Three workshops were held.", "on_record"],
            ["Who may come?", "Any newsroom.", "background"],
        ],
        "other_terms": {"background": "On background"},
        "terms": "On the record",
        "meaning": "you may quote and name the source as we give it.",
        "attribution": "the press office",
        "link": LINK,
        "codes": ["482715-3", "104382-6"],
        "check": "http://localhost/check/",
    },
    "inquiry_correction": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "notice": "What we told you was not right in one point.\nPlease use the words below instead.",
        "question": "How many workshops?",
        "old": "Three workshops were held.",
        "new": "Four workshops were held.",
        "said_at": DEADLINE,
        "terms": "On the record",
        "meaning": "you may quote and name the source as we give it.",
        "attribution": "the press office",
        "codes": ["715204-8"],
        "check": "http://localhost/check/",
        "link": LINK,
    },
    "inquiry_commitment": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "deadline": "Wed 25 Nov 2026, 16:00",
        "meaning": "We can answer a part of it by your deadline.",
        "body": "The figures come by noon,\nthe reasons on Thursday.",
        "link": LINK,
    },
    "inquiry_declined": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "reason": "This information is not public.",
        "body": "The yearly total is in the fact sheet of March.",
        "link": LINK,
    },
    "inquiry_referred": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "who": "Press service of the ministry (example)",
        "contact": "press@ministry.example.org",
        "body": "They keep the register.",
        "link": LINK,
    },
    "inquiry_asked": {
        "reference": REFERENCE,
        "officer": "Officer, on duty",
        "deadline": "Wed 25 Nov 2026, 16:00",
        "body": "Which year do you mean?",
        "link": LINK,
    },
    "clearance_request": {
        "question": "How many workshops?",
        "parts": [
            Part(PROPOSED, "Three workshops were held."),
            Part(ENGLISH, "Three workshops were held.\n\nThe last one in March."),
            Part(SERBIAN, "Одржане су три радионице."),
            Part(WE_SAY_NOW, "Three workshops were held.", was="Two workshops were held."),
            Part(NOTICE, "One workshop was not counted."),
        ],
        "needed": "Wed 25 Nov 2026, 15:45 Belgrade (CET, UTC+1)",
        "link": LINK,
    },
    "test": {},
}
