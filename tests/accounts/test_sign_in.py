"""Signing in and out: sessions on the server's side, cookies, throttle, the same answer for everybody (S-03, S-04, S-08)."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from outreach import clock
from outreach.accounts import profiles, sessions
from outreach.accounts.models import Account, StaffSession
from outreach.house import House
from tests.support.client import Page, PageClient, open_client
from tests.support.people import PASSWORD

OFFICER = "officer@example.org"


def sign_in(client: PageClient, email: str = OFFICER, password: str = PASSWORD, at: str = "/staff/login") -> Page:
    return client.submit(client.get(at), "/staff/login", follow=False, email=email, password=password)


def rows(house: House) -> list[StaffSession]:
    with house.db.read() as session:
        return list(session.scalars(select(StaffSession).order_by(StaffSession.id)))


def cookie_value(client: PageClient) -> str:
    cookie = client.get_cookie("desk")
    assert cookie is not None
    return str(cookie.value)


def test_a_person_signs_in_and_out(app: Any, officer: PageClient, client: PageClient) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert client.get("/desk/").status_code == 200
    out = client.submit(client.get("/desk/"), "/staff/logout", follow=False)
    assert out.location == "/staff/login"
    assert client.get("/desk/").status_code == 303


def test_s04_the_session_gets_a_new_key_at_sign_in_and_the_row_only_its_hash(
    house: House, officer: PageClient, client: PageClient
) -> None:
    client.get("/staff/login")
    before = cookie_value(client)
    sign_in(client)
    after = cookie_value(client)
    assert before != after
    assert rows(house)[-1].key_hash == sessions.key_hash(after)
    client.set_cookie("desk", before, domain="localhost")
    assert client.get("/desk/").status_code == 303


def test_s04_signing_out_ends_the_row_so_that_a_kept_cookie_opens_nothing(
    house: House, officer: PageClient, client: PageClient
) -> None:
    sign_in(client)
    kept = cookie_value(client)
    client.submit(client.get("/desk/"), "/staff/logout")
    assert rows(house)[-1].ended_reason == "signed_out"
    client.set_cookie("desk", kept, domain="localhost")
    assert client.get("/desk/").status_code == 303


def test_s04_thirty_idle_minutes_end_a_session(officer: PageClient, moment: Any) -> None:
    moment.moves(minutes=29)
    assert officer.get("/desk/").status_code == 200
    moment.moves(minutes=29)
    assert officer.get("/desk/me").status_code == 200
    moment.moves(minutes=31)
    answer = officer.get("/desk/me?x=1")
    assert answer.location == "/staff/login?next=/desk/me?x%3D1&ended=1"
    assert "30 minutes" in officer.get(answer.location).words


def test_s04_a_page_that_renews_itself_is_not_activity(officer: PageClient, moment: Any) -> None:
    for _ in range(3):
        moment.moves(minutes=9)
        assert officer.get("/desk/", headers={"X-Renewal": "1"}).status_code == 200
    moment.moves(minutes=9)
    assert officer.get("/desk/", headers={"X-Renewal": "1"}).status_code == 303


def test_s04_twelve_hours_end_a_session_however_busy(officer: PageClient, moment: Any) -> None:
    for _ in range(28):
        moment.moves(minutes=25)
        assert officer.get("/desk/me").status_code == 200
    moment.moves(minutes=25)
    assert officer.get("/desk/me").status_code == 303


def test_s04_an_ended_account_is_out_at_its_next_request(house: House, officer: PageClient, client: PageClient) -> None:
    assert officer.get("/desk/").status_code == 200
    with house.db.transaction() as session:
        profiles.end(session, clock.now(), OFFICER)
    assert officer.get("/desk/").status_code == 303
    assert sign_in(client).status_code == 422


def test_s04_the_flag_alone_is_enough(house: House, officer: PageClient) -> None:
    with house.db.transaction() as session:
        session.execute(update(Account).values(active=False))
    assert officer.get("/desk/").status_code == 303


def test_s04_signing_out_everywhere_ends_every_browser(officer: PageClient, client: PageClient) -> None:
    sign_in(client)
    client.submit(client.get("/desk/me"), "sign-out-everywhere")
    assert [officer.get("/desk/").status_code, client.get("/desk/").status_code] == [303, 303]
    assert sign_in(client).status_code == 303


def test_s03_unknown_wrong_and_ended_get_the_same_answer(app: Any, house: House, officer: PageClient) -> None:
    with house.db.transaction() as session:
        profiles.end(session, clock.now(), OFFICER)
    pages = []
    for email, password in (("nobody@example.org", "x" * 14), (OFFICER, "x" * 14), (OFFICER, PASSWORD)):
        answer = sign_in(open_client(app), email, password)
        token = answer.soup.find("input", {"name": "csrf_token"})["value"]
        pages.append((answer.status_code, answer.get_data(as_text=True).replace(token, "").replace(email, "")))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 422


def test_s03_the_sixth_try_in_a_minute_is_429_and_the_next_minute_is_free(
    app: Any, officer: PageClient, client: PageClient, moment: Any
) -> None:
    moment.is_at((clock.now() + timedelta(minutes=1)).replace(second=1, microsecond=0))  # after the officer's own try
    for email in (OFFICER, "nobody@example.org"):
        answers = [sign_in(open_client(app), email, "wrong password") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert answers[5].headers["Retry-After"] == "60"
    elsewhere = client.get("/staff/login")
    token = elsewhere.soup.find("input", {"name": "csrf_token"})["value"]
    typed = {"email": OFFICER, "password": PASSWORD, "csrf_token": token}
    from_elsewhere = client.post("/staff/login", data=typed, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert from_elsewhere.status_code == 303, "an outsider's tries lock nobody out"
    moment.moves(seconds=61)
    assert sign_in(open_client(app)).status_code == 303


def test_s03_a_network_that_tries_many_names_is_slowed(app: Any, moment: Any) -> None:
    moment.is_at(clock.now().replace(second=1, microsecond=0))
    client = open_client(app)
    token = client.get("/staff/login").soup.find("input", {"name": "csrf_token"})["value"]
    codes = [
        client.post(
            "/staff/login", data={"email": f"n{n}@example.org", "password": "", "csrf_token": token}
        ).status_code
        for n in range(31)
    ]
    assert codes == [422] * 30 + [429]


@pytest.mark.parametrize("email", ["\x00@example.org", "a" * 5000, "", "' or 1=1 --", "официр@example.org", "\ud800"])
def test_t04_nonsense_is_a_wrong_address_and_never_a_failure(
    client: PageClient, officer: PageClient, email: str
) -> None:
    token = client.get("/staff/login").soup.find("input", {"name": "csrf_token"})["value"]
    client.checks_pages = False
    for password in ("x", "\x00", "y" * 100_000):
        typed = {"email": email.encode("utf-8", "surrogatepass"), "password": password, "csrf_token": token}
        assert client.post("/staff/login", data=typed).status_code in (422, 429)


def test_s08_the_cookie_is_bound_to_this_host_and_to_https(settings: Any) -> None:
    from outreach import create_app

    secure = dataclasses.replace(settings, base_url="https://press.example.org")
    app = create_app(secure)
    client = open_client(app)
    answer = client.get("/staff/login", base_url="https://press.example.org")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-desk=")
    app.extensions["house"].db.dispose()
    assert set(cookie.split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_s08_every_cookie_is_for_this_host_and_hidden_from_scripts(officer: PageClient, client: PageClient) -> None:
    answers = [client.get("/staff/login"), sign_in(client), client.get("/desk/"), client.get("/en/")]
    answers.append(client.submit(client.get("/desk/"), "/staff/logout", follow=False))
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) >= 3
    for cookie in cookies:
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_public_pages_neither_read_nor_set_the_cookie(officer: PageClient) -> None:
    answer = officer.get("/en/")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_library_pages_that_are_not_offered_are_not_there(officer: PageClient, client: PageClient) -> None:
    paths = ("/staff/verify", "/staff/register", "/staff/reset", "/staff/change", "/staff/tf-setup", "/staff/us-signin")
    assert {officer.get(path).status_code for path in paths} | {client.get(path).status_code for path in paths} == {404}
    assert officer.get("/staff/logout").status_code == 405


def test_a_token_in_the_address_or_a_header_signs_nobody_in(
    house: House, officer: PageClient, client: PageClient
) -> None:
    with house.db.read() as session:
        secret = session.scalars(select(Account.fs_uniquifier)).one()
    answer = client.get(f"/desk/?auth_token={secret}", headers={"Authentication-Token": secret})
    assert answer.status_code == 303
    asked = client.post("/staff/login?include_auth_token=1", json={"email": OFFICER, "password": PASSWORD})
    assert asked.status_code == 400
    assert not asked.is_json
