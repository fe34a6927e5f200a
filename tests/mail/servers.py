"""Real mail servers on loopback for the contract tests: plain, with STARTTLS, with TLS from the first byte."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import AuthResult

from tests.support.smtp_server import MailServer, PatientController

CERTIFICATES = Path(__file__).parent / "certificates"


def trusting_the_test_authority() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))


def with_certificate(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return context


class LoopbackServer(MailServer):
    """A MailServer whose scheme is smtp+plain, smtp (STARTTLS) or smtps; it notes who signed in."""

    def __init__(self, scheme: str, certificate: str = "good", offers_tls: bool = True) -> None:
        super().__init__()
        self.scheme = scheme
        self.signed_in: list[tuple[str, str]] = []
        given: dict[str, Any] = {"hostname": "127.0.0.1", "port": self.port}
        if scheme == "smtps":
            given["ssl_context"] = with_certificate(certificate)
        elif scheme == "smtp" and offers_tls:
            given.update(tls_context=with_certificate(certificate), require_starttls=True)
        given.update(authenticator=self.authenticate, auth_require_tls=False)
        self.controller.loop.close()  # the plain one that this replaces
        self.controller = PatientController(self, **given)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    def url_for(self, user: str, password: str) -> str:
        return f"{self.scheme}://{user}:{password}@localhost:{self.port}"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.signed_in.append((data.login.decode(), data.password.decode()))
        is_right = data.password == b"right p@ss"
        return AuthResult(success=is_right, handled=is_right)
