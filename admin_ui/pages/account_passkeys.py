"""Adding and removing passkeys of one's own."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import doors, forms
from admin_ui.blueprint import console
from admin_ui.pages.account import account
from admin_ui.showing import back_to, done, show
from muster.kernel.identity import authenticators
from muster.kernel.web import actor, uow

own = authenticators.account


@console.route("/account/passkeys/new", actions=(own.ENROL,))
def account_passkey_new() -> str:
    """The form; its button asks the browser for a new passkey."""
    own.may_enrol(uow(), actor())
    return show(
        "account/passkey.html",
        "account",
        url=url_for("console.account_passkey_add"),
        options_url=url_for("console.account_passkey_options"),
    )


@console.route("/account/passkeys/options", methods=["POST"], actions=(own.ENROL,), limit=1024)
def account_passkey_options() -> Response:
    """A challenge for a new passkey of this person."""
    return doors.challenge(*own.begin_passkey(uow(), actor()))


@console.route("/account/passkeys", methods=["POST"], actions=(own.ENROL,), limit=32 * 1024)
@back_to(account_passkey_new)
def account_passkey_add() -> Response:
    """Keep what the browser made."""
    label = forms.text("label", most=100) or _("Passkey")
    answer = request.form.get("credential", "")
    secret = own.add_passkey(uow(), actor(), doors.challenged(), answer, label)
    return doors.renew(done("passkey_added", "console.account"), secret)


@console.route(
    "/account/passkeys/<uuid:passkey_id>/remove", methods=["POST"], actions=(own.REMOVE,)
)
@back_to(account, keys=())
def account_passkey_remove(passkey_id: UUID) -> Response:
    """Forget a passkey."""
    own.remove_passkey(uow(), actor(), passkey_id)
    return done("passkey_removed", "console.account")
