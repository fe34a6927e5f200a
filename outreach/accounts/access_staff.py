"""Flask-Security's view of our accounts: plain values, read when asked, never written by the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import session as flask_session
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import Datastore, UserDatastore
from flask_security.utils import verify_password
from sqlalchemy import select

from outreach import web
from outreach.accounts import queries
from outreach.accounts.models import ROLES, Account


@dataclass(eq=False)
class Role(RoleMixin):
    name: str


@dataclass(eq=False)
class User(UserMixin):
    """The account that is signed in, or signing in, as values; it belongs to no database session."""

    account_id: int
    email: str
    name: str
    password: str
    active: bool
    variant: str
    roles: list[RoleMixin]
    has_shortcuts: bool = True
    fs_uniquifier: str = ""  # the library looks for it on the class

    @classmethod
    def of(cls, account: Account) -> User:
        return cls(
            account_id=account.id,
            email=account.email,
            name=account.name,
            password=account.password,
            active=account.active,
            fs_uniquifier=account.fs_uniquifier,
            variant=account.variant,
            has_shortcuts=account.has_shortcuts,
            roles=[Role(name) for name in ROLES if account.may_be(name)],
        )

    @property
    def role_names(self) -> frozenset[str]:
        return frozenset(role.name for role in self.roles)

    def verify_and_update_password(self, password: str) -> bool:
        """Compare only: the library would write a renewed hash into a session that is not there."""
        return bool(verify_password(password, self.password))


class Accounts(Datastore, UserDatastore):
    """Finds accounts for Flask-Security; everything that changes one is a verb of this room."""

    def __init__(self) -> None:
        Datastore.__init__(self, None)  # type: ignore[no-untyped-call]
        UserDatastore.__init__(self, User, Role)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> User | None:
        """The active or ended account with this `email` or `fs_uniquifier`."""
        name, value = by.popitem()
        known = getattr(flask_session, "account", None)
        if name == "fs_uniquifier" and known is not None and known.fs_uniquifier == value:
            return User.of(known)
        with web.reading() as reading:
            if name == "email":
                account = queries.by_email(reading, value)
            else:
                account = reading.scalar(select(Account).where(Account.fs_uniquifier == value))
            return User.of(account) if account else None

    def find_role(self, role: str) -> Role | None:
        return Role(role) if role in web.ROLES else None

    def put(self, model: Any) -> Any:
        return model

    def delete(self, model: Any) -> None:
        raise NotImplementedError("accounts end; they are not deleted")
