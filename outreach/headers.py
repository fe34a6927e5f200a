"""The headers that every answer carries, and the requests that are refused before any page sees them (S-09, F-09)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

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

PRIVATE = ("/desk", "/staff", "/mailbox")

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def trusted_hosts(settings: Settings) -> list[str]:
    """The host names that may be asked for; any other is answered 400."""
    names = [urlsplit(settings.base_url).hostname or "", *settings.trusted_hosts]
    return names if settings.production else [*names, "127.0.0.1", "localhost"]


def protect(app: WsgiApp, settings: Settings) -> WsgiApp:
    """Add to every answer what it has not got yet; a view may set a stricter value itself."""
    public, private = (_always(settings, cache) for cache in ("no-cache", "no-store"))

    def protected(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        always = private if environ.get("PATH_INFO", "").startswith(PRIVATE) else public

        def start(status: str, given: list[tuple[str, str]], *failure: Any) -> Any:
            names = {name.lower() for name, _ in given}
            return start_response(status, given + [pair for name, pair in always if name not in names], *failure)

        return app(environ, start)

    return protected


def _always(settings: Settings, cache: str) -> list[tuple[str, tuple[str, str]]]:
    """The headers by their names in small letters."""
    found = ALWAYS | {"Cache-Control": cache}
    if settings.is_https:
        found["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if not settings.office_adopted:
        found["X-Robots-Tag"] = "noindex"
    return [(name.lower(), (name, value)) for name, value in found.items()]


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
