"""Choosing a password of one's own: the first thing after a set-up or a reset."""

from typing import cast

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.showing import back_to
from muster.kernel.identity import officers_secrets, sessions
from muster.kernel.web import COOKIE, Mode, actor, uow


@console.route("/password", endpoint="password", actions=("identity.session.read_own",))
def password() -> str:
    """The form."""
    sessions.current(uow(), actor())
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    return render_template(
        "people/password.html",
        chrome=chrome.bare(),
        url=url_for("console.password_change"),
        number=actor().label,
        must=actor().must_change,
        **told,
    )


@console.route(
    "/password",
    methods=["POST"],
    mode=Mode.READS,
    actions=("identity.secret.change_own", "identity.session.read_own"),
)
@back_to(password)
def password_change() -> Response:
    """Take the new one; every session ends, so sign in with it."""
    current, new, again = (request.form.get(name, "")[:256] for name in ("current", "new", "again"))
    if again != new:
        raise forms.fault("again", _("This is not what you typed above."))
    officers_secrets.change_own(uow(), actor(), "password", current, new)
    response = cast("Response", redirect(url_for("console.sign_in"), 303))
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")
    return response
