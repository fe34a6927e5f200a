"""What the workspace shows of an inquiry besides the inquiry itself, read in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.house import House
from outreach.inquiries import beside, drafts, emails, hygiene, moves, proof, queries, terms
from outreach.inquiries.clearance import planner, state
from outreach.inquiries.clearance import queries as clearances
from outreach.inquiries.files import keeping as files_kept
from outreach.inquiries.models import Inquiry
from outreach.mail import outbox, suppressions


def of(session: Session, house: House, now: datetime, inquiry: Inquiry, account_id: int) -> dict[str, Any]:
    """Everything by the name it has in the template."""
    cleared, kept = state.of(session, inquiry), drafts.kept(house, inquiry)
    failed = queries.failed_mails(session, inquiry)
    return {
        "words": terms, "moves": moves, "visible": hygiene.visible, "names": accounts.names(session),
        "can": {verb: moves.is_legal(inquiry, verb) for verb in moves.LEGAL},
        "earlier": queries.earlier_from(session, inquiry), "failed": failed,
        "subjects": outbox.subjects(session, failed), "reply_variant": emails.reply_variant(inquiry),
        "is_refused": bool(inquiry.email)
        and suppressions.is_suppressed(session, house, inquiry.email, suppressions.ALL),
        "kept": kept, "prints": {name: drafts.print_of(text) for name, text in kept.items()},
        "stamp": drafts.stamp(inquiry), "cleared": cleared, "files": files_kept.every(session, inquiry),
        **clearances.shown(session, account_id, cleared.standings()),
        "beside": beside.questions(session, house, inquiry, now),
        "plan": planner.of(house.office, now, inquiry), "proofs": proof.of(session, inquiry.messages, now),
    }  # fmt: skip
