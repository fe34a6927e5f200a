"""What can go wrong in the domain, by kind; `web` turns each kind into one page."""

from __future__ import annotations


class DomainError(Exception):
    """A rule of the office was not met."""


class NotFound(DomainError):
    """No such record, or none that this caller may know of."""


class NotAllowed(DomainError):
    """The caller may not do this."""


class Conflict(DomainError):
    """Somebody else changed the record, or a value is taken; goes back beside `field`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class IllegalMove(DomainError):
    """The record's state does not allow this step."""
