"""What a terminal said is in it and where it is, as the panel on its page shows it."""

from datetime import datetime
from typing import Any

from flask import url_for

from admin_ui import chrome
from mdm.devices import Terminal
from muster.kernel.web import actor


def panel(terminal: Terminal) -> dict[str, Any]:
    """Return the view model `inventory`."""
    managed = terminal.managed
    may = chrome.may("mdm.log.read", terminal.target(actor()))
    return {
        "software": [
            {
                "package": name,
                "version": f"{one.get('version', '')} ({one['version_code']})".strip(),
            }
            for name, one in sorted(managed.software.items())
        ],
        "sims": [{"iccid": "", "number": "", "operator": ""} | sim for sim in managed.sims],
        "location": _location(managed.location),
        "logs_url": url_for("console.device_logs", device_id=terminal.id) if may else "",
    }


def _location(fix: dict[str, Any]) -> dict[str, Any] | None:
    if not fix:
        return None
    return {
        "place": f"{fix['lat']:.5f}, {fix['lon']:.5f}",
        "accuracy": fix.get("accuracy_m"),
        "at": datetime.fromisoformat(str(fix["at"])),
    }
