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
    "mdm.device.wipe_app_data": N_("Erase app data"),
    "mdm.device.lost_mode": N_("Lost mode"),
    "mdm.device.end_lost_mode": N_("End lost mode"),
    "mdm.device.reset_passcode": N_("Set a passcode"),
    "mdm.device.reboot": N_("Restart"),
    "mdm.device.locate": N_("Locate"),
    "mdm.device.ring": N_("Ring"),
    "mdm.device.install": N_("Install an app"),
    "mdm.device.remove": N_("Remove an app"),
    "mdm.device.collect_logs": N_("Fetch the log"),
    "mdm.order.place": N_("Mass order"),
    "mdm.order.place_many": N_("Mass order asked for"),
    "mdm.order.place_many.approve": N_("Mass order decided on"),
    "mdm.device.wipe": N_("Wipe asked for"),
    "mdm.device.wipe.approve": N_("Wipe decided on"),
    "mdm.device.enrol": N_("Enrolled"),
    "mdm.device.admit": N_("Let in"),
    "mdm.device.refuse": N_("Turned away"),
    "mdm.device.edit": N_("Ring or attributes changed"),
    "mdm.device.assign": N_("Handed out"),
    "mdm.device.report_lost": N_("Reported lost"),
    "mdm.device.report_found": N_("Reported found"),
    "mdm.device.retire": N_("Retired"),
    "mdm.device.read": N_("Looked at"),
    "mdm.command.cancel": N_("Command taken back"),
    "mdm.posture.changed": N_("Judged anew"),
    "mdm.posture.escalated": N_("A deadline passed"),
    "mdm.device.accept_sims": N_("SIM accepted"),
    "mdm.agent.companion": N_("Asked for a wearable's code"),
    "mdm.attestation.submit": N_("Key attested"),
    "mdm.agent.certificate": N_("Certificate given"),
    "mdm.certificate.enrol": N_("Certificate given by SCEP"),
    "mdm.certificate.challenge": N_("SCEP challenge made"),
    "mdm.certificate.revoke": N_("Certificate revoked"),
    "mdm.agent.check_in": N_("Checked in"),
    "mdm.agent.report": N_("Reported"),
    "app.release.publish": N_("Publish a release"),
    "app.waiver.grant": N_("Vetting rule waived"),
    "app.waiver.revoke": N_("Waiver taken back"),
}
COMMANDS: Final = {
    "lock": N_("Lock"),
    "unlock": N_("Unlock"),
    "message": N_("Message"),
    "refresh": N_("Fetch news"),
    "wipe": N_("Wipe"),
    "wipe_app_data": N_("Erase app data"),
    "lost_mode": N_("Lost mode"),
    "end_lost_mode": N_("End lost mode"),
    "reset_passcode": N_("Set a passcode"),
    "reboot": N_("Restart"),
    "locate": N_("Locate"),
    "ring": N_("Ring"),
    "install": N_("Install an app"),
    "remove": N_("Remove an app"),
    "collect_logs": N_("Fetch the log"),
}
CLASSES: Final = {
    "handheld": N_("Handheld"),
    "vehicle": N_("Vehicle terminal"),
    "wearable": N_("Wearable"),
    "body_camera": N_("Body camera"),
}
AGENTS: Final = {
    "native": N_("Muster"),
    "headwind": N_("Headwind"),
}
CARRIERS: Final = {
    "stream": N_("Event stream"),
    "long_poll": N_("Long poll"),
    "mqtt": "MQTT",
    "fcm": "FCM",
}
LOOKS: Final = {
    "commands": N_("Commands"),
    "configuration": N_("Configuration"),
    "sync": N_("Records"),
    "messages": N_("Messages"),
}
ROLES: Final = {
    "officer": N_("Officer"),
    "supervisor": N_("Supervisor"),
    "duty_desk": N_("Duty desk"),
    "device_admin": N_("Device admin"),
    "publisher": N_("Publisher"),
    "approver": N_("Approver"),
    "data_steward": N_("Data steward"),
    "auditor": N_("Auditor"),
    "system_admin": N_("System admin"),
    "security_admin": N_("Security admin"),
}
GRANTS: Final = {
    "standing": N_("for good"),
    "delegation": N_("delegated"),
    "deputy": N_("as deputy"),
    "break_glass": N_("break-glass"),
}
STAGES: Final = {
    "procured": N_("On order"),
    "in_stock": N_("In stock"),
    "issued": N_("Issued"),
    "in_repair": N_("In repair"),
    "lost": N_("Lost"),
    "found": N_("Found"),
    "inspected": N_("Inspected"),
    "wiped": N_("Wiped"),
    "retired": N_("Retired"),
}
SIGNED: Final = {
    "terminal": N_("signed on a terminal"),
    "counter": N_("signed at the counter"),
    "assigned": N_("not signed"),
}
CARDS: Final = {
    "active": N_("Active"),
    "suspended": N_("Suspended"),
    "lost": N_("Lost"),
    "retired": N_("Retired"),
}
HELD: Final = {
    "terminal": N_("Terminal"),
    "equipment": N_("Equipment"),
    "conflict": N_("Conflict to settle"),
    "quarantine": N_("Work in quarantine"),
    "approval": N_("Open request"),
    "delegation": N_("Role lent to others"),
    "role": N_("Administrative role"),
    "credential": N_("Program's credential"),
    "app": N_("App in the store"),
}
STATES: Final = {
    "queued": N_("queued"),
    "notified": N_("notified"),
    "delivered": N_("delivered, not yet confirmed"),
    "not_now": N_("put off by the terminal"),
    "acknowledged": N_("acknowledged"),
    "failed": N_("failed"),
    "expired": N_("expired"),
    "cancelled": N_("cancelled"),
    "superseded": N_("superseded"),
    "unconfirmed": N_("unconfirmed: we do not know"),
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
WAITS: Final = {
    "scanner": N_("The rules are looking at it."),
    "approver": N_("An approver must decide."),
    "submitter": N_("Nobody is asked any more. Its publisher submits it again."),
    "review": N_("It went out urgently. Another approver must review it."),
    "rollout": N_("Approved. Nobody has sent it anywhere yet."),
}
TRACKS: Final = {
    "internal": N_("Internal"),
    "pilot": N_("Pilot"),
    "production": N_("Production"),
}
MODES: Final = {"required": N_("Required"), "available": N_("Available")}
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


def choices(table: dict[str, str]) -> list[tuple[str, str]]:
    """Return every code of a table with its words, to choose from."""
    return [(code, of(table, code)) for code in table]


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return str(get_locale()).startswith("zh")
