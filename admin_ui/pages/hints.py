"""How terminals are told that there is something to fetch, and how well each carrier does."""

from typing import Any
from uuid import UUID

from admin_ui import words
from admin_ui.blueprint import console
from admin_ui.showing import show
from mdm import hints
from muster.kernel.hints import HintCarrier
from muster.kernel.web import actor, uow


@console.route("/hints", endpoint="hints", actions=("mdm.hint.list",))
def carriers() -> str:
    """Every carrier of the house."""
    return show(
        "hints/list.html",
        "hints",
        rows=[_row(carrier) for carrier in hints.health(uow(), actor())],
    )


def panel(device_id: UUID) -> dict[str, Any]:
    """Return the view model `telling` of one terminal's page."""
    found = hints.of_device(uow(), actor(), device_id)
    last = found.last
    return {
        "carriers": [
            {"name": words.of(words.CARRIERS, name), "usable": name in found.usable}
            for name in found.carriers
        ],
        "state": (last.outcome or "polls") if last and last.sent_at else "unused",
        "last_by": words.of(words.CARRIERS, last.carrier) if last else "",
        "last_look": words.of(words.LOOKS, last.look) if last else "",
        "last_sent_at": last.sent_at if last else None,
        "last_seen": found.seen_at,
    }


def _row(carrier: HintCarrier) -> dict[str, Any]:
    paused = carrier.paused_until is not None and carrier.paused_until > uow().now()
    return {
        "name": words.of(words.CARRIERS, carrier.name),
        "state": "paused" if paused else _state(carrier),
        "sent": carrier.sent,
        "heard": carrier.heard,
        "missed": carrier.missed,
        "failed": carrier.failed,
        "last_sent_at": carrier.last_sent_at,
        "last_heard_at": carrier.last_heard_at,
        "last_failed_at": carrier.last_failed_at,
        "last_error": carrier.last_error,
    }


def _state(carrier: HintCarrier) -> str:
    """Say what the latest news of a carrier is."""
    if carrier.last_sent_at is None:
        return "unused"
    failed, heard = carrier.last_failed_at, carrier.last_heard_at
    return "failed" if failed is not None and (heard is None or failed > heard) else "active"
