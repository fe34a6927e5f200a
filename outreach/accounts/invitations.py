"""Invite a member of staff by a one-time link (recipes.md G, reliability.md S-21). There is no default account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts import queries
from outreach.accounts.models import INVITATION_LIVES, ROLES, Account, AccountRole, Invitation
from outreach.errors import Conflict, NotFound
from outreach.language import mark

if TYPE_CHECKING:
    from outreach.house import House

PATH = "/staff/invitation/"


def invite(
    session: Session,
    house: House,
    now: datetime,
    email: str,
    name: str | None,
    roles: Iterable[str],
    invited_by: int | None = None,
) -> str:
    """Make a one-time link for somebody at `email`; the token is returned once and only its hash kept.

    An earlier open invitation of the same address ends. Raises Conflict("email") when the address has an account,
    Conflict("roles") for a role that does not exist or for none at all.
    """
    held = _known_roles(roles)
    if queries.by_email(session, email) is not None:
        raise Conflict("email", mark("This address already has an account."))
    _end_open(session, now, email.strip())
    return _new(session, now, email.strip(), name, held, invited_by)


def first_link(session: Session, house: House, now: datetime) -> str | None:
    """The absolute one-time link to the first account, with every role; None once there is an account.

    Each call makes a fresh link and ends the one before, so that only the newest line in the terminal works.
    """
    if queries.any_account(session):
        return None
    _end_open(session, now, None)
    return house.url(PATH + _new(session, now, None, None, ROLES, None))


def find(session: Session, token: str, now: datetime) -> Invitation:
    """The open invitation of this token; NotFound for an unknown, used or expired one, without saying which."""
    invitation = queries.open_invitation(session, token_hash(token))
    if invitation is None or not invitation.is_open(now):
        raise NotFound
    return invitation


def accept(
    session: Session,
    house: House,
    now: datetime,
    token: str,
    *,
    name: str,
    email: str,
    password_hash: str,
    variant: str = "en",
) -> Account:
    """Use the invitation, once, and open the account; `password_hash` is already hashed (slow work stays outside).

    Raises NotFound when the link is not open, or a racing request used it first, and Conflict("email") when the
    address already has an account. An invitation that names an address keeps it, whatever was typed.
    """
    invitation = find(session, token, now)
    address = (invitation.email or email).strip()
    if queries.by_email(session, address) is not None:
        raise Conflict("email", mark("This address already has an account."))
    used = session.execute(
        update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None)).values(used_at=now)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    account = Account(
        email=address,
        name=name,
        password=password_hash,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        variant=variant,
        created_at=now,
        held_roles=[AccountRole(name=role) for role in invitation.role_names],
    )
    session.add(account)
    session.flush()
    invitation.account_id = account.id
    audit.record(session, now, "account.opened", f"account:{account.id}", actor_id=account.id, roles=invitation.roles)
    return account


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _known_roles(roles: Iterable[str]) -> list[str]:
    wanted = set(roles)
    if not wanted or not wanted <= set(ROLES):
        raise Conflict("roles", mark("Choose at least one role."))
    return [role for role in ROLES if role in wanted]


def _end_open(session: Session, now: datetime, email: str | None) -> None:
    same = Invitation.email.is_(None) if email is None else Invitation.email == email
    for earlier in session.scalars(select(Invitation).where(same, Invitation.used_at.is_(None))):
        earlier.expires_at = min(earlier.expires_at, now)


def _new(
    session: Session,
    now: datetime,
    email: str | None,
    name: str | None,
    roles: Iterable[str],
    invited_by: int | None,
) -> str:
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=token_hash(token),
        email=email,
        name=name,
        roles=" ".join(roles),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + INVITATION_LIVES,
    )
    session.add(invitation)
    session.flush()
    audit.record(
        session, now, "account.invited", f"invitation:{invitation.id}", actor_id=invited_by, roles=invitation.roles
    )
    return token
