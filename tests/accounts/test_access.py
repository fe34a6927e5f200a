"""Every request is held to what its route declares; forms belong to a session, and typed words outlive it (S-06, F-10, F-11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from outreach import web
from outreach.accounts.models import ROLES
from tests.support.client import PageClient, open_client

HOSTS = ("evil.example", "evil.example/desk/", "localhost.evil.example", "localhost@evil.example", "127.0.0.1:81")
LEADS = (
    "//", "///", "////", "/\\", "\\\\", "\\/", "/\t/", "/\n/", "\t//", " //", "%2f%2f", "/%2f/", "/.//", "/..//",
    "http://", "https://", "https:", "https:/", "http:\\\\", "ftp://", "javascript://", "JaVaScRiPt:alert(1)//",
    "data:text/html,", "//%0d%0a", "/\r\nLocation: https://", "〱", "/。", "//\u202e", "/\x00/", "@", "?//", "#//",
)  # fmt: skip
ELSEWHERE = [lead + host for lead in LEADS for host in HOSTS]


def rules(app: Any, *methods: str) -> Iterator[tuple[Rule, str]]:
    """Every route of the staff with each of these methods, as (rule, path)."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/desk", "/staff")) and set(methods) & set(rule.methods or ()):
            yield rule, "".join(some(part) if is_value else part for is_value, part in parts(rule))


def some(piece: str) -> str:
    """A value that this place of a path takes: the first of a choice, or 1."""
    choices = re.match(r"any\(([^,)]+)", piece)
    return choices[1] if choices else "1"


def parts(rule: Rule) -> Iterator[tuple[bool, str]]:
    for piece in rule.rule.replace(">", "<").split("<"):
        yield ":" in piece or piece in rule.arguments, piece


@pytest.mark.parametrize("role", ROLES)
def test_s06_each_role_enters_what_its_routes_declare_and_nothing_else(
    app: Any, staff: Callable[..., PageClient], role: str
) -> None:
    somebody = staff(role)
    for rule, path in rules(app, "GET", "POST"):
        access = web.access_of(app, rule.endpoint)
        if access is None or "public" in access.who:
            continue
        may = bool(access.who & {"desk", role})
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            if rule.endpoint == "security.logout":
                continue
            token = somebody.get("/desk/me").soup.find("input", {"name": "csrf_token"})["value"]
            if rule.endpoint == "desk.sign_out_everywhere":
                continue
            answer = somebody.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
            assert (answer.status_code == 403) is not may, f"{role}: {method} {path} gave {answer.status_code}"


def test_s06_nobody_enters_without_signing_in(app: Any, client: PageClient) -> None:
    for rule, path in rules(app, "GET"):
        access = web.access_of(app, rule.endpoint)
        if access is not None and not access.who & {"public", "local"}:
            answer = client.get(path)
            assert answer.status_code == 303, path
            assert answer.location.startswith("/staff/login?next=/desk"), path


def test_after_signing_in_the_page_that_was_asked_for_opens(officer: PageClient, client: PageClient) -> None:
    sent = client.get("/desk/log?action=account&page=1")
    done = client.submit(
        client.get(sent.location), "/staff/login", follow=False,
        email="officer@example.org", password="a long and plain password",
    )  # fmt: skip
    assert done.location == "/desk/log?action=account&page=1"


def test_f10_no_next_leads_out_of_the_house(officer: PageClient) -> None:
    for wanted in (*ELSEWHERE, "/en/", "/desk/nowhere", "/staff/logout", "/mailbox/", "/desk/me/x", "desk/me"):
        answer = officer.get("/staff/login", query_string={"next": wanted})
        assert (answer.status_code, answer.location) == (303, "/desk/"), repr(wanted)


