"""A GeoJSON polygon as checked well-known binary: closed, in range, not crossing itself."""

from collections.abc import Iterator
from typing import Any

import shapely

from muster.kernel.errors import Fault

_DEPTH = {"Polygon": 1, "MultiPolygon": 2}
_SHORTEST = 4  # a triangle with its first point repeated
_MOST_POSITIONS = 200_000


def wkb_of(pointer: str, geometry: Any, faults: list[Fault]) -> bytes:
    """Return the geometry as WKB, or nothing and the faults found in it."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _DEPTH:
        faults.append(Fault(f"{pointer}/type", "An area is a Polygon or a MultiPolygon."))
        return b""
    found = list(_ring_faults(f"{pointer}/coordinates", geometry.get("coordinates"), _DEPTH[kind]))
    if found:
        faults += found
        return b""
    polygons = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
    shape = _shape(polygons)
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        faults.append(Fault(f"{pointer}/coordinates", f"The border does not hold: {reason}."))
        return b""
    return bytes(shapely.to_wkb(shape))


def _shape(polygons: list[Any]) -> Any:
    parts = [
        shapely.Polygon(_flat(outer), [_flat(hole) for hole in holes]) for outer, *holes in polygons
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _flat(ring: Any) -> list[tuple[float, float]]:
    """Drop altitudes: a jurisdiction has none."""
    return [(position[0], position[1]) for position in ring]


def _ring_faults(pointer: str, value: Any, depth: int) -> Iterator[Fault]:
    """Check what shapely would mend silently or refuse without saying where."""
    if not isinstance(value, list) or not value:
        yield Fault(pointer, "This list must not be empty.")
    elif depth:
        for n, part in enumerate(value):
            yield from _ring_faults(f"{pointer}/{n}", part, depth - 1)
    elif not _SHORTEST <= len(value) <= _MOST_POSITIONS:
        yield Fault(pointer, f"A ring has {_SHORTEST} to {_MOST_POSITIONS} positions.")
    else:
        bad = next((n for n, position in enumerate(value) if not _is_position(position)), None)
        if bad is not None:
            detail = (
                "This is no position in WGS-84 degrees: longitude -180..180, then latitude -90..90."
            )
            yield Fault(f"{pointer}/{bad}", detail)
        elif value[0] != value[-1]:
            yield Fault(pointer, "The ring is not closed: repeat its first position at its end.")


def _is_position(value: Any) -> bool:
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        return False
    # A NaN fails the comparisons; JSON's true is an int to Python, but no number.
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
    return numbers and abs(value[0]) <= 180 and abs(value[1]) <= 90
