"""What a result proves: the state it leads to, the code of a failure, the fix of a location. Pure."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mdm.commands.states import AFTER, Outcome
from mdm.telemetry.location import WGS84, kept

UNSPECIFIED: Final = "unspecified"
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,63}")
_SHOWN: Final = "shown"


def state_after(
    kind: str, body: Mapping[str, Any], outcome: Outcome, evidence: Mapping[str, Any]
) -> str:
    """Return the state a result leads to.

    A message that wants a receipt is not acknowledged by being shown: a person must say so.
    """
    receipt = _data(evidence).get("receipt")
    if kind == "message" and body.get("receipt") and outcome == "done" and receipt == _SHOWN:
        return "delivered"
    return AFTER[outcome]


def code_of(evidence: Mapping[str, Any]) -> str:
    """Return why it failed: `code`, or a detail that is one snake_case word."""
    for given in (evidence.get("code"), _data(evidence).get("code"), evidence.get("detail")):
        if isinstance(given, str) and _CODE.fullmatch(given):
            return given
    return UNSPECIFIED


def fix_of(evidence: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the place a terminal reported as it is kept (`location.kept`), {} if it is none.

    One that does not say when it was there is taken to be there now.
    """
    data = _data(evidence)
    lat, lon = _number(data.get("lat"), 90), _number(data.get("lon"), 180)
    if lat is None or lon is None:
        return {}
    accuracy = _number(data.get("accuracy_m"), 1e6)
    accuracy = None if accuracy is None else abs(accuracy)
    return kept(lat, lon, _moment(data.get("at")) or now, accuracy, data.get("datum") or WGS84)


def _moment(given: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None


def _data(evidence: Mapping[str, Any]) -> Mapping[str, Any]:
    data = evidence.get("data")
    return data if isinstance(data, dict) else {}


def _number(value: Any, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if abs(value) <= most else None
