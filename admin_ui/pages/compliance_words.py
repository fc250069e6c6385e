"""Compliance in words: rules, facts, classes of terminals, and what a rule does when."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from admin_ui import words
from mdm.compliance import Rule

N_ = str
TITLES: Final = {
    "in_service": N_("In service: not lost, wiped or retired"),
    "parent_not_compliant": N_("The terminal that it belongs to is in order"),
    "never_reported": N_("Has reported its state"),
    "storage_not_encrypted": N_("Storage is encrypted"),
    "no_passcode": N_("A passcode is set"),
    "rooted": N_("System is not rooted"),
    "patch_too_old": N_("Security patch is recent"),
    "agent_too_old": N_("Agent is recent"),
    "configuration_not_applied": N_("Configuration is applied"),
    "usb_debugging": N_("USB debugging is off"),
    "attestation_failed": N_("Hardware says nothing against the key"),
    "not_attested": N_("Hardware vouches for the key"),
    "attested_patch_too_old": N_("Attested security patch is recent"),
    "required_app_missing": N_("Required apps are installed"),
    "forbidden_app_installed": N_("No forbidden app is installed"),
    "sim_changed": N_("The SIM is the one it was accepted with"),
    "outside_fence": N_("Is inside its area"),
    "no_contact": N_("Reports regularly"),
}
FACTS: Final = {
    "encrypted": N_("Storage encrypted"),
    "passcode_set": N_("Passcode set"),
    "rooted": N_("Rooted"),
    "usb_debugging": N_("USB debugging on"),
    "bootloader_locked": N_("Boot loader locked"),
    "screen_lock_enforced": N_("Screen lock enforced"),
    "attested": N_("Key attested by hardware"),
    "attestation_failed": N_("Attestation failed"),
    "sim_changed": N_("SIM changed"),
    "outside_fence": N_("Outside its area"),
    "outside_hours": N_("Used out of hours"),
    "patch_age_days": N_("Age of the security patch, in days"),
    "attested_patch_age_days": N_("Age of the attested patch, in days"),
    "configuration_lag_hours": N_("Configuration not applied for, in hours"),
    "silent_hours": N_("Last contact, hours ago"),
    "required_apps_missing": N_("Number of required apps that are missing"),
    "forbidden_apps_installed": N_("Number of forbidden apps installed"),
    "agent_version": N_("Version of the agent"),
    "os_version": N_("Version of the system"),
    "os": N_("System"),
    "model": N_("Model"),
    "apps": N_("Installed apps"),
}
OPERATORS: Final = {
    "is": N_("is"),
    "at_most": N_("is at most"),
    "at_least": N_("is at least"),
    "version_at_least": N_("is at least version"),
    "version_at_most": N_("is at most version"),
    "one_of": N_("is one of"),
    "has_all": N_("has all of"),
    "has_none": N_("has none of"),
}
SEVERITIES: Final = {"low": N_("Low"), "medium": N_("Medium"), "high": N_("High")}
ACTIONS: Final = {
    "warn": N_("Warn"),
    "block": N_("Close to officers"),
    "wipe_app_data": N_("Erase app data"),
    "wipe": N_("Ask for its wipe"),
}


def told(rule: Rule) -> str:
    """Return what a rule does when: `Warn · after 24 hours: Close to officers`."""
    steps = [(0, rule.action)]
    if rule.grace_hours and rule.action != "warn":
        steps = [(0, "warn"), (rule.grace_hours, rule.action)]
    if rule.escalation is not None and rule.deadline_hours is not None:
        steps.append((rule.deadline_hours, rule.escalation))
    return " · ".join(_step(hours, words.of(ACTIONS, action)) for hours, action in steps)


def _step(hours: int, action: str) -> str:
    if not hours:
        return action
    after = ngettext("after %(num)d hour", "after %(num)d hours", hours)
    return _("%(after)s: %(action)s", after=after, action=action)
