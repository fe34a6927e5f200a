"""The staff's pages outside the desk: opening an account from a one-time link."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask_security import login_user
from werkzeug.wrappers.response import Response

from outreach import web
from outreach.accounts import access, access_staff, forms, invitations
from outreach.errors import Conflict

staff = Blueprint("accounts", __name__, url_prefix="/staff")


@staff.get("/invitation/<token>")
@web.allow("public")
def invitation(token: str) -> Response:
    with web.reading() as session:
        open_invitation = invitations.find(session, token, web.now())
    form = forms.InvitationForm(email=open_invitation.email, name=open_invitation.name, variant=web.variant().segment)
    return _page(form, open_invitation.email)


@staff.post("/invitation/<token>")
@web.allow("public")
def accept(token: str) -> Response:
    with web.reading() as session:
        named = invitations.find(session, token, web.now()).email
    form = forms.InvitationForm()
    if named:
        form.email.data = named
    if not form.validate():
        return _page(form, named, 422)
    typed = {name: form[name].data for name in ("name", "email", "variant")}
    password_hash = access.hashed(form.password.data)
    try:
        with web.transaction() as session:
            account = invitations.accept(session, web.house(), web.now(), token, password_hash=password_hash, **typed)
            user = access_staff.User.of(account)
    except Conflict as conflict:
        form[conflict.field].errors = [conflict.message]
        return _page(form, named, 422)
    login_user(user, authn_via=["password"])
    return redirect("/desk/", 303)


def _page(form: forms.InvitationForm, named: str | None, status: int = 200) -> Response:
    page = web.no_store(render_template("accounts/invitation.html", form=form, named=named))
    page.status_code = status
    return page
