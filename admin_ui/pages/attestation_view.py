"""What a terminal's hardware says of its key and its system, as the device page shows it."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from admin_ui import words
from mdm.attestation import Sight

N_ = str
_LEVELS: Final = {
    "software": N_("software only"),
    "tee": N_("trusted environment (TEE)"),
    "strongbox": N_("secure element (StrongBox)"),
}
_BOOT: Final = {
    "verified": N_("verified: the vendor's own system"),
    "self_signed": N_("a system that somebody else signed"),
    "unverified": N_("unverified: anything may run"),
    "failed": N_("verification failed"),
}
REASONS: Final = {
    "never_attested": N_("This terminal has not shown a chain yet."),
    "no_chain": N_("This terminal has no chain to show: its hardware cannot attest keys."),
    "software_only": N_("The key lives in software. Its chain claims nothing and proves nothing."),
    "expired": N_("The proof is older than seven days. The agent must attest a new key."),
    "no_roots": N_("No roots are loaded, so no chain can be judged."),
    "no_status_list": N_("No list of revoked keys is loaded, so no chain can be judged."),
    "no_agents": N_("No agent is registered, so no chain can be judged."),
    "malformed": N_("The chain cannot be read."),
    "chain_too_large": N_("The chain is too large."),
    "chain_too_short": N_("The chain is too short to lead to a root."),
    "chain_extended": N_("Somebody put certificates of their own into the chain."),
    "statement_missing": N_("The key's certificate carries no statement of the hardware."),
    "statement_repeated": N_("A second certificate makes a statement: the chain was extended."),
    "root_unknown": N_("The chain does not lead to one of the roots that are loaded."),
    "names_differ": N_("The names in the chain do not fit together."),
    "signature_invalid": N_("A signature in the chain is wrong or too weak."),
    "not_yet_valid": N_("A certificate of the chain is not valid yet."),
    "certificate_expired": N_("A certificate of the chain has expired."),
    "revoked": N_("A key of the chain is on the list of revoked keys: it may be in foreign hands."),
    "key_differs": N_("The chain vouches for another key than this terminal's."),
    "level_differs": N_("What the chain says of the hardware contradicts itself."),
    "key_imported": N_("The key was brought into the hardware from outside."),
    "any_application": N_("Any app on the terminal may use the key."),
    "no_root_of_trust": N_("The hardware does not say how the system was started."),
    "bootloader_unlocked": N_("The boot loader is unlocked: any system may have been put on it."),
    "boot_not_verified": N_("The system is not the vendor's own."),
    "application_unknown": N_("The key was made by an app that is not a registered agent."),
    "serial_differs": N_("The hardware's serial number is another than the one enrolled."),
    "imei_differs": N_("The hardware's IMEI is another than the one reported."),
}


def panel(sight: Sight) -> dict[str, Any]:
    """Return the view model `attestation`."""
    row, said = sight.row, sight.row.evidence if sight.row else {}
    return {
        "result": sight.result,
        "reason": words.of(REASONS, sight.reason) if sight.reason else "",
        "code": sight.reason,
        "facts": _facts(said) if said else [],
        "packages": said.get("packages", []),
        "checked_at": row.checked_at if row else None,
        "expires_at": row.expires_at if row else None,
        "list_as_of": sight.status_as_of,
        "warning": _warning(sight),
    }


def _facts(said: dict[str, Any]) -> list[tuple[str, str]]:
    locks = {True: _("locked"), False: _("unlocked")}
    return [
        (_("Key lives in"), words.of(_LEVELS, said["security_level"])),
        (_("Boot loader"), locks.get(said["device_locked"], "")),
        (_("System start"), words.of(_BOOT, said["boot_state"]) if said["boot_state"] else ""),
        (_("System patch"), said["os_patch"] or ""),
        (_("Vendor patch"), said["vendor_patch"] or ""),
        (_("Boot patch"), said["boot_patch"] or ""),
    ]


def _warning(sight: Sight) -> str:
    """Say what is wrong with the lists that chains are held against now."""
    age = sight.lists.status_age
    if age is None or not sight.lists.status_old:
        return ""
    return ngettext(
        "The list of revoked keys is %(num)d day old. Ask the operator for a newer one.",
        "The list of revoked keys is %(num)d days old. Ask the operator for a newer one.",
        age.days,
    )
