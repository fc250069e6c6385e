"""What may be done to a terminal. Every act gives its reason; the grave ones type its number."""

from uuid import UUID

from flask import Response

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.pages.device import device
from admin_ui.showing import back_to, done
from mdm import commands, devices
from muster.kernel.web import actor, uow

_PAGE = "console.device"


@console.route("/devices/<uuid:device_id>/lock", methods=["POST"], actions=("mdm.device.lock",))
@back_to(device, "lock")
def device_lock(device_id: UUID) -> Response:
    """Lock the screen."""
    return _order(device_id, "lock")


@console.route("/devices/<uuid:device_id>/unlock", methods=["POST"], actions=("mdm.device.unlock",))
@back_to(device, "unlock")
def device_unlock(device_id: UUID) -> Response:
    """Lift the lock."""
    return _order(device_id, "unlock")


@console.route(
    "/devices/<uuid:device_id>/refresh", methods=["POST"], actions=("mdm.device.refresh",)
)
@back_to(device, "refresh")
def device_refresh(device_id: UUID) -> Response:
    """Have the terminal look for news now."""
    return _order(device_id, "refresh")


@console.route(
    "/devices/<uuid:device_id>/message", methods=["POST"], actions=("mdm.device.message",)
)
@back_to(device, "message")
def device_message(device_id: UUID) -> Response:
    """Show a text on the screen; the text is its own reason."""
    text = forms.text("text", least=5, most=500)
    command = commands.order(
        uow(), actor(), device_id, "message", reason=text, body={"message": text}
    )
    return done("message", _PAGE, command_id=str(command.id), device_id=device_id)


@console.route(
    "/devices/<uuid:device_id>/lost", methods=["POST"], actions=("mdm.device.report_lost",)
)
@back_to(device, "report_lost")
def device_report_lost(device_id: UUID) -> Response:
    """End all access at once."""
    devices.report_lost(uow(), actor(), device_id, forms.reason())
    return done("report_lost", _PAGE, device_id=device_id)


@console.route(
    "/devices/<uuid:device_id>/found", methods=["POST"], actions=("mdm.device.report_found",)
)
@back_to(device, "report_found")
def device_report_found(device_id: UUID) -> Response:
    """Put a lost terminal back."""
    found = devices.report_found(uow(), actor(), device_id, forms.reason())
    return done(f"found_{found.wipe}", _PAGE, device_id=device_id)


@console.route(
    "/devices/<uuid:device_id>/retire",
    methods=["POST"],
    actions=("mdm.device.read", "mdm.device.retire"),
)
@back_to(device, "retire")
def device_retire(device_id: UUID) -> Response:
    """Take a terminal out of the fleet for good."""
    reason = forms.reason()
    forms.confirmed(devices.read(uow(), actor(), device_id).principal.label)
    devices.retire(uow(), actor(), device_id, reason)
    return done("retire", _PAGE, device_id=device_id)


@console.route(
    "/devices/<uuid:device_id>/wipe",
    methods=["POST"],
    actions=("mdm.device.read", "mdm.device.wipe"),
)
@back_to(device, "wipe")
def device_wipe(device_id: UUID) -> Response:
    """Ask a second person to agree to a wipe."""
    reason = forms.reason()
    forms.confirmed(devices.read(uow(), actor(), device_id).principal.label)
    commands.ask_wipe(uow(), actor(), device_id, reason)
    return done("wipe", _PAGE, device_id=device_id)


@console.route(
    "/commands/<uuid:command_id>/cancel", methods=["POST"], actions=("mdm.command.cancel",)
)
def command_cancel(command_id: UUID) -> Response:
    """Take back a command that the terminal has not been given yet."""
    command = commands.cancel(uow(), actor(), command_id, "taken back at the console")
    return done("cancelled", _PAGE, device_id=command.device_id)


def _order(device_id: UUID, kind: str) -> Response:
    command = commands.order(uow(), actor(), device_id, kind, reason=forms.reason())
    return done(kind, _PAGE, command_id=str(command.id), device_id=device_id)
