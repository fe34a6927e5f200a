"""What every page stands on: who may enter, in which language, at which instant, and the one transaction of a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from flask import Flask, Response, abort, current_app, g, make_response, request, url_for
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from outreach import assets, clock, errors, headers, language
from outreach.db import Database
from outreach.forms import PublicForm, Said, StaffForm
from outreach.house import House
from outreach.language import Variant

__all__ = ["PublicForm", "Said", "StaffForm", "allow", "house", "now", "reading", "transaction", "variant"]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ROLES = ("reader", "officer", "approver", "editor", "contacts", "data_protection", "admin")
WHO = frozenset({"public", "local", "desk", *ROLES})
GUARDS = frozenset({"session", "form", "link"})
BODY, BODY_WITH_FILES = 256 * 1024, 64 * 1024 * 1024  # above 3 x 10 MB, so that one large file is told beside its field

csrf = CSRFProtect()
frames: WeakKeyDictionary[Database, dict[Variant, dict[Any, Any]]] = WeakKeyDictionary()
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may enter a route, and what proves that a writing request was meant: session, form or link token."""

    who: frozenset[str]
    guard: str = "session"
    takes_files: bool = False

    def __post_init__(self) -> None:
        if not self.who or self.who - WHO or self.guard not in GUARDS:
            raise ValueError(f"unknown access: {sorted(self.who)} under {self.guard}")


def allow(*who: str, guard: str = "session", takes_files: bool = False) -> Callable[[View], View]:
    """Declare who may enter: "public", "local" (this machine), "desk" (anybody signed in) or roles by name.

    `takes_files`: the body may be as large as files are.
    """
    access = Access(frozenset(who), guard, takes_files)

    def declare(view: View) -> View:
        cast(Any, view).access = access
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What a route declares; routes that a library brought are declared in `app.extensions["declared"]`."""
    declared: Access | None = app.extensions["declared"].get(endpoint)
    return declared or getattr(app.view_functions.get(endpoint), "access", None)


def house() -> House:
    return cast(House, current_app.extensions["house"])


def now() -> datetime:
    """The instant of this request, the same wherever it is asked."""
    if "now" not in g:
        g.now = clock.now()
    return cast(datetime, g.now)


def variant() -> Variant:
    """The language and script of this page: from its address, on the desk from the officer's profile."""
    return cast(Variant, g.get("variant", Variant.EN))


def actor() -> int | None:
    """The id of the account that is signed in."""
    return cast("int | None", g.get("actor_id"))


@contextmanager
def transaction() -> Iterator[Session]:
    """The one writing transaction of a view; a GET has none."""
    if request.method in SAFE:
        raise RuntimeError("a GET changes nothing")
    with house().db.transaction() as session:
        yield session


@contextmanager
def side_transaction() -> Iterator[Session]:
    """The side writer: idle time of sessions, audit of reads, rate counters. Never a domain row."""
    with house().db.transaction() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    with house().db.read() as session:
        yield session


def client_prefix() -> str:
    """The network the request came from, /24 or /56: only ever used inside a keyed hash (F-03, F-24)."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network((address, 24 if address.version == 4 else 56), strict=False))


def here(other: Variant) -> str | None:
    """This page in another variant, same query; None when it does not exist there."""
    known = g.get("alternates")
    if known is not None:
        return cast("str | None", known.get(other))
    if request.endpoint is None or not current_app.url_map.is_endpoint_expecting(request.endpoint, "variant"):
        return f"/{other.segment}/"  # written out: for a Host that is not ours no address can be built
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return url_for(request.endpoint, **{**(request.view_args or {}), "variant": other}) + query


def no_store(page: Any) -> Response:
    """A page behind a private link: kept nowhere, followed from nowhere (F-08)."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


class VariantConverter(BaseConverter):
    regex = "en|lat|cir"

    def to_python(self, value: str) -> Variant:
        return Variant.of(value)

    def to_url(self, value: Variant | str) -> str:
        return value.segment if isinstance(value, Variant) else value


