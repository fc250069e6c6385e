"""What people say of one terminal: ring, attributes, and whose it is."""

from uuid import UUID

from flask import Response, request, url_for

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.pages.enrolment_view import OWNERSHIPS, options
from admin_ui.showing import back_to, done, show
from mdm import devices, groups
from muster.kernel.web import actor, uow


@console.route("/devices/<uuid:device_id>/traits", actions=("mdm.device.read",))
def device_traits(device_id: UUID) -> str:
    """The form, and the groups that the terminal is in now."""
    terminal = devices.read(uow(), actor(), device_id)
    managed = terminal.managed
    inside = groups.groups_in(uow(), groups.of_device(uow(), device_id))
    edit = chrome.may("mdm.device.edit", terminal.target(actor()))
    return show(
        "devices/traits.html",
        "devices",
        device={
            "number": terminal.principal.label,
            "url": url_for("console.device", device_id=device_id),
            "version": managed.version,
            "ring": managed.ring,
            "attributes": ", ".join(f"{key}={value}" for key, value in managed.attributes.items()),
            "ownership": managed.ownership,
        },
        ownerships=options(OWNERSHIPS),
        groups=[
            {"name": group.name, "url": url_for("console.group", group_id=group.id)}
            for group in inside
        ],
        submit_url=url_for("console.device_describe", device_id=device_id) if edit else "",
    )


@console.route("/devices/<uuid:device_id>/traits", methods=["POST"], actions=("mdm.device.edit",))
@back_to(device_traits)
def device_describe(device_id: UUID) -> Response:
    """Change them; groups by rule follow at once."""
    version = forms.whole("version", 1, 10**9 - 1)
    groups.edit(uow(), actor(), device_id, version, groups.traits_of(request.form))
    return done("described", "console.device_traits", device_id=device_id)
