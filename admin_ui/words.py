"""Codes of the services in the words that people read."""

from collections.abc import Callable
from typing import Final

from flask_babel import get_locale, gettext

N_: Callable[[str], str] = str

ACTIONS: Final = {
    "mdm.device.lock": N_("Lock"),
    "mdm.device.unlock": N_("Unlock"),
    "mdm.device.message": N_("Message"),
    "mdm.device.refresh": N_("Fetch news"),
    "mdm.device.wipe": N_("Wipe asked for"),
    "mdm.device.wipe.approve": N_("Wipe decided on"),
    "mdm.device.enrol": N_("Enrolled"),
    "mdm.device.assign": N_("Handed out"),
    "mdm.device.report_lost": N_("Reported lost"),
    "mdm.device.report_found": N_("Reported found"),
    "mdm.device.retire": N_("Retired"),
    "mdm.device.read": N_("Looked at"),
    "mdm.command.cancel": N_("Command taken back"),
    "mdm.posture.changed": N_("Judged anew"),
    "mdm.agent.check_in": N_("Checked in"),
    "mdm.agent.report": N_("Reported"),
    "app.release.publish": N_("Publish a release"),
}
COMMANDS: Final = {
    "lock": N_("Lock"),
    "unlock": N_("Unlock"),
    "message": N_("Message"),
    "refresh": N_("Fetch news"),
    "wipe": N_("Wipe"),
}
STATES: Final = {
    "queued": N_("queued"),
    "notified": N_("notified"),
    "delivered": N_("delivered"),
    "not_now": N_("put off by the terminal"),
    "acknowledged": N_("acknowledged"),
    "failed": N_("failed"),
    "expired": N_("expired"),
    "cancelled": N_("cancelled"),
    "superseded": N_("superseded"),
    "unconfirmed": N_("unconfirmed"),
}
RELEASE: Final = {
    "uploaded": "uploaded",
    "scanning": "vetting",
    "rejected": "rejected",
    "needs_review": "awaiting_approval",
    "approved": "approved",
    "rolling": "rolling_out",
    "halted": "halted",
    "released": "published",
    "superseded": "superseded",
    "retired": "retired",
    "blocked": "block",
}
ROLLOUT: Final = {"rolling": "rolling_out", "halted": "halted"}
TONES: Final = {
    "acknowledged": "ok",
    "failed": "bad",
    "unconfirmed": "warn",
    "permitted": "info",
    "done": "info",
    "denied": "warn",
}


def of(table: dict[str, str], code: str) -> str:
    """Return a code's words in the reader's language; a code nobody listed stands for itself."""
    return str(gettext(table[code])) if code in table else code


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return str(get_locale()).startswith("zh")