def init(app: Flask, the_house: House) -> None:
    """Give the app its house, its languages, its guards and its error pages."""
    settings = the_house.settings
    app.extensions.update(house=the_house, declared={})
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        TRUSTED_HOSTS=headers.trusted_hosts(settings),
        MAX_CONTENT_LENGTH=BODY,
        MAX_FORM_PARTS=200,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.url_map.converters["variant"] = VariantConverter
    app.url_value_preprocessor(_take_variant)
    app.url_defaults(_give_variant)
    wsgi = headers.length_required(app.wsgi_app)
    app.wsgi_app = headers.protect(wsgi, settings)  # type: ignore[method-assign,assignment]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    app.before_request(_refuse_unguarded)
    app.context_processor(_words_of_the_page)
    app.ensure_sync = _as_it_is  # type: ignore[method-assign,assignment]
    app.log_exception = _log_without_the_address(app)  # type: ignore[method-assign,assignment]
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(errors.DomainError, _domain_error)
    assets.init(app)
    app.extensions["declared"][assets.ENDPOINT] = Access(frozenset({"public"}))


def _as_it_is(view: Callable[..., Any]) -> Callable[..., Any]:
    """No view or hook of ours is a coroutine; Flask would look that up for each of them at every request."""
    return view


def _take_variant(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "variant" in values:
        g.variant = values.pop("variant")


def _give_variant(endpoint: str, values: dict[str, Any]) -> None:
    if "variant" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "variant"):
        values["variant"] = variant()


def _refuse_unguarded() -> None:
    """Writing requests: never from another site, and with the proof that the route declares (F-11)."""
    if request.method in SAFE or request.endpoint is None:
        return
    access = access_of(current_app, request.endpoint)
    if access is None:
        abort(403)
    if access.takes_files and request.mimetype == "multipart/form-data":
        request.max_content_length = BODY_WITH_FILES
    if access.guard != "link" and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)
    if access.guard == "session":
        csrf.protect()


def _words_of_the_page() -> dict[str, Any]:
    the_house, shown = house(), variant()
    words = {
        **language.jinja_globals(shown, the_house.office.zone),
        "office": the_house.office,
        "settings": the_house.settings,
        "asset": assets.address,
        "here": here,
        "now": now(),
        "Variant": Variant,
    }
    return {**words, "kept": _keeping(words)}


def parts_kept() -> dict[Any, Any]:
    """What was drawn once for this variant, because no page and no visitor changes it."""
    return frames.setdefault(house().db, {}).setdefault(variant(), {})


def draw(template: str, part: str, *given: Any) -> str:
    """A macro of a template, which has the words of its language and the office, but no frame and no visitor."""
    parts, office = parts_kept(), house().office
    macros = parts.get(template)
    if macros is None:
        words = language.jinja_globals(variant(), office.zone)
        macros = current_app.jinja_env.get_template(template).make_module({**words, "office": office})
        parts[template] = macros
    return cast(str, getattr(macros, part)(*given))


def _keeping(words: dict[str, Any]) -> Callable[..., str]:
    """Draws a part of the frame once: it hangs on settings, office and variant, and on what it is given."""
    parts = parts_kept()

    def kept(name: str, *given: Any) -> str:
        drawn: str | None = parts.get((name, given))
        if drawn is None:
            frame = current_app.jinja_env.get_template("parts/frame.html").make_module(words)
            drawn = parts[name, given] = getattr(frame, name)(*given)
        return drawn

    return kept


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return cast(Response, error.get_response())
    response = _error_page(error.code)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _domain_error(error: errors.DomainError) -> Response:
    kinds = {errors.NotFound: 404, errors.NotAllowed: 403, errors.Conflict: 409, errors.IllegalMove: 409}
    told = isinstance(error, errors.Conflict | errors.IllegalMove)  # what is not found or not allowed is not explained
    return _error_page(kinds.get(type(error), 400), reason=str(error) if told else None)


def _error_page(code: int, reason: str | None = None) -> Response:
    """Drawn without context processors: those may ask the database, which may be what has gone."""
    g.setdefault("variant", _variant_of_path(request.path))
    page = current_app.jinja_env.get_template("errors/error.html")
    return make_response(page.render(_words_of_the_page(), code=code, reason=reason), code)


def _variant_of_path(path: str) -> Variant:
    segment = path.split("/")[1] if path.startswith("/") else ""
    return next((v for v in Variant if v.segment == segment), Variant.EN)


def _log_without_the_address(app: Flask) -> Callable[[Any], None]:
    """Log a failure by endpoint: addresses of private pages carry tokens (F-08)."""

    def log(exc_info: Any) -> None:
        app.logger.error("%s failed", request.endpoint or "no route", exc_info=exc_info)

    return log