def test_f10_nor_in_the_form_that_signs_in(app: Any, officer: PageClient, moment: Any) -> None:
    for wanted in ELSEWHERE[::31]:
        moment.moves(minutes=1)
        client = open_client(app)
        page = client.get("/staff/login", query_string={"next": wanted})
        assert page.soup.find("input", {"name": "next"}) is None, repr(wanted)
        token = page.soup.find("input", {"name": "csrf_token"})["value"]
        typed = {"email": "officer@example.org", "password": "a long and plain password", "csrf_token": token}
        done = client.post("/staff/login", data={**typed, "next": wanted})
        assert (done.status_code, done.location) == (303, "/desk/"), repr(wanted)


def test_f11_every_unsafe_staff_route_wants_the_sessions_token(
    app: Any, officer: PageClient, client: PageClient
) -> None:
    walked = 0
    for rule, path in rules(app, "POST", "PUT", "PATCH", "DELETE"):
        access = web.access_of(app, rule.endpoint)
        assert access is None or access.guard == "session", rule.rule
        if access is None:
            continue
        walked += 1
        for visitor in (officer, client):
            assert visitor.post(path, data={"name": "x"}).status_code in (400, 403, 404), path
            assert visitor.post(path, data={"name": "x", "csrf_token": "made.up"}).status_code in (400, 403, 404), path
    assert walked >= 5


def test_f11_another_sites_form_is_refused_even_with_the_token(officer: PageClient) -> None:
    token = officer.get("/desk/me").soup.find("input", {"name": "csrf_token"})["value"]
    typed = {"name": "Changed", "variant": "en", "csrf_token": token}
    for site in ("cross-site", "same-site"):
        assert officer.post("/desk/me", data=typed, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert officer.post("/desk/me", data=typed, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_s04_what_was_typed_outlives_the_session(officer: PageClient, moment: Any) -> None:
    page = officer.get("/desk/me")
    moment.moves(minutes=31)
    kept = officer.submit(page, "/desk/me", name="A new name, typed slowly and with care", variant="en")
    assert kept.status_code == 403
    assert "A new name, typed slowly and with care" in kept.words
    assert "Nothing was saved" in kept.words
    link = kept.soup.find("a", href=lambda to: bool(to and to.startswith("/staff/login?next=")))
    officer.submit(
        officer.get(link["href"]), "/staff/login", email="officer@example.org", password="a long and plain password"
    )
    asked = officer.submit(kept, "/desk/me")
    assert asked.status_code == 400, "the old page has no token of the new session, so it is asked once more"
    done = officer.submit(asked, "/desk/me")
    assert done.status_code == 200
    assert "A new name, typed slowly and with care" in done.get_data(as_text=True)


def test_a_kept_page_holds_no_password_and_no_token(client: PageClient) -> None:
    kept = client.post("/desk/me", data={"name": "words", "password": "secret words", "csrf_token": "old"})
    assert kept.status_code == 403
    assert "secret words" not in kept.get_data(as_text=True)
    assert kept.soup.find("input", {"name": "csrf_token"}) is None


def test_hostile_text_on_a_kept_page_stays_text(client: PageClient) -> None:
    client.checks_pages = False
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)> and more words'
    kept = client.post("/desk/me", data={hostile: hostile})
    assert kept.soup.find("script", string="alert(1)") is None
    assert kept.soup.find("img") is None
    assert kept.soup.find("input", {"name": hostile})["value"] == hostile


def test_the_desk_speaks_the_officers_language_and_the_sign_in_page_the_browsers(
    officer: PageClient, client: PageClient
) -> None:
    officer.submit(officer.get("/desk/me"), "/desk/me", name="Officer", variant="cir")
    assert officer.get("/desk/me").soup.html["lang"] == "sr-Cyrl"
    assert client.get("/staff/login", headers={"Accept-Language": "sr-Latn,en;q=0.5"}).soup.html["lang"] == "sr-Latn"
    assert client.get("/staff/login?language=cir").soup.html["lang"] == "sr-Cyrl"
    assert client.get("/staff/login", headers={"Accept-Language": "de"}).soup.html["lang"] == "en"
