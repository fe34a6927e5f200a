"""How the office is reached, for programs: its vCard and security.txt."""

from __future__ import annotations

import dataclasses
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from outreach.house import House
from tests.support.client import PageClient
from tests.support.moment import Moment
from tests.support.pages import local_path

SEGMENTS = ("en", "lat", "cir")


@pytest.fixture
def engine() -> str:
    """The office's own data does not come from a database."""
    return "sqlite"


def card(client: PageClient, segment: str) -> list[str]:
    """The card's lines, unfolded."""
    answer = client.get(f"/{segment}/contact.vcf")
    assert (answer.status_code, answer.content_type) == (200, "text/vcard; charset=utf-8")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    lines = answer.data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines]  # no letter is cut in two
    return answer.data.decode().replace("\r\n ", "").split("\r\n")


def test_the_office_s_card_has_what_the_office_states_and_nothing_else(client: PageClient) -> None:
    assert card(client, "cir") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        "UID:http://localhost/cir/contact.vcf",
        "SOURCE:http://localhost/cir/contact.vcf",
        "FN;LANGUAGE=sr-Cyrl:Канцеларија за везу Београд",
        "ORG;LANGUAGE=sr-Cyrl:Канцеларија за везу Београд;Односи с јавношћу",
        "ADR;LANGUAGE=sr-Cyrl:;;Бирчанинова 5;Београд;;11000;Србија",
        "TZ:Europe/Belgrade",
        "URL:http://localhost/cir/",
        "CONTACT-URI:http://localhost/cir/media/inquiry",
        "END:VCARD",
        "",
    ]
    assert "ADR;LANGUAGE=sr-Latn:;;Birčaninova 5;Beograd;;11000;Srbija" in card(client, "lat")


def test_the_card_tells_telephone_mail_and_hours_once_they_are_stated(
    client: PageClient, app: Any, house: House
) -> None:
    names = dataclasses.replace(house.office.names, en="Office; press, media\\desk")
    hours = {**{day: (time(9), time(17)) for day in range(4)}, 4: (time(9), time(15))}
    stated = dataclasses.replace(
        house.office, names=names, phone="+381 11/000 00", email="press@example.org", hours=hours
    )
    app.extensions["house"] = dataclasses.replace(house, office=stated)
    lines = card(client, "en")
    assert "FN;LANGUAGE=en:Office\\; press\\, media\\\\desk" in lines
    assert "TEL;VALUE=uri;TYPE=work:tel:+3811100000" in lines
    assert "EMAIL;TYPE=work:press@example.org" in lines
    assert "NOTE;LANGUAGE=en:Office hours: Mon–Thu 09:00–17:00\\; Fri 09:00–15:00 Belgrade time" in lines


@pytest.mark.usefixtures("delivered")
def test_the_contact_page_leads_to_the_card_in_its_own_variant(client: PageClient) -> None:
    for segment in SEGMENTS:
        main = client.get(f"/{segment}/contact").soup.main
        assert main is not None
        assert main.find("a", href=f"/{segment}/contact.vcf") is not None


def test_a_hole_is_told_of_through_the_form(client: PageClient, moment: Moment) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.endswith("\n")
    told = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert told.keys() == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert told["Contact"] == "http://localhost/en/media/inquiry"
    assert client.get(local_path(told["Contact"])).status_code == 200
    assert told["Canonical"] == "http://localhost/.well-known/security.txt"
    assert told["Preferred-Languages"] == "en, sr"
    left = datetime.fromisoformat(told["Expires"]) - moment.now()
    assert timedelta(days=90) < left < timedelta(days=365)
