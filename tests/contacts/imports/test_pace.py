"""How many rows the next step of an import does, by what the last ones took."""

from __future__ import annotations

from collections.abc import Callable

from outreach.contacts.imports.jobs import LEAST, MOST, Pace


def after(costs: Callable[[int, int], float], steps: int = 20) -> list[float]:
    """What steps take when `costs` says it of a step's place and its number of rows."""
    pace, taken = Pace(), []
    for place in range(steps):
        taken.append(costs(place, pace.rows))
        pace.took(pace.rows, taken[-1])
    return taken


def test_steps_come_to_half_of_what_a_transaction_may_take() -> None:
    assert all(0.1 < each < 0.13 for each in after(lambda _, rows: 0.01 + rows / 5_000)[2:])


def test_a_disk_that_grows_slow_makes_the_steps_smaller_at_once() -> None:
    slow = after(lambda place, rows: rows / 5_000 if place < 10 else rows / 2_500)
    assert slow[10] < 0.25
    assert all(each < 0.21 for each in slow[11:])


def test_a_disk_that_is_slow_now_and_then_leaves_room_for_it() -> None:
    stalls = after(lambda place, rows: (2 if place % 5 == 4 else 1) * rows / 5_000, 60)
    assert all(each < 0.25 for each in stalls)


def test_a_step_is_never_without_rows_nor_boundless() -> None:
    pace = Pace()
    for _ in range(9):
        pace.took(pace.rows, 9)
    assert pace.rows == LEAST
    for _ in range(30):
        pace.took(pace.rows, 0)
    assert pace.rows == MOST
