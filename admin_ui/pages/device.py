"""One terminal: its state, why it is so, what it was told and what it did."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for

from admin_ui import chrome, streams
from admin_ui.blueprint import console
from admin_ui.pages import device_view as view
from admin_ui.showing import show
from mdm import commands, devices
from mdm.commands import WHILE, Command
from mdm.configuration import service as configuration
from mdm.devices import Terminal
from mdm.groups import groups_in, of_device
from muster.kernel import approvals
from muster.kernel.identity import names
from muster.kernel.web import actor, stream, uow

_LINES: Final = 200
_COMMANDS: Final = 20
_ORDERS: Final = ("message", "lock", "unlock", "refresh", "wipe")
_MOVES: Final = {
    "report_lost": ("enrolled",),
    "report_found": ("lost",),
    "retire": ("enrolled", "lost", "wiped"),
}


@console.route("/devices/<uuid:device_id>", actions=("mdm.device.read", "mdm.compliance.read"))
def device(device_id: UUID) -> str:
    """All of one terminal on one page."""
    terminal = devices.read(uow(), actor(), device_id)
    sight = configuration.sight(uow(), actor(), device_id)
    ordered = commands.listing(uow(), actor(), device_id, limit=_COMMANDS)[:_COMMANDS]
    history = devices.timeline(uow(), actor(), device_id, limit=_LINES)
    return show(
        "devices/detail.html",
        "devices",
        device=view.facts(terminal, _groups(device_id)),
        posture=view.posture(terminal),
        configuration=view.configuration(terminal, sight.effective.provenance),
        commands=_commands(terminal, ordered),
        apps=view.apps(terminal),
        certificates=[],
        holders=[],
        timeline_entries=view.timeline(history.items),
        stream_url=url_for("console.device_events", device_id=device_id),
        actions=_actions(terminal),
        wipe_pending=_wipe_pending(terminal),
    )


@console.route("/devices/<uuid:device_id>/events", actions=("mdm.device.read",))
def device_events(device_id: UUID) -> Response:
    """Says when something happened to the terminal."""
    return stream(streams.device(uow(), actor(), device_id))


def _groups(device_id: UUID) -> list[str]:
    return [group.name for group in groups_in(uow(), of_device(uow(), device_id))]


def _commands(terminal: Terminal, ordered: Sequence[Command]) -> list[dict[str, Any]]:
    people = names.officers(
        uow(), [who for row in ordered for who in (row.requested_by, row.approved_by)]
    )
    cancel = chrome.may("mdm.command.cancel", terminal.target(actor()))
    return [view.command(row, people, cancel=cancel) for row in ordered]


def _actions(terminal: Terminal) -> dict[str, str]:
    """Return the address of each act that is permitted and makes sense now, '' for the others."""
    state, target = terminal.principal.state, terminal.target(actor())
    sensible = {
        **{kind: kind in WHILE[state] for kind in _ORDERS},
        **{move: state in states for move, states in _MOVES.items()},
    }
    return {
        name: url_for(f"console.device_{name}", device_id=terminal.id)
        if sense and chrome.may(f"mdm.device.{name}", target)
        else ""
        for name, sense in sensible.items()
    }


def _wipe_pending(terminal: Terminal) -> dict[str, Any] | None:
    asked = approvals.open_for(uow(), commands.WIPE, str(terminal.id))
    if asked is None or not chrome.may("approvals.read"):
        return None
    requester = names.officers(uow(), [asked.requested_by])[asked.requested_by]
    own = asked.requested_by == actor().id
    return {
        "approval_url": url_for("console.approval", approval_id=asked.id),
        "requested_by": f"{requester.name} {requester.number}",
        "expires_at": asked.expires_at,
        "cancel_url": url_for("console.approval_withdraw", approval_id=asked.id) if own else "",
    }
