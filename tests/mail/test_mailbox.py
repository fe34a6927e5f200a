"""The viewer of mail that went to files: for this machine, and harmless."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from outreach import create_app
from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose
from outreach.mail.jobs import deliver
from outreach.mail.transports import mail_folder, open_transport
from tests.mail.letters import AT, words
from tests.support.client import PageClient


@pytest.fixture
def delivered(house: House, enqueued: Callable[..., int]) -> Callable[..., str]:
    """A mail that has left; its name."""

    def leave(**given: Any) -> str:
        folder = mail_folder(house.settings)
        before = set(folder.glob("*.eml"))
        enqueued(**given)
        assert deliver(house, open_transport(house.settings), AT + timedelta(minutes=1))
        return (set(folder.glob("*.eml")) - before).pop().stem

    return leave


def test_an_empty_mailbox_says_what_will_appear(client: PageClient) -> None:
    page = client.get("/mailbox/")
    assert page.status_code == 200
    assert page.h1 == "Mail that has left"


def test_the_list_leads_to_each_mail_newest_first(client: PageClient, delivered: Callable[..., str]) -> None:
    delivered(words=words(subject="The first"))
    name = delivered(words=words(Variant.CIR, subject="Ваш упит је код нас"), variant=Variant.CIR)
    page = client.get("/mailbox/")
    assert [link.get_text() for link in page.soup.select("tbody a")] == ["Ваш упит је код нас", "The first"]
    assert page.soup.select_one("tbody a")["href"] == f"/mailbox/{name}"  # type: ignore[index]


def test_a_mail_shows_headers_text_and_a_frame_for_its_html(
    client: PageClient, house: House, delivered: Callable[..., str]
) -> None:
    name = delivered(words=compose.render(house, "test", Variant.EN), variant=Variant.EN)
    page = client.get(f"/mailbox/{name}")
    assert page.h1 == "Test of the mail server"
    assert "reader@example.org" in page.words
    assert "LIAISON OFFICE BELGRADE" in page.soup.pre.get_text()  # type: ignore[union-attr]
    assert page.soup.iframe["src"] == f"/mailbox/{name}/html"  # type: ignore[index]
    assert "Content-Language" in page.words
    assert page.headers["Cache-Control"] == "no-store"


def test_links_of_the_text_part_can_be_followed(client: PageClient, delivered: Callable[..., str]) -> None:
    name = delivered(words=words(own="Status: http://localhost/i/abc_DEF-1\n<b>not bold</b>\n"))
    page = client.get(f"/mailbox/{name}")
    assert page.soup.select_one("pre a")["href"] == "http://localhost/i/abc_DEF-1"  # type: ignore[index]
    assert page.soup.select("pre b") == []


def test_f13_the_frame_runs_nothing_and_loads_nothing(client: PageClient, delivered: Callable[..., str]) -> None:
    name = delivered(words=words(own="<script>alert(1)</script><img src=http://example.org/x>"))
    client.checks_pages = False  # a mail may carry inline styles
    frame = client.get(f"/mailbox/{name}/html")
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert frame.headers["Referrer-Policy"] == "no-referrer"


def test_the_frames_links_open_beside_it(client: PageClient, house: House, delivered: Callable[..., str]) -> None:
    name = delivered(words=compose.render(house, "test", Variant.LAT), variant=Variant.LAT)
    client.checks_pages = False
    assert client.get(f"/mailbox/{name}/html").soup.head.base["target"] == "_blank"  # type: ignore[union-attr,index]


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fsecret_key.txt", "%2e%2e", "*", "x%00y"])
def test_f18_names_that_are_not_in_the_folder_lead_nowhere(
    client: PageClient, delivered: Callable[..., str], name: str
) -> None:
    delivered()
    assert client.get(f"/mailbox/{name}").status_code == 404
    assert client.get(f"/mailbox/{name}/html").status_code == 404


def test_the_mailbox_is_for_this_machine_only(client: PageClient) -> None:
    away = client.get("/mailbox/", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert away.status_code in (403, 404)


def test_there_is_no_mailbox_when_mail_goes_to_a_server(house: House) -> None:
    site = create_app(replace(house.settings, mail_url="smtp+plain://127.0.0.1:2525"))
    try:
        assert not [rule for rule in site.url_map.iter_rules() if rule.rule.startswith("/mailbox")]
    finally:
        site.extensions["house"].db.dispose()
