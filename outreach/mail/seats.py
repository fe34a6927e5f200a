"""A seat is what a worker process holds while it lives: a locked file below var/, or an advisory lock of PostgreSQL.

Whoever gets a seat knows that its former owner is dead, and may take over at once what that one left half-way. Leases
remain for processes that live but stand still.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from outreach.house import House

SEATS = range(1, 65)
LOCK_CLASS = 0x6D61696C  # "mail", so that no other advisory lock of ours can meet these


class Seat(Protocol):
    number: int

    def is_held(self) -> bool: ...


class NoSeat(Exception):
    """More workers than there are seats."""


class _FileSeat:
    def __init__(self, number: int) -> None:
        self.number = number

    def is_held(self) -> bool:
        return True  # the kernel lets go of it only when the process ends


class _LockSeat:
    def __init__(self, number: int, connection: Connection) -> None:
        self.number = number
        self.connection = connection

    def is_held(self) -> bool:
        """The lock goes with its connection. When that is broken it is taken again, unless somebody else was quicker.

        Raises SQLAlchemyError while there is no database.
        """
        try:
            with self.connection.begin():  # a broken connection is thrown away with it, and the next one is new
                self.connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return self.is_taken()
        return True

    def is_taken(self) -> bool:
        mine = {"class": LOCK_CLASS, "number": self.number}
        with self.connection.begin():
            return bool(self.connection.scalar(text("SELECT pg_try_advisory_lock(:class, :number)"), mine))


@contextmanager
def taken(house: House) -> Iterator[Seat]:
    """Hold the first free seat."""
    with _file_seat(house.settings.var_dir) if house.db.is_sqlite else _lock_seat(house) as seat:
        yield seat


@contextmanager
def _file_seat(var_dir: Path) -> Iterator[Seat]:
    var_dir.mkdir(parents=True, exist_ok=True)
    for number in SEATS:
        with (var_dir / f"worker-{number}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield _FileSeat(number)
            return
    raise NoSeat


@contextmanager
def _lock_seat(house: House) -> Iterator[Seat]:
    with house.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for number in SEATS:
            seat = _LockSeat(number, connection)
            if seat.is_taken():
                try:
                    yield seat
                finally:
                    connection.invalidate()  # closes it, and with it goes the lock
                return
        raise NoSeat
