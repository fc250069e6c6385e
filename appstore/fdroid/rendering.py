"""Views written down: the shared ends of both indexes once per view, the rest once per address.

Both memories are bounded and forget what was used longest ago; what they forgot is written again,
byte for byte the same.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from appstore.fdroid import index_v1, index_v2
from appstore.fdroid.loading import content_of, packages_of
from appstore.fdroid.memory import Memory
from appstore.fdroid.splice import Tail, tail
from appstore.fdroid.views import View
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_MOST: Final = 64 * 2**20
_views: Memory["Rendering"] = Memory(_MOST)
_v1: Memory[Tail] = Memory(_MOST // 2)


@dataclass(frozen=True)
class Rendering:
    """One view, ready for any address. `content` is what its snapshot remembers."""

    key: str
    v2: Tail
    categories: tuple[str, ...]
    content: dict[str, Any]

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return _bytes(self.v2) + 300 * len(self.content)


def rendered(uow: UnitOfWork, view: View) -> Rendering:
    """Return a view written down."""
    known = known_rendering(uow.kernel, view.key)
    if known is not None:
        return known
    packages = packages_of(uow, {one.release_id: one.vulnerable for one in view.releases})
    made = Rendering(
        view.key,
        tail(index_v2.rest(packages)),
        tuple(sorted({one.category for one in packages if one.category})),
        content_of(packages),
    )
    return _views.put(uow.kernel.db, view.key, made, made.weight)


def v1_of(uow: UnitOfWork, view: Rendering) -> Tail:
    """Return the end of the older index, written down when the first old client asks for it."""
    known = _v1.get(uow.kernel.db, view.key)
    if known is not None:
        return known
    releases = (release for _, releases in view.content.values() for release in releases)
    packages = packages_of(uow, {UUID(id_): bool(flag) for id_, flag in releases})
    made = tail(index_v1.rest(packages))
    return _v1.put(uow.kernel.db, view.key, made, _bytes(made))


def known_rendering(kernel: "Kernel", view_key: str) -> Rendering | None:
    """Return a view that this process has written down and not forgotten."""
    return _views.get(kernel.db, view_key)


def _bytes(one: Tail) -> int:
    return len(one.data) + len(one.deflated)
