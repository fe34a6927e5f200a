"""Every route, found in the site's own map: who may enter, what a GET may write, and what nonsense gets (T-04)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.routing import Rule

from outreach import web
from outreach.accounts.access import LIBRARY_ROUTES
from tests.support.client import PageClient

#: What the one side writer may note during a GET: idle time, counters, audit of reads.
SIDE_TABLES = {"staff_session", "rate_count", "audit_entry"}
WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
NAUGHTY = (
    "0",
    "-1",
    "nil",
    "..",
    "a" * 300,
    "'",
    "%00",
    "%0d%0aBcc:x",
    "<script>",
    "{{7*7}}",
    "%F0%9F%98%80",
    "ЉЊ",
    "1e309",
    "..%2F..%2Fconfig.py",
)
ALL_ROLES = web.ROLES


def rules(app: Any, method: str) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


def addresses(rule: Rule, filling: str) -> Iterator[str]:
    """The route's addresses in each variant, its other places filled with `filling`."""
    variants = ("en", "lat", "cir") if "variant" in rule.arguments else ("en",)
    for variant in variants:
        yield re.sub(r"<[^>]*>", filling, rule.rule.replace("<variant:variant>", variant))


@pytest.fixture
def written(app: Any) -> list[str]:
    """Every table that a statement of this site has written to."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if table := WRITES.match(statement):
            found.append(table.group(1))

    event.listen(app.extensions["house"].db.engine, "before_cursor_execute", note)
    return found


def test_every_route_declares_who_may_enter(app: Any) -> None:
    refused = {endpoint for endpoint, access in LIBRARY_ROUTES.items() if access is None}
    silent = {rule.endpoint for rule in app.url_map.iter_rules() if web.access_of(app, rule.endpoint) is None}
    assert silent - refused == set()


def test_nothing_below_the_desk_is_public_and_the_mail_viewer_is_local(app: Any) -> None:
    who = {
        rule.rule: (web.access_of(app, rule.endpoint) or web.Access(frozenset({"admin"}))).who
        for rule in app.url_map.iter_rules()
    }
    assert [rule for rule, names in who.items() if rule.startswith("/desk") and names & {"public", "local"}] == []
    assert [rule for rule, names in who.items() if rule.startswith("/mailbox") and names != {"local"}] == []


def test_an_undeclared_route_is_refused(own_app: Any) -> None:
    own_app.add_url_rule("/undeclared", "undeclared", lambda: "let in", methods=["GET", "POST"])
    visitor = own_app.test_client()
    assert [visitor.get("/undeclared").status_code, visitor.post("/undeclared").status_code] == [403, 403]


def test_no_get_writes_a_domain_row(
    app: Any, client: PageClient, staff: Callable[..., PageClient], written: list[str]
) -> None:
    chief = staff(*ALL_ROLES)
    written.clear()
    for rule in rules(app, "GET"):
        for address in addresses(rule, "1"):
            for visitor in (client, chief):
                answer = visitor.get(address)
                assert answer.status_code < 500, address
                assert set(written) <= SIDE_TABLES, f"GET {address} wrote {written}"


def test_t04_nonsense_in_an_address_is_answered_never_a_failure(
    app: Any, client: PageClient, staff: Callable[..., PageClient]
) -> None:
    chief = staff(*ALL_ROLES)
    for rule in rules(app, "GET"):
        fillings = NAUGHTY if rule.arguments - {"variant"} else ("",)
        for filling in fillings:
            for visitor in (client, chief):
                address = next(addresses(rule, filling)) + f"?q={filling}&page={filling}&next={filling}"
                answer = visitor.get(address)
                assert answer.status_code < 500, address


def test_f11_a_post_without_its_proof_changes_nothing(
    app: Any, client: PageClient, staff: Callable[..., PageClient], written: list[str]
) -> None:
    chief = staff(*ALL_ROLES)
    written.clear()
    for rule in rules(app, "POST"):
        guard = web.access_of(app, rule.endpoint)
        for visitor in (client, chief) if guard and guard.guard != "form" else (client,):
            answer = visitor.post(next(addresses(rule, "1")), data={"email": "x@example.org"})
            assert 400 <= answer.status_code < 500 or answer.status_code == 303, (
                f"POST {rule.rule}: {answer.status_code}"
            )
            assert set(written) <= SIDE_TABLES, f"POST {rule.rule} wrote {written}"


def test_f11_a_post_from_another_site_is_refused(
    app: Any, client: PageClient, staff: Callable[..., PageClient]
) -> None:
    chief = staff(*ALL_ROLES)
    for rule in rules(app, "POST"):
        access = web.access_of(app, rule.endpoint)
        if access is None or access.guard == "link":
            continue
        for visitor in (client, chief):
            answer = visitor.post(next(addresses(rule, "1")), headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code in (303, 400, 403, 404), f"POST {rule.rule}: {answer.status_code}"


def test_s06_staff_pages_let_no_visitor_in_and_each_role_only_where_it_is_named(
    app: Any, client: PageClient, staff: Callable[..., PageClient]
) -> None:
    reader = staff("reader")
    for rule in rules(app, "GET"):
        access = web.access_of(app, rule.endpoint)
        if access is None or access.who & {"public", "local"}:
            continue
        address = next(addresses(rule, "1"))
        assert client.get(address).status_code == 303, f"a visitor at {address}"
        if not access.who & {"desk", "reader"}:
            assert reader.get(address).status_code == 403, f"a reader at {address}"


def test_s09_every_answer_carries_the_headers_that_protect_it(app: Any, client: PageClient) -> None:
    for rule in rules(app, "GET"):
        headers = client.get(next(addresses(rule, "1"))).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, rule
        assert "unsafe" not in policy, rule
        assert (headers["X-Content-Type-Options"], headers["X-Robots-Tag"]) == ("nosniff", "noindex"), rule
