"""How many get a copy, and why the others do not: counted by the same rules that planning follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, false, func, not_, or_, select
from sqlalchemy.orm import Session

from outreach.digests.rounds import Candidate, Round
from outreach.digests.rules import has_asked, is_away, is_in, is_missed, is_of, is_served
from outreach.language import Variant
from outreach.mail.models import Suppression
from outreach.subscriptions.models import Subscriber, Subscription


def counted(session: Session, turn: Round, among: Sequence[Candidate]) -> dict[str, int]:
    """By variant: how many readers of the round wait for any of these publications."""
    rows = select(Subscriber.variant, func.count(Subscriber.id.distinct())).join(
        Subscription, Subscription.subscriber_id == Subscriber.id
    )
    rows = rows.where(*is_in(turn), *is_of(turn))
    rows = rows.where(not_(is_served(session, turn.slot)), or_(false(), *(is_missed(one, turn) for one in among)))
    found = {variant: people for variant, people in session.execute(rows.group_by(Subscriber.variant))}
    return {variant.segment: found[variant.segment] for variant in Variant if variant.segment in found}


@dataclass(frozen=True)
class Census:
    """How many subscribers of a round get a copy, and why the others do not. `served`: they have theirs already;
    `nothing`: none of it is on their topics, or they had it."""

    everybody: int
    readers: dict[str, int]
    paused: int
    served: int
    suppressed: int

    @property
    def people(self) -> int:
        """Who gets a copy."""
        return sum(self.readers.values()) - self.suppressed

    @property
    def nothing(self) -> int:
        return max(0, self.everybody - sum(self.readers.values()) - self.paused - self.served)


def census(session: Session, turn: Round, among: Sequence[Candidate]) -> Census:
    """What becomes of everybody who wants this cadence at this hour, if it carries these publications."""
    subscribed = exists().where(Subscription.subscriber_id == Subscriber.id, *is_of(turn))
    everybody = select(func.count()).select_from(Subscriber).where(*has_asked(turn), subscribed)
    served = is_served(session, turn.slot)
    missed = exists().where(
        Subscription.subscriber_id == Subscriber.id,
        *is_of(turn),
        or_(false(), *(is_missed(one, turn) for one in among)),
    )
    stopped = exists().where(Suppression.address_hash == Subscriber.address_hash)
    awake = is_in(turn)
    return Census(
        everybody=session.scalars(everybody).one(),
        readers=counted(session, turn, among),
        paused=session.scalars(everybody.where(is_away(turn), not_(served))).one(),
        served=session.scalars(everybody.where(served)).one(),
        suppressed=session.scalars(everybody.where(*awake, not_(served), missed, stopped)).one(),
    )
