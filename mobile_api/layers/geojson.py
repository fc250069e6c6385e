"""A GeoJSON file of jurisdictions (RFC 7946) as drafts, or faults that point into the document.

Properties: code, name, name_en (may be empty), level, parent (null for a city).
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Final

from mobile_api.layers.models import LEVELS
from mobile_api.layers.rings import wkb_of
from muster.kernel.errors import Fault

MAX_AREAS: Final = 20_000
_CODE = re.compile(r"[\w.\-]{1,64}")
_LONGEST = 200


@dataclass(frozen=True)
class Draft:
    """One area, read and valid."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str
    wkb: bytes

    def columns(self) -> dict[str, Any]:
        """Return the draft as columns of its row."""
        return asdict(self)


def read_areas(data: bytes) -> tuple[list[Draft], list[Fault]]:
    """Return the areas of a file, and everything that is wrong with it."""
    faults: list[Fault] = []
    drafts = [
        _draft(f"/features/{n}", feature, faults)
        for n, feature in enumerate(_features(data, faults))
    ]
    faults += _family_faults(drafts)
    return [draft for draft in drafts if draft is not None], faults


def _features(data: bytes, faults: list[Fault]) -> list[Any]:
    try:
        document = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        faults.append(Fault("/", f"This is not JSON in UTF-8: {error}"))
        return []
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        faults.append(Fault("/type", "Send a GeoJSON FeatureCollection (RFC 7946)."))
        return []
    if not _is_crs84(document.get("crs")):
        faults.append(Fault("/crs", "Coordinates must be WGS-84, longitude first: reproject them."))
        return []
    features = document.get("features")
    if not isinstance(features, list) or not 1 <= len(features) <= MAX_AREAS:
        faults.append(Fault("/features", f"Give 1 to {MAX_AREAS} features."))
        return []
    return features


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is not a JSON number")


def _is_crs84(crs: Any) -> bool:
    """Whether the member that GeoJSON had until 2008 is absent, or says what is true anyway."""
    return crs is None or "CRS84" in json.dumps(crs)


def _draft(pointer: str, feature: Any, faults: list[Fault]) -> Draft | None:
    """Return one area; None if it has faults of its own."""
    before = len(faults)
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        faults.append(Fault(pointer, "This is not a GeoJSON Feature."))
        return None
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        faults.append(Fault(f"{pointer}/properties", "Give code, name, level and parent."))
        return None
    at = f"{pointer}/properties"
    code = _text(at, properties, "code", faults)
    if code and not _CODE.fullmatch(code):
        faults.append(Fault(f"{at}/code", "A code has 1 to 64 letters, digits, dots or dashes."))
    name = _text(at, properties, "name", faults)
    name_en = _text(at, properties, "name_en", faults, required=False)
    level = _text(at, properties, "level", faults)
    if level and level not in LEVELS:
        faults.append(Fault(f"{at}/level", f"Write one of {', '.join(LEVELS)}."))
    parent = _text(at, properties, "parent", faults, required=False)
    wkb = wkb_of(f"{pointer}/geometry", feature.get("geometry"), faults)
    return Draft(code, name, name_en, level, parent, wkb) if len(faults) == before else None


def _text(
    at: str, properties: dict[str, Any], name: str, faults: list[Fault], *, required: bool = True
) -> str:
    value = properties.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or "\0" in value or len(value) > _LONGEST:
        faults.append(Fault(f"{at}/{name}", f"Write a text of at most {_LONGEST} characters."))
        return ""
    if required and not value.strip():
        faults.append(Fault(f"{at}/{name}", "This must not be empty."))
    return value.strip()


def _family_faults(drafts: list[Draft | None]) -> list[Fault]:
    """Refuse codes that stand twice, and parents that are not there or not of the level above."""
    known = {draft.code: draft for draft in drafts if draft is not None}
    whole = None not in drafts  # with an area left out, its children would seem to be orphans
    seen: set[str] = set()
    faults = []
    for n, draft in enumerate(drafts):
        if draft is None:
            continue
        at = f"/features/{n}/properties"
        if draft.code in seen:
            faults.append(Fault(f"{at}/code", f"{draft.code} stands there twice."))
        seen.add(draft.code)
        if whole and (detail := _wrong_parent(draft, known)):
            faults.append(Fault(f"{at}/parent", detail))
    return faults


def _wrong_parent(draft: Draft, known: dict[str, Draft]) -> str:
    depth = LEVELS.index(draft.level)
    if depth == 0:
        return "A city has no parent." if draft.parent else ""
    above = known.get(draft.parent)
    if above is None or above.level != LEVELS[depth - 1]:
        return f"A {draft.level} lies in a {LEVELS[depth - 1]}: give the code of one in this file."
    return ""
