"""Confirming that it is you, and then doing what was held up."""

from typing import Final, cast

from flask import Response, make_response, redirect, request
from flask_babel import gettext as _

from admin_ui import confirmation, doors, held
from admin_ui.blueprint import console
from admin_ui.showing import back_to
from muster.kernel.errors import Fault
from muster.kernel.identity import InvalidGrant, authenticators, step_up
from muster.kernel.web import Mode, actor, kernel, uow

_LIMIT: Final = 512 * 1024  # a held form of 256 KiB, sealed
_ACTIONS: Final = (step_up.ACTION, authenticators.account.READ)


@console.route("/step-up/options", methods=["POST"], mode=Mode.READS, actions=_ACTIONS, limit=1024)
def step_up_options() -> Response:
    """A challenge for this person's own passkeys."""
    _knock()
    return doors.challenge(*authenticators.passkeys.options(kernel(), actor().id))


@console.route(
    "/step-up/passkey", methods=["POST"], mode=Mode.READS, actions=_ACTIONS, limit=_LIMIT
)
@back_to(confirmation.again)
def step_up_with_passkey() -> Response:
    """Confirm with a passkey."""
    _knock()
    kept = held.resume(request.form.get("held", ""))
    answer = request.form.get("credential", "")
    secret, _session = step_up.with_passkey(kernel(), actor(), doors.challenged(), answer)
    return _onwards(kept, secret)


@console.route("/step-up", methods=["POST"], mode=Mode.READS, actions=_ACTIONS, limit=_LIMIT)
@back_to(confirmation.again)
def step_up_with_password() -> Response:
    """Confirm with password and code."""
    _knock()
    kept = held.resume(request.form.get("held", ""))
    password, otp = request.form.get("password", ""), request.form.get("otp", "")
    try:
        secret, _session = step_up.with_password(kernel(), actor(), password[:1000], otp[:64])
    except InvalidGrant as error:
        told = _("That did not match. Check the password and the code, and try again.")
        raise InvalidGrant(errors=[Fault("/password", told)]) from error
    return _onwards(kept, secret)


def _knock() -> None:
    step_up.permit(uow(), actor())
    kernel().limits.hit("console.step_up", str(actor().id), 20, 300)


def _onwards(kept: held.Held, secret: str) -> Response:
    if kept.method == "get":
        return doors.renew(cast("Response", redirect(kept.path, 303)), secret)
    response = doors.renew(make_response(), secret)
    response.set_data(confirmation.carry_on(kept))
    return response
