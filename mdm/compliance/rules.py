"""The rules a terminal is judged by: the house's defaults, and the changes people made to them."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Operator = Literal["is", "at_most", "at_least", "version_at_least"]
Severity = Literal["low", "medium", "high"]
Consequence = Literal["warn", "block"]


@dataclass(frozen=True)
class Rule:
    """`fact` `operator` `value` must hold; a fact that is not known does not hold.

    `block` keeps officer data away from the terminal, `warn` only shows.
    """

    id: str
    fact: str
    operator: Operator
    value: Any
    severity: Severity = "high"
    action: Consequence = "block"
    enabled: bool = True


DEFAULTS: Final[tuple[Rule, ...]] = (
    Rule("storage_not_encrypted", "encrypted", "is", True),
    Rule("no_passcode", "passcode_set", "is", True),
    Rule("rooted", "rooted", "is", False),
    Rule("patch_too_old", "patch_age_days", "at_most", 120),
    Rule("agent_too_old", "agent_version", "version_at_least", "1.0.0"),
    Rule("configuration_not_applied", "configuration_lag_hours", "at_most", 24),
    Rule("usb_debugging", "usb_debugging", "is", False, "medium", "warn"),
)
"""CJIS 5.13.2 iv, v, vi, vii and x; 5.13.3 for the passcode."""
