"""An office with so many inquiries, a twentieth of them open: what a queue must sort out."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from outreach.inquiries import references
from outreach.inquiries.models import ACCEPTED, ANSWERED, CLOSED, RECEIVED, SCREENED, WITHDRAWN, Inquiry, Question
from outreach.serbian import fold

WORDS = ["demining", "bridge", "budget", "exercise", "training", "reform", "river", "project", "border", "visit"]
OVER = (ANSWERED, CLOSED, CLOSED, CLOSED, WITHDRAWN, SCREENED)
AT_ONCE = 2_000


def fill(session: Session, now: datetime, count: int, owner_id: int) -> None:
    """`count` inquiries over two years, every twentieth of them open with a deadline about now."""
    luck = random.Random(7)  # noqa: S311
    made: set[str] = set()
    for start in range(0, count, AT_ONCE):
        rows = [_inquiry(luck, now, number, made, owner_id) for number in range(start, min(start + AT_ONCE, count))]
        session.execute(insert(Inquiry), rows)
        asked = [
            {"inquiry_id": row["id"], "number": n, "text": row["subject"], "answer": ""} for row in rows for n in (1, 2)
        ]
        session.execute(insert(Question), asked)


def _inquiry(luck: random.Random, now: datetime, number: int, made: set[str], owner_id: int) -> dict[str, Any]:
    is_open = number % 20 == 0
    received = now - timedelta(minutes=luck.randrange(60 * 24 * 2) if is_open else luck.randrange(60 * 24 * 700))
    state = luck.choice((RECEIVED, ACCEPTED)) if is_open else luck.choice(OVER)
    deadline = received + timedelta(hours=luck.randrange(1, 96)) if luck.random() < 0.8 else None
    subject, outlet = " ".join(luck.choices(WORDS, k=4)).capitalize(), f"Outlet {luck.randrange(300)}"
    name = f"Reporter {luck.randrange(3000)}"
    reference = _fresh(luck, made)
    answered = received + timedelta(hours=3) if state in (ANSWERED, CLOSED) else None
    return {
        "id": number + 1, "reference": reference, "fingerprint": "", "key_id": "", "variant": "en", "version": 1,
        "state": state, "screened_reason": "rate" if state == SCREENED else None,
        "owner_id": owner_id if state == ACCEPTED and luck.random() < 0.3 else None, "needs": ["quote"],
        "subject": subject, "deadline_choice": "day", "deadline_at": deadline, "deadline_zone": "Europe/Belgrade",
        "suspense_at": deadline and deadline - timedelta(minutes=30), "terms_wanted": "on_record", "name": name,
        "outlet": outlet, "email": f"reporter{number}@example.org", "channels": [], "reply_in": "en",
        "folded": fold(f"{subject} {name} {outlet} {reference}"), "received_at": received, "answered_at": answered,
        "accepted_at": received if state != RECEIVED else None, "changed_at": answered or received,
        "last_in_at": received, "desk_at": answered,
    }  # fmt: skip


def _fresh(luck: random.Random, made: set[str]) -> str:
    while (reference := references.make(2024 + luck.randrange(3))) in made:
        pass
    made.add(reference)
    return reference
