"""The headers that every answer carries, and the requests that are refused before any page sees them (S-09, F-09)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from config import Settings

CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Server": "outreach",
}

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def trusted_hosts(settings: Settings) -> list[str]:
    """The host names that may be asked for; any other is answered 400."""
    names = [urlsplit(settings.base_url).hostname or "", *settings.trusted_hosts]
    return names if settings.production else [*names, "127.0.0.1", "localhost"]


def protect(response: Response) -> Response:
    """Add what is not there yet; a view may set a stricter value itself."""
    settings: Settings = current_app.extensions["house"].settings
    private = request.path.startswith(("/desk", "/staff", "/mailbox"))
    set_already = {name.lower() for name, _ in response.headers}
    for name, value in _always(settings.is_https, settings.office_adopted, private):
        if name.lower() not in set_already:
            response.headers.add(name, value)
    return response


@cache
def _always(is_https: bool, is_adopted: bool, is_private: bool) -> tuple[tuple[str, str], ...]:
    """What every answer carries, for each sort of site and page."""
    headers = dict(ALWAYS)
    if is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if not is_adopted:
        headers["X-Robots-Tag"] = "noindex"
    headers["Cache-Control"] = "no-store" if is_private else "no-cache"
    return tuple(headers.items())


def length_required(app: WsgiApp) -> WsgiApp:
    """Answer 411 to a chunked body: the server would cut it silently at the limit. No browser sends one."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING"):
            body = b"Length required\n"
            plain = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Connection", "close")]
            start_response("411 Length Required", plain)
            return [body]
        return app(environ, start_response)

    return guarded
