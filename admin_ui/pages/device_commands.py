"""All commands of one terminal: what may be ordered, what each proves, and how those given stand."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from admin_ui import chrome, forms, words
from admin_ui.blueprint import console
from admin_ui.lists import LIMIT, cursor, pager
from admin_ui.pages import command_forms
from admin_ui.pages import device_view as view
from admin_ui.showing import back_to, done, show
from mdm import commands, devices
from mdm.commands import CAN, KINDS, WHILE
from mdm.devices import Terminal
from muster.kernel.errors import NotFound
from muster.kernel.identity import names
from muster.kernel.web import actor, decode_id, page, uow

_AT_ONCE = tuple(f"mdm.device.{kind}" for kind in KINDS if kind != "wipe")


@console.route("/devices/<uuid:device_id>/commands", actions=("mdm.device.read",))
def device_commands(device_id: UUID) -> str:
    """What may be ordered now, and every command, newest first."""
    terminal = devices.read(uow(), actor(), device_id)
    rows = commands.listing(uow(), actor(), device_id, after=decode_id(cursor()), limit=LIMIT)
    shown = page(rows, LIMIT, lambda row: [row.id])
    people = names.officers(
        uow(), [who for row in shown.items for who in (row.requested_by, row.approved_by)]
    )
    cancel = chrome.may("mdm.command.cancel", terminal.target(actor()))
    return show(
        "devices/commands.html",
        "devices",
        device={
            "number": terminal.principal.label,
            "url": url_for("console.device", device_id=device_id),
        },
        agent=terminal.managed.agent,
        cannot=[
            words.of(words.COMMANDS, kind)
            for kind in KINDS
            if kind not in CAN[terminal.managed.agent]
        ],
        groups=_groups(terminal),
        commands=[view.command(row, people, cancel=cancel) for row in shown.items],
        page=pager(shown),
    )


@console.route(
    "/devices/<uuid:device_id>/commands/<kind>",
    methods=["POST"],
    actions=("mdm.device.read", *_AT_ONCE),
)
@back_to(device_commands, "{kind}", keys=("device_id",))
def device_command(device_id: UUID, kind: str) -> Response:
    """Order one; the grave ones want the terminal's number typed."""
    form = command_forms.FORMS.get(kind)
    if form is None:
        raise NotFound(_("There is no such command."))
    if form.grave:
        forms.confirmed(devices.read(uow(), actor(), device_id).principal.label)
    reason, body = forms.reason(), commands.filled_in(kind, command_forms.read(form))
    command = commands.order(uow(), actor(), device_id, kind, reason=reason, body=body)
    return done(
        "ordered", "console.device_commands", command_id=str(command.id), device_id=device_id
    )


def _groups(terminal: Terminal) -> list[dict[str, Any]]:
    """Return what the person may order this terminal now, in groups; an empty group is left out."""
    managed, target = terminal.managed, terminal.target(actor())
    possible = CAN[managed.agent] & frozenset(WHILE[terminal.principal.state])
    groups = [
        {
            "title": _(title),
            "kinds": [
                command_forms.drawn(
                    form,
                    url_for("console.device_command", device_id=terminal.id, kind=form.kind),
                )
                for form in listed
                if form.kind in possible and _may(form.kind, target)
            ],
        }
        for title, listed in command_forms.GROUPS.items()
    ]
    return [group for group in groups if group["kinds"]]


def _may(kind: str, target: Any) -> bool:
    """Whether it is offered; where somebody is wants a purpose, which only the form can give."""
    return kind == "locate" or chrome.may(f"mdm.device.{kind}", target)
