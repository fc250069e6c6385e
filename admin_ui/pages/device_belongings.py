"""A terminal's wearables and SIMs, as its page shows them."""

from typing import Any

from flask import url_for

from admin_ui import chrome, words
from mdm.companions import Companions
from mdm.devices import Terminal
from muster.kernel.web import actor


def companions(known: Companions) -> dict[str, Any]:
    """Return the view model `companions`."""
    parent = known.parent
    return {
        "parent": parent and {"number": parent.label, "url": _url(parent.id)},
        "below": [
            {
                "number": one.label,
                "url": _url(one.id),
                "kind": words.of(words.CLASSES, one.device_class),
                "state": "active" if one.state == "enrolled" else one.state,
                "compliance": "compliant" if one.compliant else "non_compliant",
            }
            for one in known.items
        ],
    }


def sims(terminal: Terminal) -> dict[str, Any] | None:
    """Return the view model `sims`, None for a terminal that never named one."""
    managed = terminal.managed
    if managed.accepted_sims is None:
        return None
    now = sorted(str(card.get("iccid", "")) for card in managed.sims)
    changed = now != sorted(managed.accepted_sims)
    may = changed and chrome.may("mdm.device.accept_sims", terminal.target(actor()))
    return {
        "changed": changed,
        "cards": now,
        "accept_url": url_for("console.device_accept_sims", device_id=terminal.id) if may else "",
    }


def _url(device_id: Any) -> str:
    return url_for("console.device", device_id=device_id)
