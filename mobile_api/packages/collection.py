"""Packages as documents that terminals hold by sync: the kind is the document's id."""

from collections.abc import Mapping, Sequence

from mobile_api.packages import service
from mobile_api.packages.kinds import KINDS
from mobile_api.packages.models import FieldPackage
from mobile_api.scopes import ReadOnly
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync import Body


class PackageCollection(ReadOnly):
    """Answers `offline_sync.COLLECTIONS` for `packages`."""

    def visible(self, uow: UnitOfWork, actor: Actor) -> Sequence[str]:
        """Return the scopes of the kinds that the actor may hold."""
        return [KINDS[kind].scope for kind in service.holdable(uow, actor)]

    def load(self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]) -> Mapping[str, Body]:
        """Return the packages in force by kind."""
        return {package.kind: _body(package) for package in service.in_force(uow, ids)}


def _body(package: FieldPackage) -> Body:
    return {
        "kind": package.kind,
        "version": package.version,
        "sha256": package.sha256,
        "size": package.size,
        "manifest": package.manifest,
        "url": package.url,
        "expires": package.expires_at.isoformat(),
    }
