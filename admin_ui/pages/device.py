"""One terminal: its state, why it is so, what it was told and what it did."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for

from admin_ui import chrome, streams, words
from admin_ui.blueprint import console
from admin_ui.pages import attestation_view, headwind_view, hints, inventory_view
from admin_ui.pages import device_belongings as belongings
from admin_ui.pages import device_view as view
from admin_ui.pages.equipment_item import custody_of
from admin_ui.showing import show
from mdm import commands, companions, devices
from mdm.attestation import sight as attested
from mdm.commands import WHILE, Command
from mdm.configuration import service as configuration
from mdm.devices import Terminal
from mdm.gateways import headwind
from mdm.groups import groups_in, of_device
from muster.kernel import approvals
from muster.kernel.identity import names
from muster.kernel.web import actor, stream, uow

_LINES: Final = 200
_COMMANDS: Final = 20
_ORDERS: Final = ("message", "lock", "unlock", "refresh", "wipe")
N_ = str
_WIPE: Final = {
    "queued": N_("A wipe waits. The terminal has not fetched it; it can still be cancelled."),
    "notified": N_("A wipe waits. The terminal has not fetched it; it can still be cancelled."),
    "delivered": N_("The terminal has fetched the wipe and has not confirmed it: not known yet."),
    "not_now": N_("The terminal has put the wipe off. It is asked again."),
    "unconfirmed": N_(
        "The terminal fetched the wipe and is silent since: we do not know whether it was erased."
    ),
}
_MOVES: Final = {
    "report_lost": ("enrolled",),
    "report_found": ("lost",),
    "retire": ("enrolled", "lost", "wiped"),
}


@console.route("/devices/<uuid:device_id>", actions=("mdm.device.read", "mdm.compliance.read"))
def device(device_id: UUID) -> str:
    """All of one terminal on one page."""
    terminal = devices.read(uow(), actor(), device_id)
    around = companions.of(uow(), terminal)
    sight = configuration.sight(uow(), actor(), device_id)
    ordered = commands.listing(uow(), actor(), device_id, limit=_COMMANDS)[:_COMMANDS]
    history = devices.timeline(uow(), actor(), device_id, limit=_LINES)
    return show(
        "devices/detail.html",
        "devices",
        device=view.facts(terminal, _groups(device_id)),
        posture=view.posture(terminal, held_back=around.held_back),
        telling=hints.panel(device_id),
        attestation=attestation_view.panel(attested(uow(), device_id)),
        companions=belongings.companions(around),
        sims=belongings.sims(terminal),
        headwind=headwind_view.panel(headwind.sight(uow(), terminal)),
        configuration=view.configuration(sight),
        commands=_commands(terminal, ordered),
        apps=view.apps(terminal),
        inventory=inventory_view.panel(terminal),
        certificates=[],
        holders=_holders(terminal),
        timeline_entries=view.timeline(history.items),
        stream_url=url_for("console.device_events", device_id=device_id),
        actions=_actions(terminal),
        wipe_pending=_wipe_pending(terminal),
        wipe_told=_wipe_told(ordered),
        commands_url=url_for("console.device_commands", device_id=device_id),
    )


@console.route("/devices/<uuid:device_id>/events", actions=("mdm.device.read",))
def device_events(device_id: UUID) -> Response:
    """Says when something happened to the terminal."""
    return stream(streams.device(uow(), actor(), device_id))


def _wipe_told(ordered: Sequence[Command]) -> str:
    """Return what is known of a wipe that is in force, '' for none."""
    for row in ordered:
        if row.kind == "wipe" and row.live:
            return words.of(_WIPE, row.state)
    return ""


def _holders(terminal: Terminal) -> list[dict[str, Any]]:
    asset_id = terminal.managed.asset_id
    return custody_of(asset_id) if asset_id else []


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
