"""What somebody agreed to, written down in the words that stood on the page (P-01)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.language import Variant, text
from outreach.subscriptions.choices import WORDING, Choice
from outreach.subscriptions.models import Consent, Subscriber

LONGEST_SOURCE = 120


def keep(
    session: Session,
    now: datetime,
    subscriber: Subscriber,
    choice: Choice,
    *,
    shown: Variant,
    source: str,
    method: str,
    confirmed_at: datetime | None = None,
    wording: str | None = None,
) -> Consent:
    """A consent to `choice`, asked for at `now` on the page `source` in the variant `shown`.

    `wording` is what was agreed to where it was not the form's own sentence.
    """
    consent = Consent(
        subscriber_id=subscriber.id,
        wording=wording or text(shown, WORDING),
        variant=shown.segment,
        wants_variant=choice.variant.segment,
        topics=list(choice.topics),
        cadence=choice.cadence,
        hour=choice.hour,
        takes_urgent=choice.takes_urgent,
        source=source[:LONGEST_SOURCE],
        method=method,
        requested_at=now,
        confirmed_at=confirmed_at,
    )
    session.add(consent)
    session.flush()
    return consent
