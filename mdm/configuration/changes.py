"""What differs between two documents, key by key. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mdm.configuration.secrets import masked


@dataclass(frozen=True)
class Change:
    """One key that differs; secrets are hidden on both sides, whoever looks."""

    key: str
    kind: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None


def leaves(document: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return `{"password.min_length": 8, …}`: objects are walked, any other value is a leaf."""
    found: dict[str, Any] = {}
    for key, value in document.items():
        if isinstance(value, Mapping):
            found |= leaves(value, f"{path}{key}.")
        else:
            found[path + key] = value
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return every key whose value differs, by name."""
    old, new = leaves(before), leaves(after)
    shown_old, shown_new = leaves(masked(before)), leaves(masked(after))
    found = []
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            found.append(Change(key, "added", after=shown_new[key]))
        elif key not in new:
            found.append(Change(key, "removed", before=shown_old[key]))
        elif old[key] != new[key]:
            found.append(Change(key, "changed", shown_old[key], shown_new[key]))
    return found
