"""Which value each key gets when several layers speak, and which layer said so. Pure.

Layers rank organisation < class < unit (root first) < group (by priority) < role < device <
incident. Objects merge key by
key; any other value, lists too, is taken whole from the highest layer that gives one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

RANK: Final = {
    name: rank
    for rank, name in enumerate(
        ("organisation", "class", "unit", "group", "role", "device", "incident")
    )
}


@dataclass(frozen=True)
class Layer:
    """One published document. `depth` orders layers of one kind: units by depth, groups by age."""

    kind: str
    name: str
    document: Mapping[str, Any]
    depth: int = 0


@dataclass(frozen=True)
class Effective:
    """The merged values, and for each leaf (`password.min_length`) the name of its layer."""

    values: dict[str, Any]
    provenance: dict[str, str]


def merge(layers: Sequence[Layer]) -> Effective:
    """Return what holds when all layers are laid over each other, in whatever order they come."""
    effective = Effective({}, {})
    for layer in sorted(layers, key=lambda layer: (RANK[layer.kind], layer.depth)):
        _lay(effective, effective.values, layer.document, layer.name, "")
    return effective


def _lay(
    effective: Effective,
    under: dict[str, Any],
    over: Mapping[str, Any],
    name: str,
    path: str,
) -> None:
    for key, value in over.items():
        place = path + key
        below = under.get(key)
        if isinstance(value, Mapping):
            if not isinstance(below, dict):
                effective.provenance.pop(place, None)
                below = under[key] = {}
            _lay(effective, below, value, name, place + ".")
        else:
            if isinstance(below, dict):
                _forget(effective.provenance, place + ".")
            under[key] = value
            effective.provenance[place] = name


def _forget(provenance: dict[str, str], prefix: str) -> None:
    for place in [place for place in provenance if place.startswith(prefix)]:
        del provenance[place]
