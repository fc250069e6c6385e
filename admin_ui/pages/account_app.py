"""The authenticator app: its QR code, its first code, and the recovery codes that come with it."""

from typing import Any

import segno
from flask import Response, make_response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from admin_ui import doors
from admin_ui.blueprint import console
from admin_ui.pages.account import account
from admin_ui.showing import back_to, done, show
from muster.kernel.errors import Fault
from muster.kernel.identity import authenticators
from muster.kernel.web import actor, uow

own = authenticators.account


def _again() -> str:
    return _page(own.begun_app(uow(), actor(), request.form.get("enrolment", "")))


@console.route("/account/app", methods=["POST"], actions=(own.ENROL,))
@back_to(account)
def account_app_new() -> str:
    """A fresh secret; it counts once a code of it is typed."""
    return _page(own.begin_app(uow(), actor()))


@console.route("/account/app/confirm", methods=["POST"], actions=(own.ENROL,))
@back_to(_again)
def account_app_confirm() -> Response:
    """Take the app into use; the recovery codes are in this answer and never again."""
    enrolment, code = request.form.get("enrolment", ""), request.form.get("code", "")
    try:
        secret, codes = own.confirm_app(uow(), actor(), enrolment, code[:40])
    except authenticators.CodeRefused as error:
        told = _("This code is not right. Wait for the next one and type that.")
        raise authenticators.CodeRefused(errors=[Fault("/code", told)]) from error
    response = doors.renew(make_response(), secret)
    response.set_data(_codes(codes))
    return response


@console.route("/account/app/remove", methods=["POST"], actions=(own.REMOVE,))
@back_to(account)
def account_app_remove() -> Response:
    """Forget the app."""
    own.remove_app(uow(), actor())
    return done("app_removed", "console.account")


@console.route("/account/recovery-codes", methods=["POST"], actions=(own.ENROL,))
@back_to(account)
def account_codes() -> str:
    """Ten new recovery codes."""
    return _codes(own.renew_recovery_codes(uow(), actor()))


def _page(new: own.NewApp) -> str:
    drawn = segno.make_qr(new.uri).svg_inline(omitsize=True)
    return show(
        "account/app.html",
        "account",
        url=url_for("console.account_app_confirm"),
        enrolment=new.enrolment,
        secret=new.secret,
        qr_svg=Markup(drawn),  # noqa: S704 - segno's
    )


def _codes(codes: list[str]) -> str:
    view: dict[str, Any] = {"codes": codes, "account_url": url_for("console.account")}
    return show("account/codes.html", "account", **view)
