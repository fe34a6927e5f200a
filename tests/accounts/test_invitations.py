"""Accounts are opened by a one-time link; there is no default account and no default password (S-21)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.accounts import invitations, queries
from outreach.accounts.models import ROLES, Account, Invitation
from outreach.errors import Conflict, NotFound
from outreach.house import House
from tests.support.client import PageClient, open_client
from tests.support.people import PASSWORD

TYPED = {"name": "Officer, on duty", "email": "officer@example.org", "password": PASSWORD}


def first_path(house: House) -> str:
    with house.db.transaction() as session:
        link = invitations.first_link(session, house, clock.now())
    assert link is not None
    return link.removeprefix("http://localhost")


def accounts(house: House) -> list[Account]:
    with house.db.read() as session:
        return list(session.scalars(select(Account)))


def test_s21_the_first_link_opens_an_account_with_every_role_and_signs_it_in(house: House, client: PageClient) -> None:
    page = client.get(first_path(house))
    done = client.submit(page, variant="en", **TYPED)
    assert done.request.path == "/desk/"
    (account,) = accounts(house)
    assert {role.name for role in account.roles} == set(ROLES)
    assert account.password.startswith("$argon2id$")
    with house.db.transaction() as session:
        assert invitations.first_link(session, house, clock.now()) is None


def test_s21_looking_at_the_link_changes_nothing(house: House, client: PageClient) -> None:
    path = first_path(house)
    assert [client.get(path).status_code, client.get(path).status_code, client.get(path).status_code] == [200] * 3
    assert accounts(house) == []
    with house.db.read() as session:
        assert session.scalars(select(Invitation.used_at)).all() == [None]


def test_s21_the_link_works_once(app, house: House, client: PageClient) -> None:
    path = first_path(house)
    page = client.get(path)
    client.submit(page, variant="en", **TYPED)
    stranger = open_client(app)
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data=TYPED).status_code in (400, 403, 404)
    assert len(accounts(house)) == 1


def test_s21_two_at_once_open_one_account(app, house: House) -> None:
    path = first_path(house)
    first, second = open_client(app), open_client(app)
    pages = first.get(path), second.get(path)
    first.submit(pages[0], variant="en", **TYPED)
    assert second.submit(pages[1], variant="en", **TYPED).status_code == 404
    assert len(accounts(house)) == 1


def test_s21_a_new_first_link_ends_the_one_before(house: House, client: PageClient) -> None:
    earlier, later = first_path(house), first_path(house)
    assert client.get(earlier).status_code == 404
    assert client.get(later).status_code == 200


def test_s21_the_link_lives_two_days(house: House, client: PageClient, moment) -> None:
    path = first_path(house)
    moment.moves(hours=47)
    assert client.get(path).status_code == 200
    moment.moves(hours=2)
    assert client.get(path).status_code == 404


def test_unknown_used_and_expired_links_get_the_same_answer(house: House, client: PageClient, moment) -> None:
    expired = first_path(house)
    moment.moves(days=3)
    answers = [client.get(path).get_data(as_text=True) for path in (expired, f"{invitations.PATH}nobody-made-this")]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "elevenchars"}, "Use 12 characters or more."),
        ({"password": "x" * 129}, "Use 128 characters at most."),
        ({"email": "nobody"}, "This is not an e-mail address such as name@example.org."),
        ({"name": " "}, "Enter your name."),
    ],
)
def test_bad_input_is_told_beside_the_field_and_everything_typed_is_kept(
    house: House, client: PageClient, typed: dict[str, str], said: str
) -> None:
    page = client.get(first_path(house))
    again = client.submit(page, variant="lat", **{**TYPED, **typed})
    assert again.status_code == 422
    # The page speaks the browser's language until there is an account.
    assert said in again.words
    assert again.soup.find("input", {"name": "variant", "value": "lat"}).has_attr("checked")
    assert accounts(house) == []


def test_s15_fields_that_the_form_does_not_have_are_ignored(house: House, client: PageClient) -> None:
    with house.db.transaction() as session:
        token = invitations.invite(session, house, clock.now(), "reader@example.org", None, ["reader"])
    page = client.get(invitations.PATH + token)
    csrf = page.soup.find("input", {"name": "csrf_token"})["value"]
    extra = {"roles": "admin", "role": "admin", "active": "0", "id": "99", "email": "else@example.org"}
    client.post(invitations.PATH + token, data={**TYPED, **extra, "variant": "en", "csrf_token": csrf})
    (account,) = accounts(house)
    assert account.email == "reader@example.org"
    assert [role.name for role in account.roles] == ["reader"]


def test_only_the_hash_of_a_link_is_kept(house: House) -> None:
    token = first_path(house).rpartition("/")[2]
    with house.db.read() as session:
        (row,) = session.scalars(select(Invitation))
        assert token not in {str(value) for value in vars(row).values()}


def test_an_address_has_one_account_whatever_its_capitals(house: House) -> None:
    now = clock.now()
    with house.db.transaction() as session:
        token = invitations.invite(session, house, now, "officer@example.org", "Officer", ["officer"])
        opened = invitations.accept(
            session, house, now, token, name="Officer", email="ignored@example.org", password_hash="x"
        )
        assert opened.email == "officer@example.org"
        with pytest.raises(Conflict):
            invitations.invite(session, house, now, "Officer@Example.org", None, ["officer"])
        assert queries.by_email(session, "OFFICER@example.org") is opened


def test_an_unknown_role_is_refused(house: House) -> None:
    with house.db.transaction() as session, pytest.raises(Conflict):
        invitations.invite(session, house, clock.now(), "x@example.org", None, ["owner"])


def test_a_later_invitation_of_the_same_address_ends_the_earlier_one(house: House) -> None:
    now = clock.now()
    with house.db.transaction() as session:
        earlier = invitations.invite(session, house, now, "new@example.org", None, ["reader"])
        later = invitations.invite(session, house, now + timedelta(minutes=1), "new@example.org", None, ["officer"])
        with pytest.raises(NotFound):
            invitations.find(session, earlier, now + timedelta(minutes=2))
        assert invitations.find(session, later, now + timedelta(minutes=2)).role_names == ["officer"]


def test_a_form_that_lost_its_session_is_sent_again_by_one_button(app, house: House, client: PageClient) -> None:
    page = client.get(first_path(house))
    client.delete_cookie("desk")
    kept = client.submit(page, variant="en", **TYPED)
    assert kept.status_code == 400
    assert accounts(house) == []
    again = client.submit(kept)
    assert (again.status_code, "Choose a password." in again.words) == (422, True), "a password is never kept on a page"
    assert client.submit(again, password=PASSWORD).request.path == "/desk/"
