"""A sending domain whose DNS is as it should be, and what becomes of it when a test changes a record."""

from __future__ import annotations

import base64
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from config import Settings
from outreach.mail.doctor.examination import examine
from outreach.mail.doctor.nameserver import Names
from outreach.mail.doctor.patient import Finding, Patient, patient
from tests.mail.letters import AT
from tests.support.dns_server import DnsServer, Records

DOMAIN = "press.example.org"
KEY_AT = f"s1._domainkey.{DOMAIN}"
LEAVES_FROM = "192.0.2.25"
REVERSE = "25.2.0.192.in-addr.arpa"
PRIVATE_KEY = (Path(__file__).parent / "certificates" / "dkim.pem").read_bytes()
PUBLIC_KEY = (Path(__file__).parent / "certificates" / "dkim.txt").read_text().strip()


def zone(**changed: dict[str, list[str]]) -> Records:
    """The good records; zone(DMARC={"TXT": […]}) changes those of one name: OWN, MAIL, PTR, DKIM or DMARC."""
    good = {
        "OWN": {"TXT": ["verification=1", f"v=spf1 ip4:{LEAVES_FROM} -all"], "MX": ["10 mail.example.org."]},
        "MAIL": {"A": [LEAVES_FROM], "AAAA": ["2001:db8::25"]},
        "PTR": {"PTR": ["mail.example.org."]},
        "DKIM": {"TXT": [f"v=DKIM1; k=rsa; p={PUBLIC_KEY}"]},
        "DMARC": {"TXT": ["v=DMARC1; p=none; rua=mailto:postmaster@press.example.org"]},
    }
    names = {"OWN": DOMAIN, "MAIL": "mail.example.org", "PTR": REVERSE, "DKIM": KEY_AT, "DMARC": f"_dmarc.{DOMAIN}"}
    return {names.get(name, name): good.get(name, {}) | changed.get(name, {}) for name in good | changed}


def whose(server: DnsServer, received: bytes | None = None, within: float = 5, **changed: Any) -> Patient:
    """The office of DOMAIN, whose mail goes to files and then leaves from LEAVES_FROM."""
    settings = Settings(**{"mail_from": f"press@{DOMAIN}", "mail_dkim": KEY_AT, **changed})
    return patient(settings, Names(server.address, within).ask, AT, ip_address(LEAVES_FROM), received)


def findings(records: Records, received: bytes | None = None, **changed: Any) -> list[Finding]:
    """Everything that is found with these records, but the TLS of a server that is not there."""
    with DnsServer(records) as server:
        return [found for found in examine(whose(server, received, **changed)) if found.what != "TLS"]


def rsa_record(bits: int) -> str:
    """A DKIM record with a public key of so many bits (RFC 8017, A.1.1)."""
    number = (1 << bits - 1 | 1).to_bytes(bits // 8 + 1)
    body = b"\x02" + _length(number) + number + b"\x02\x03\x01\x00\x01"
    return f"v=DKIM1; p={base64.b64encode(b'0' + _length(body) + body).decode()}"


def _length(content: bytes) -> bytes:
    return b"\x82" + len(content).to_bytes(2)
