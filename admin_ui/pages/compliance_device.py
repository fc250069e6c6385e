"""What people do about compliance from the page of a terminal."""

from uuid import UUID

from flask import Response

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.pages.device import device
from admin_ui.showing import back_to, done
from mdm import compliance as rules
from muster.kernel.web import actor, uow

_ACCEPT = "mdm.device.accept_sims"


@console.route("/devices/<uuid:device_id>/sims/accept", methods=["POST"], actions=(_ACCEPT,))
@back_to(device, "accept-sims")
def device_accept_sims(device_id: UUID) -> Response:
    """Accept the SIM that is in a terminal now."""
    rules.accept_sims(uow(), actor(), device_id, forms.reason())
    return done("sims_accepted", "console.device", device_id=device_id)
