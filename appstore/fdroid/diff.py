"""Merge patches (RFC 7396) from an older index to today's. Pure.

What is gone becomes null, lists are replaced whole, and what is the same is left out.
"""

from collections.abc import Mapping
from typing import Any


def patch(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what, merged into `old`, makes it `new`; neither may hold a null."""
    made: dict[str, Any] = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            inner = patch(before, value)
            if inner:
                made[key] = inner
        elif key not in old or value != before:
            made[key] = value
    return made
