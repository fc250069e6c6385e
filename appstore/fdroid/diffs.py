"""Diffs of one address: from the snapshots its reader saw to what it sees now, made when asked for.

Only packages whose releases changed are read from the database; the rest of both indexes is the
same, or there is no diff: what was written about an app at that time is not kept, so a snapshot
whose texts were others since gives none, and the client takes the whole index.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from appstore.fdroid.diff import patch
from appstore.fdroid.index_v2 import package, repo
from appstore.fdroid.loading import packages_of, texts_of
from appstore.fdroid.models import FdroidSnapshot
from appstore.fdroid.sheet import Package, Repo
from appstore.fdroid.splice import Spliced, whole
from muster.kernel.uow import UnitOfWork

Content = Mapping[str, Any]


def diffs(
    uow: UnitOfWork, stamps: Sequence[int], now: Content, said: Repo
) -> dict[int, tuple[Spliced, int]]:
    """Return by the stamp it starts from each diff that can be made, with its packages."""
    query = select(FdroidSnapshot.stamp, FdroidSnapshot.content)
    rows = uow.session.execute(query.where(FdroidSnapshot.stamp.in_(stamps))).all()
    found: dict[int, tuple[Spliced, int]] = {}
    for stamp, content in rows:
        made = _diff(uow, content, now, said)
        if made is not None:
            found[stamp] = whole(msgspec.json.encode(made)), len(made["packages"])
    return found


def _diff(uow: UnitOfWork, old: Content, now: Content, said: Repo) -> dict[str, Any] | None:
    changed = {name for name in {*old, *now} if _releases(old, name) != _releases(now, name)}
    if any(old[name][0] != now[name][0] for name in old.keys() - changed):
        return None
    before = _loaded(uow, old, changed)
    if any(texts_of(one) != old[name][0] for name, one in before.items()):
        return None
    after = _loaded(uow, now, changed)
    packages = patch(
        {name: package(one) for name, one in before.items()},
        {name: package(one) for name, one in after.items()},
    )
    return {"repo": _repo(before, said), "packages": packages}


def _repo(before: Mapping[str, Package], said: Repo) -> dict[str, Any]:
    """Say all of the repository anew: that is small, and settings may have changed since."""
    fresh = repo(said)
    gone = {one.category for one in before.values() if one.category} - set(said.categories)
    return fresh | {"categories": fresh["categories"] | dict.fromkeys(sorted(gone))}


def _releases(content: Content, name: str) -> Any:
    return content[name][1] if name in content else None


def _loaded(uow: UnitOfWork, content: Content, names: set[str]) -> dict[str, Package]:
    wanted = {
        UUID(release_id): bool(flag)
        for name in names & content.keys()
        for release_id, flag in content[name][1]
    }
    return {one.package: one for one in packages_of(uow, wanted)}
