"""The rules a terminal is judged by: the house's defaults, and the rules people made or changed."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Operator = Literal[
    "is",
    "at_most",
    "at_least",
    "version_at_least",
    "version_at_most",
    "one_of",
    "has_all",
    "has_none",
]
Severity = Literal["low", "medium", "high"]
Consequence = Literal["warn", "block", "wipe_app_data", "wipe"]

SEVERITIES: Final = ("low", "medium", "high")
RANK: Final[dict[str, int]] = {"": -1, "warn": 0, "block": 1, "wipe_app_data": 2, "wipe": 3}
"""From mild to grave. Everything above `warn` keeps officer data away from the terminal."""

CONSEQUENCES: Final = ("warn", "block", "wipe_app_data", "wipe")

OPERATORS: Final[dict[str, tuple[Operator, ...]]] = {
    "flag": ("is",),
    "number": ("at_most", "at_least"),
    "version": ("version_at_least", "version_at_most", "one_of"),
    "text": ("one_of",),
    "packages": ("has_all", "has_none"),
}
FACTS: Final[dict[str, str]] = {
    "encrypted": "flag",
    "passcode_set": "flag",
    "rooted": "flag",
    "usb_debugging": "flag",
    "bootloader_locked": "flag",
    "screen_lock_enforced": "flag",
    "attested": "flag",
    "attestation_failed": "flag",
    "sim_changed": "flag",
    "outside_fence": "flag",
    "outside_hours": "flag",
    "patch_age_days": "number",
    "attested_patch_age_days": "number",
    "configuration_lag_hours": "number",
    "silent_hours": "number",
    "required_apps_missing": "number",
    "forbidden_apps_installed": "number",
    "agent_version": "version",
    "os_version": "version",
    "os": "text",
    "model": "text",
    "apps": "packages",
}
"""What a rule may speak of, and of which kind it is; `facts.py` says what each one means."""


@dataclass(frozen=True)
class Rule:
    """`fact` `operator` `value` must hold on terminals of `classes` (none named: of every class).

    From the first failure it only warns for `grace_hours`; then `action` holds, and from
    `deadline_hours` (counted from the first failure, too) `escalation`, where there is one. A fact
    that is not known does not hold, unless `unknown_passes`. `sentence_en` and `sentence_zh` are
    what the holder of the terminal is told; the house's own rules have theirs in `sentences.py`.
    """

    id: str
    fact: str
    operator: Operator
    value: Any
    severity: Severity = "high"
    action: Consequence = "block"
    enabled: bool = True
    classes: tuple[str, ...] = ()
    grace_hours: int = 0
    deadline_hours: int | None = None
    escalation: Consequence | None = None
    unknown_passes: bool = False
    sentence_en: str = ""
    sentence_zh: str = ""

    def judges(self, device_class: str) -> bool:
        """Whether terminals of a class are judged by this rule."""
        return self.enabled and (not self.classes or device_class in self.classes)


DEFAULTS: Final[tuple[Rule, ...]] = (
    Rule("storage_not_encrypted", "encrypted", "is", True),
    Rule(
        "no_passcode",
        "passcode_set",
        "is",
        True,
        classes=("handheld", "vehicle", "wearable"),
    ),
    Rule("rooted", "rooted", "is", False),
    Rule("patch_too_old", "patch_age_days", "at_most", 120),
    Rule("agent_too_old", "agent_version", "version_at_least", "1.0.0"),
    Rule("configuration_not_applied", "configuration_lag_hours", "at_most", 24),
    Rule("usb_debugging", "usb_debugging", "is", False, "medium", "warn"),
    Rule("attestation_failed", "attestation_failed", "is", False),
    Rule("not_attested", "attested", "is", True, "medium", "warn", enabled=False),
    Rule(
        "attested_patch_too_old",
        "attested_patch_age_days",
        "at_most",
        365,
        "medium",
        "warn",
        enabled=False,
    ),
    Rule(
        "required_app_missing",
        "required_apps_missing",
        "at_most",
        0,
        "medium",
        "warn",
        unknown_passes=True,
    ),
    Rule(
        "forbidden_app_installed",
        "forbidden_apps_installed",
        "at_most",
        0,
        unknown_passes=True,
    ),
    Rule("sim_changed", "sim_changed", "is", False, "medium", "warn", unknown_passes=True),
    Rule("outside_fence", "outside_fence", "is", False, "medium", "warn", unknown_passes=True),
    Rule(
        "no_contact",
        "silent_hours",
        "at_most",
        72,
        "high",
        "block",
        enabled=False,
        deadline_hours=96,
        escalation="wipe_app_data",
        unknown_passes=True,
    ),
)
"""CJIS 5.13.2 iv, v, vi, vii, viii and x; 5.13.3 for the passcode. A body camera has no screen."""
