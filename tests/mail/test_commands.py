"""mail list, mail show, mail repeat, mail test: what an administrator sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from outreach import clock
from outreach.house import House
from outreach.mail.models import UNCERTAIN, OutboxEmail
from tests.mail.sink import Sink
from tests.support.processes import command, environment


def test_mail_list_shows_states_and_owners_but_no_addresses(house: House, enqueued: Callable[..., int]) -> None:
    mail_id = enqueued("somebody@example.org")
    run = command(environment(house.settings), "mail", "list")
    assert run.returncode == 0, run.stderr
    assert str(mail_id) in run.stdout
    assert "pending    receipt  inquiry:25-48271-3" in run.stdout
    assert "@" not in run.stdout
    assert command(environment(house.settings), "mail", "list", "--state", "failed").stdout == ""


def test_mail_show_knows_no_such_number(house: House) -> None:
    run = command(environment(house.settings), "mail", "show", "4711")
    assert (run.returncode, run.stderr) == (1, "Error: no mail has the number 4711\n")


def test_d02_a_mail_in_doubt_is_repeated_by_its_number_and_no_other(house: House, enqueued: Callable[..., int]) -> None:
    now, mail_id, other = clock.now(), enqueued(now=clock.now()), enqueued(now=clock.now())
    with house.db.transaction() as session:
        row = session.get_one(OutboxEmail, mail_id)
        row.state, row.uncertains, row.next_at = UNCERTAIN, 1, None
    env = environment(house.settings)
    assert command(env, "mail", "repeat", str(mail_id)).stdout == f"mail {mail_id} leaves once more\n"
    with house.db.read() as session:
        again = session.get_one(OutboxEmail, mail_id)
        assert again.state == UNCERTAIN
        assert again.next_at is not None
        assert again.next_at >= now
    for wrong in (str(other), "4711"):
        assert command(env, "mail", "repeat", wrong).returncode == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [("ok", "1. "), ("550_rcpt", "rejected  550 5.1.1 <(address)>: unknown"), ("drop_connect", "deferred")],
)
def test_mail_test_tells_what_the_server_said(house: House, fault: str, told: str) -> None:
    with Sink(fault) as sink:
        env = environment(replace(house.settings, mail_url=sink.url), MAIL_ALLOW="*@example.org")
        run = command(env, "mail", "test", "admin@example.org")
        assert run.returncode == 0, run.stderr
        assert told in run.stdout
        assert len(sink.kept) == (fault == "ok")


def test_d25_mail_test_is_bound_like_any_other(house: House) -> None:
    with Sink("ok") as sink:
        run = command(environment(replace(house.settings, mail_url=sink.url)), "mail", "test", "admin@example.org")
        assert "state cancelled: not allowed outside production" in run.stdout
        assert sink.envelopes == []


def test_m08_mail_test_refuses_what_is_no_address(house: House) -> None:
    run = command(environment(house.settings), "mail", "test", "nobody")
    assert run.returncode == 1
    assert run.stderr == "Error: This is not an e-mail address such as name@example.org.\n"
