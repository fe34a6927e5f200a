"""The doorkeeper: every request is held to what its route declares (S-06), and staff sign in through Flask-Security."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import Security, current_user, hash_password
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers.response import Response as AnyResponse

from outreach import rates, web
from outreach.accounts import access_sessions
from outreach.accounts.access_staff import Accounts, User
from outreach.accounts.forms import NOT_RIGHT, SignInForm
from outreach.language import Variant, mark

# Flask-Security's routes, each with who may enter and what guards it; None: not offered, answered 404.
LIBRARY_ROUTES: dict[str, web.Access | None] = {
    "security.login": web.Access(frozenset({"public"})),
    "security.logout": web.Access(frozenset({"desk"})),
    "security.static": None,
    "security.verify": None,
}
TRIES, TRIES_OF_A_NETWORK, TRIES_PER = 5, 30, timedelta(minutes=1)
TOO_MANY = mark("Too many tries. Wait a minute, then try again.")
NOT_YOURS = mark("This is not your password.")
OPEN_TOO_LONG = mark("This page was open for too long. Nothing was sent. Sign in to go on.")
NOT_KEPT = ("csrf_token", "password")

SECURITY = {
    "SESSION_PROTECTION": None,
    "WTF_CSRF_SSL_STRICT": False,  # desk pages send no full referrer; Sec-Fetch-Site is the second line instead
    "SECURITY_URL_PREFIX": "/staff",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/desk/",
    "SECURITY_POST_LOGOUT_VIEW": "/staff/login",
    "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (NOT_RIGHT, "error"),
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # so that a new secret key does not void every password
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}


def init(app: Flask) -> None:
    """Put sessions, sign-in and the doorkeeper into the app; `web.init` has run before."""
    https = app.extensions["house"].settings.is_https
    app.config.update(SECURITY, SESSION_COOKIE_NAME="__Host-desk" if https else "desk", SESSION_COOKIE_SECURE=https)
    app.session_interface = access_sessions.DeskSessions()
    app.before_request(_nobody_on_public_pages)
    security = Security(app, Accounts(), login_form=SignInForm, render_template=cast(Any, _library_page))
    security.want_json(lambda _request: False)
    security.principal.identity_loaders.clear()  # who may enter is for `_enforce` alone: nothing asks for an identity
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]  # no tokens but the session
    app.extensions["declared"].update({name: access for name, access in LIBRARY_ROUTES.items() if access})
    app.before_request(_enforce)
    app.after_request(_stay_here)
    app.register_error_handler(CSRFError, _not_meant)
    app.context_processor(lambda: {"current_user": current_user, "may_enter": may_enter})


def _nobody_on_public_pages() -> None:
    """A public page is the same for everybody: nothing is looked up for the visitor, not even that he is nobody."""
    if not access_sessions.is_private(request.path):
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]


def hashed(password: str) -> str:
    """Argon2id of the password as sign-in will normalise it; takes a while, so never inside a transaction."""
    normalised = current_app.extensions["security"].password_util.normalize(password)
    return str(hash_password(normalised))


def local_path(wanted: str | None) -> str | None:
    """`wanted` if it is an address of this desk that may be fetched, else None (F-10)."""
    if not wanted or len(wanted) > 2000 or not wanted.isascii() or not wanted.isprintable():
        return None
    if wanted[0] != "/" or wanted[1:2] == "/" or "\\" in wanted or " " in wanted:
        return None
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not access_sessions.is_private(parts.path):
        return None
    routes = current_app.url_map.bind("localhost")
    try:
        routes.match(parts.path, method="GET")
    except RequestRedirect:
        pass
    except HTTPException:
        return None
    return wanted


def may_enter(endpoint: str) -> bool:
    """Whether the account that is signed in may enter a route; for links and buttons, the route itself is guarded."""
    access = web.access_of(current_app, endpoint)
    if access is None or not current_user.is_authenticated:
        return False
    return "desk" in access.who or bool(access.who & current_user.role_names)


def _enforce() -> AnyResponse | None:
    """Before every view: undeclared is refused, and the right person is let in."""
    user = current_user if current_user.is_authenticated else None
    _speak_to(user)
    if request.endpoint is None:
        return None
    access = web.access_of(current_app, request.endpoint)
    if access is None:
        if request.endpoint in LIBRARY_ROUTES:
            abort(404)
        current_app.logger.error("refused: %s declares no access", request.endpoint)
        abort(403)
    if "public" in access.who:
        return _too_many_tries() if request.endpoint == "security.login" and request.method == "POST" else None
    if "local" in access.who:
        return None if _is_this_machine() else abort(403)
    if user is None:
        return _sign_in_first()
    if "desk" not in access.who and not (access.who & user.role_names):
        abort(403)
    return None


def _speak_to(user: User | None) -> None:
    if user is not None:
        g.actor_id = user.account_id
    if "variant" in g or not access_sessions.is_private(request.path):
        return
    g.variant = Variant.of(user.variant) if user is not None else _variant_asked_for()


def _variant_asked_for() -> Variant:
    """Before sign-in: what the address says, else what the browser prefers."""
    asked = request.args.get("language")
    if asked in [variant.segment for variant in Variant]:
        return Variant.of(asked)
    best = request.accept_languages.best_match(["en", "sr-Latn", "sr-Cyrl", "sr"], "en")
    return {"sr-Latn": Variant.LAT, "sr-Cyrl": Variant.CIR, "sr": Variant.CIR}.get(best, Variant.EN)


def _is_this_machine() -> bool:
    """Asked from this machine itself and not through a proxy."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    return ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 (an address to compare, not to bind)


