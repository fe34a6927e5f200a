"""`staff` on the command line."""

from __future__ import annotations

import re
from typing import Any

from click.testing import CliRunner
from sqlalchemy import select

from outreach.accounts.commands import staff
from outreach.accounts.models import Account
from outreach.house import House
from tests.support.client import PageClient, open_client
from tests.support.people import signed_in


def run(settings: Any, *words: str) -> Any:
    env = {
        "DATABASE_URL": settings.database_url, "VAR_DIR": str(settings.var_dir), "SECRET_KEY": settings.secret_key,
        "ADDRESS_PEPPER": settings.address_pepper, "BASE_URL": settings.base_url,
        "CONTENT_DIR": str(settings.content_dir), "CLOCK_FILE": str(settings.clock_file),
    }  # fmt: skip
    return CliRunner().invoke(staff, list(words), env=env)


def test_an_invitation_is_printed_and_opens_an_account(settings: Any, client: PageClient, house: House) -> None:
    done = run(settings, "invite", "Editor@example.org", "--role", "editor", "--role", "reader", "--name", "Editor")
    assert done.exit_code == 0, done.output
    link = re.search(r"http://localhost(/staff/invitation/\S+)", done.output)
    assert link is not None
    page = client.get(link[1])
    assert "Editor@example.org" in page.words
    client.submit(page, name="Editor", password="a long and plain password", variant="en")
    listed = run(settings, "list").output
    assert "Editor@example.org\tEditor\tactive\t" in listed
    with house.db.read() as session:
        (account,) = session.scalars(select(Account))
        assert {role.name for role in account.roles} == {"editor", "reader"}


def test_ending_an_account_signs_it_out_at_once(settings: Any, app: Any) -> None:
    officer = signed_in(app, "officer")
    assert run(settings, "end", "officer@example.org").exit_code == 0
    assert officer.get("/desk/").status_code == 303
    assert run(settings, "end", "officer@example.org").exit_code == 1
    assert "ended" in run(settings, "list").output


def test_the_first_link_is_offered_only_while_there_is_no_account(settings: Any, app: Any) -> None:
    offered = run(settings, "link").output
    assert "/staff/invitation/" in offered
    signed_in(app, "admin")
    assert "There is an account already" in run(settings, "link").output
    path = offered.strip().removeprefix("http://localhost")
    assert open_client(app).get(path).status_code == 200, "still open until it is used or renewed"


def test_a_wrong_address_or_role_is_one_line(settings: Any) -> None:
    assert "not an e-mail address" in run(settings, "invite", "nobody", "--role", "reader").output
    assert "is not one of" in run(settings, "invite", "x@example.org", "--role", "owner").output
