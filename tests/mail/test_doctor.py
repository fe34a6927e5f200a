"""mail doctor: each record missing, wrong and right, told with what to put where (M-11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config import SettingError, Settings, load
from outreach.mail.doctor import identity, route
from outreach.mail.doctor.examination import examine
from tests.mail.zone import DOMAIN, KEY_AT, PUBLIC_KEY, REVERSE, findings, rsa_record, whose, zone
from tests.support.dns_server import DnsServer, Records

OTHER_KEY = "s1._domainkey.relay.example.net"


def spf(*records: str) -> Records:
    return zone(OWN={"TXT": list(records)})


def test_a_domain_that_is_in_order_is_ok_in_every_line() -> None:
    found = findings(zone())
    assert [(f.state, f.advice) for f in found] == [("ok", "")] * 8
    assert [str(f) for f in found] == [
        f"ok       MAIL FROM and From: {DOMAIN} is aligned with {DOMAIN}",
        f"ok       SPF of {DOMAIN}: one record, 0 of 10 lookups, ends in -all",
        f"ok       SPF for 192.0.2.25: it may send for {DOMAIN}",
        f"ok       DKIM key {KEY_AT}: 2048 bits",
        f"ok       DKIM and From: {DOMAIN} is aligned with {DOMAIN}",
        f"ok       DMARC of {DOMAIN}: policy none, from _dmarc.{DOMAIN}",
        f"ok       MX of {DOMAIN}: mail.example.org.",
        "ok       PTR of 192.0.2.25: mail.example.org, which leads back",
    ]


def test_what_is_missing_is_told_with_the_record_to_put_there() -> None:
    found = [f for f in findings({}) if f.state != "ok"]
    assert {f.state for f in found} == {"missing"}
    assert [f.advice for f in found] == [
        f"Put this TXT record at {DOMAIN}: v=spf1 ip4:192.0.2.25 -all",
        f"Put the TXT record of the mail server's key at {KEY_AT}: v=DKIM1; k=rsa; p=…",
        f"Put this TXT record at _dmarc.{DOMAIN}: v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}",
        f"Put an MX record at {DOMAIN} that names the server which takes its mail",
        f"Ask the owner of the address to put this PTR record at {REVERSE}: {DOMAIN}",
    ]


@pytest.mark.parametrize(
    ("records", "what", "told"),
    [
        (spf("v=spf1 -all", "v=spf1 mx -all"), f"SPF of {DOMAIN}", "has 2 SPF records"),
        (spf("v=spf1 ip4:192.0.2.25"), f"SPF of {DOMAIN}", "refuses nobody"),
        (spf("v=spf1 ip4:192.0.2.25 ?all"), f"SPF of {DOMAIN}", "refuses nobody"),
        (spf("v=spf1 +all"), f"SPF of {DOMAIN}", "refuses nobody"),
        (spf("v=spf1 ipv4:192.0.2.25 -all"), f"SPF of {DOMAIN}", '"ipv4:192.0.2.25" is not understood'),
        (spf("v=spf1 include:gone.example.net -all"), f"SPF of {DOMAIN}", "gone.example.net has 0 SPF records"),
        (spf(f"v=spf1 include:{DOMAIN} -all"), f"SPF of {DOMAIN}", "more than 10 DNS lookups"),
        (spf("v=spf1 ip4:192.0.2.26 -all"), "SPF for 192.0.2.25", "may not send"),
        (zone(DKIM={"TXT": ["v=DKIM1; p="]}), f"DKIM key {KEY_AT}", "withdrawn"),
        (zone(DKIM={"TXT": ["v=DKIM1; p=never"]}), f"DKIM key {KEY_AT}", "cannot be read"),
        (zone(DKIM={"TXT": [rsa_record(512)]}), f"DKIM key {KEY_AT}", "512 bits, where 1024"),
        (zone(DKIM={"TXT": [f"t=y; p={PUBLIC_KEY}"]}), f"DKIM key {KEY_AT}", "only a test"),
        (zone(DKIM={"TXT": [f"s=other; p={PUBLIC_KEY}"]}), f"DKIM key {KEY_AT}", "not for mail"),
        (zone(DKIM={"TXT": [f"h=sha1; p={PUBLIC_KEY}"]}), f"DKIM key {KEY_AT}", "sha256"),
        (zone(DKIM={"TXT": [f"k=dsa; p={PUBLIC_KEY}"]}), f"DKIM key {KEY_AT}", "neither rsa nor ed25519"),
        (zone(DKIM={"TXT": ["v=spf1 -all"]}), f"DKIM key {KEY_AT}", "not a DKIM key"),
        (zone(DKIM={"TXT": ["p=a", "p=b"]}), f"DKIM key {KEY_AT}", "2 records"),
        (zone(DMARC={"TXT": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}), f"DMARC of {DOMAIN}", "2 records"),
        (zone(DMARC={"TXT": ["v=DMARC1; rua=mailto:a@example.org"]}), f"DMARC of {DOMAIN}", "no policy"),
        (zone(DMARC={"TXT": ["v=DMARC1; p=nothing"]}), f"DMARC of {DOMAIN}", "no policy"),
        (zone(OWN={"MX": ["0 ."]}), f"MX of {DOMAIN}", "takes no mail"),
        (zone(OWN={"MX": ["10 gone.example.org."]}), f"MX of {DOMAIN}", "gone.example.org. has no address"),
        (zone(PTR={"PTR": ["host-25.example.net."]}), "PTR of 192.0.2.25", "host-25.example.net does not lead back"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_else_is(records: Records, what: str, told: str) -> None:
    (found,) = [f for f in findings(records) if f.state != "ok"]
    assert (found.state, found.what) == ("wrong", what)
    assert told in found.found
    assert DOMAIN in found.advice or "host-25" in found.advice


def test_a_policy_made_from_each_mail_is_not_judged_for_an_address() -> None:
    found = findings(spf("v=spf1 exists:%{i}._spf.example.org -all"))
    assert {f.state for f in found} == {"ok"}
    assert not [f for f in found if f.what.startswith("SPF for")]
    (found_out,) = [f for f in findings(spf("v=spf1 redirect=%{d}.example.net")) if f.state != "ok"]
    assert (found_out.state, found_out.what) == ("unknown", f"SPF of {DOMAIN}")


def test_a_short_key_is_good_and_the_next_one_is_longer() -> None:
    (found,) = [f for f in findings(zone(DKIM={"TXT": [rsa_record(1024)]})) if f.advice]
    assert (found.state, found.found, found.advice) == ("ok", "1024 bits", "The next one should have 2048")


def test_m11_a_key_of_another_domain_is_not_aligned_with_from() -> None:
    records = zone(**{OTHER_KEY: {"TXT": [f"p={PUBLIC_KEY}"]}})
    (found,) = [f for f in findings(records, mail_dkim=OTHER_KEY) if f.state != "ok"]
    assert str(found) == (
        f"wrong    DKIM and From: relay.example.net is not aligned with {DOMAIN}. Let the mail server sign with d={DOMAIN}"
    )


@pytest.mark.parametrize(
    ("path", "dmarc", "state"),
    [
        (f"bounce@{DOMAIN}", "v=DMARC1; p=none; aspf=s", "ok"),
        (f"bounce@bounces.{DOMAIN}", "v=DMARC1; p=none", "ok"),
        (f"bounce@bounces.{DOMAIN}", "v=DMARC1; p=none; aspf=s", "wrong"),
        ("bounce@relay.example.net", "v=DMARC1; p=none", "wrong"),
        ("bounce@example.org", "v=DMARC1; p=none", "wrong"),  # nothing says that it is the same organisation
    ],
)
def test_m11_mail_from_of_a_mail_that_arrived_is_compared_with_from(path: str, dmarc: str, state: str) -> None:
    received = f"Return-Path: <{path}>\r\nFrom: press@{DOMAIN}\r\n\r\n".encode()
    found = findings(zone(DMARC={"TXT": [dmarc]}), received)
    assert next(f.state for f in found if f.what == "MAIL FROM and From") == state


def test_m11_mail_from_is_the_bounce_address_where_one_is_set() -> None:
    found = findings(zone(), bounce_address="bounces@relay.example.net")
    assert next(f.state for f in found if f.what == "MAIL FROM and From") == "wrong"


def test_without_the_name_of_a_key_nothing_is_guessed() -> None:
    (found,) = [f for f in findings(zone(), mail_dkim="") if f.state != "ok"]
    assert found.state == "unknown"
    assert "Set MAIL_DKIM" in found.advice


def test_where_mail_leaves_from_is_the_mail_server_unless_told() -> None:
    with DnsServer(zone(**{"5.2.0.192.in-addr.arpa": {"PTR": ["a.example.org."]}})) as server:
        for url, addresses in (
            ("smtps://mail.example.org", ["PTR of 192.0.2.25", "PTR of 2001:db8::25"]),
            ("smtps://192.0.2.5", ["PTR of 192.0.2.5"]),
            ("smtps://localhost", ["PTR"]),
            ("files:", ["PTR"]),
        ):
            who = replace(whose(server, mail_url=url), leaves_from=None)
            assert [f.what for f in route.way_there(who)] == addresses
            (spf_of,) = identity.sender_policy(who)
            assert spf_of.state == "ok"


@pytest.mark.parametrize("how", ["silent", "failing"])
def test_dns_that_does_not_answer_is_unknown(how: str) -> None:
    with DnsServer(zone(), **{how: ["*"]}) as server:
        found = list(examine(whose(server, within=0.5)))
    assert {f.state for f in found} == {"unknown"}
    assert len(found) >= 6


def test_when_the_time_for_all_questions_is_over_dns_is_asked_no_more() -> None:
    with DnsServer(zone(), silent=["*"]) as server:
        list(examine(whose(server, within=0.5)))
    assert len(set(server.asked)) <= 1, "the first question took all of it"


def test_one_name_without_an_answer_leaves_the_others_known() -> None:
    with DnsServer(zone(), failing=[f"_dmarc.{DOMAIN}"]) as server:
        states = {f.what: f.state for f in examine(whose(server))}
    assert states[f"SPF of {DOMAIN}"] == states[f"DKIM key {KEY_AT}"] == states[f"MX of {DOMAIN}"] == "ok"
    assert states["DMARC"] == "unknown"


def test_what_dns_says_cannot_write_to_a_terminal() -> None:
    found = findings(spf("v=spf1 \x1b[2Jx -all"))
    assert "\x1b" not in "".join(map(str, found))
    assert "�[2Jx" in str(found[1])


def test_a_question_is_asked_once() -> None:
    with DnsServer(zone()) as server:
        list(examine(whose(server)))
        assert len(server.asked) == len(set(server.asked))


@pytest.mark.parametrize("value", ["s1", "press.example.org", "_domainkey.example.org", "s1._domainkey."])
def test_the_name_of_the_key_is_checked_at_the_start(value: str) -> None:
    with pytest.raises(SettingError, match="MAIL_DKIM"):
        load({"MAIL_DKIM": value, "SECRET_KEY": "k" * 32, "ADDRESS_PEPPER": "p" * 32})
    assert Settings(mail_dkim=KEY_AT).mail_dkim == KEY_AT