def _sign_in_first() -> AnyResponse:
    """To the sign-in page and back to the same place; what was typed in a form is kept on the page (S-04)."""
    if request.method not in web.SAFE:
        return _kept_page(403, is_ready=False)
    wanted = local_path(request.full_path.rstrip("?"))
    ended = "1" if getattr(session, "has_ended", False) else None
    return redirect(url_for("security.login", next=wanted, ended=ended), 303)


def _not_meant(error: CSRFError) -> AnyResponse:
    """A form without the session's token: after a sign-out, from an old page, or not ours at all."""
    _speak_to(current_user if current_user.is_authenticated else None)
    if request.endpoint == "security.login":
        return _sign_in_page(OPEN_TOO_LONG, 400)
    access = web.access_of(current_app, request.endpoint or "")
    is_public = access is not None and "public" in access.who
    return _kept_page(400) if is_public or current_user.is_authenticated else _kept_page(403, is_ready=False)


def _kept_page(status: int, is_ready: bool = True) -> Response:
    """Nothing was saved: show what was typed, with a button that sends it again under the present session.

    `is_ready`: whether there is a session to send it under; otherwise the page asks to sign in first.
    """
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    words = [value for _, value in kept if len(value) > 20]
    shown = {"kept": kept, "words": words, "path": request.full_path.rstrip("?"), "back": _page_behind()}
    page = render_template("accounts/kept.html", is_ready=is_ready, **shown)
    return web.no_store(make_response(page, status))


def _page_behind() -> str:
    """Where to go after signing in: the form's own page when it can be fetched."""
    return local_path(urlsplit(request.referrer or "").path) or "/desk/"


def _too_many_tries() -> Response | None:
    """Count a try for this account from this network, and for the network alone (S-03).

    Nobody can lock an account for people elsewhere, and the answer is the same whether the account exists.
    """
    if _may_try(request.form.get("email", "")):
        return None
    response = _sign_in_page(TOO_MANY, 429)
    response.headers["Retry-After"] = str(int(TRIES_PER.total_seconds()))
    return response


def _may_try(email: str) -> bool:
    house, network = web.house(), web.client_prefix()
    account = f"{house.address_hash(email)} {network}"
    with web.side_transaction() as counting:
        fits = [
            rates.allow(counting, house, "sign in", account, TRIES, TRIES_PER, web.now()),
            rates.allow(counting, house, "sign in from", network, TRIES_OF_A_NETWORK, TRIES_PER, web.now()),
        ]
    return all(fits)


def refused_password(typed: str) -> str | None:
    """Why this is not taken for the password of whoever is signed in; None when it is right (S-05).

    It counts as a try to sign in, and takes a while, so it stands outside any transaction.
    """
    if not _may_try(current_user.email):
        return TOO_MANY
    normalised = current_app.extensions["security"].password_util.normalize(typed)
    return None if "\0" not in typed and current_user.verify_and_update_password(normalised) else NOT_YOURS


def _sign_in_page(problem: str, status: int) -> Response:
    typed = MultiDict({"email": request.form.get("email", ""), "next": request.form.get("next", "")})
    form = SignInForm(formdata=None, data=typed)
    form.form_errors.append(problem)
    return make_response(_page("accounts/sign_in.html", form), status)


def _library_page(template: str, **values: Any) -> Response:
    """A page of Flask-Security in our frame; a form that came back is 422, as everywhere."""
    form = values.pop("login_user_form")
    return make_response(_page(template, form), 422 if request.method == "POST" else 200)


def _page(template: str, form: SignInForm) -> str:
    form.next.data = local_path(form.next.data) or ""
    return render_template(template, form=form, ended=request.args.get("ended") == "1")


def _stay_here(response: Response) -> Response:
    """After signing in: to the page that was asked for, or to Today; the library's own redirect is not trusted."""
    if request.endpoint == "security.login" and 300 <= response.status_code < 400:
        response.location = local_path(request.form.get("next") or request.args.get("next")) or "/desk/"
        response.status_code = 303
    return response
