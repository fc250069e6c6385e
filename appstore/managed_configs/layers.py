"""Whose values a terminal gets where several groups speak: everybody's, then groups by priority.

As mdm lays configurations over each other: of two groups the one with the higher priority wins, of
equals the younger; key by key, and inside objects too. Pure.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from mdm.configuration import Effective, Layer, merge

EVERYBODY: Final = "everybody"


@dataclass(frozen=True)
class Spoken:
    """One app's values for one group; `misfits` are the keys to leave out, by version code."""

    document: Mapping[str, Any]
    misfits: Mapping[str, Any] = field(default_factory=dict)
    group_id: UUID | None = None
    priority: int = 0
    group: str = ""

    @property
    def name(self) -> str:
        """What people call whom it speaks to."""
        return self.group if self.group_id else EVERYBODY

    def left_out(self, version_code: int | None) -> frozenset[str]:
        """Return the keys that a version does not take; None: that of the newest release."""
        if version_code is None:
            version_code = max(map(int, self.misfits), default=0)
        return frozenset(self.misfits.get(str(version_code), ()))


def lay(
    spoken: Iterable[Spoken], groups: Collection[UUID], version_code: int | None
) -> tuple[Effective, list[str]]:
    """Return what a terminal of these groups that runs this version gets, and what it does not.

    A key that the version does not take is left out: the app then does as it does without it.
    """
    mine = [one for one in spoken if one.group_id is None or one.group_id in groups]
    mine.sort(key=lambda one: (one.group_id is not None, one.priority, str(one.group_id)))
    layers, dropped = [], set[str]()
    for depth, one in enumerate(mine):
        out = one.left_out(version_code) & one.document.keys()
        kept = {key: value for key, value in one.document.items() if key not in out}
        layers.append(Layer("group" if one.group_id else "organisation", one.name, kept, depth))
        dropped |= out
    return merge(layers), sorted(dropped)
