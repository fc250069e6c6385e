"""Whether what terminals report of a release is bad enough to halt it by itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

_WHOLE: Final = 100


@dataclass(frozen=True)
class Gate:
    """The limits of one rollout; whatever lies above one of them halts it.

    Nothing is judged before `min_reports` terminals have said how the installation ended.
    `failed_percent` is the share of them where it failed. `crash_percent` is by how many percentage
    points the share of terminals on which the app crashes may lie above that of the version before.
    A limit of 100 is never exceeded: it switches its question off.
    """

    min_reports: int = 5
    failed_percent: int = 20
    crash_percent: int = 10

    @classmethod
    def of(cls, changes: Mapping[str, int]) -> "Gate":
        """Return the defaults with what a rollout changes of them."""
        return cls(**{one.name: changes[one.name] for one in fields(cls) if one.name in changes})


DEFAULTS: Final = Gate()


@dataclass(frozen=True)
class Figures:
    """What a ring's terminals said of a release since its counting began.

    `installed`, `failed` and `crashed` are terminals of this version; `before` had the version
    before it, and on `before_crashed` of them that one crashed.
    """

    installed: int = 0
    failed: int = 0
    crashed: int = 0
    before: int = 0
    before_crashed: int = 0

    @property
    def reports(self) -> int:
        """How many terminals have said how the installation ended."""
        return self.installed + self.failed

    @property
    def failed_percent(self) -> float:
        """The share of reports that say it failed."""
        return _share(self.failed, self.reports)

    @property
    def crash_percent(self) -> float:
        """By how many percentage points more terminals see crashes than with the version before."""
        return _share(self.crashed, self.installed) - _share(self.before_crashed, self.before)


def over(gate: Gate, figures: Figures) -> str:
    """Return which limit is exceeded: `failed_percent`, `crash_percent`, or '' for none."""
    if figures.reports < gate.min_reports:
        return ""
    if figures.failed_percent > gate.failed_percent:
        return "failed_percent"
    if figures.installed >= gate.min_reports and figures.crash_percent > gate.crash_percent:
        return "crash_percent"
    return ""


def _share(part: int, whole: int) -> float:
    return min(part, whole) * _WHOLE / whole if whole else 0.0
