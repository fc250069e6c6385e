"""Use cases: which packages may be held, their content, the keys that check their manifests."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mobile_api.packages.errors import PackageUnknown
from mobile_api.packages.kinds import KINDS
from mobile_api.packages.models import FieldPackage
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

Reader = Callable[[int, int], Iterator[bytes]]
"""Reads `length` bytes from `offset`; may be called after the commit as well."""


def listing(uow: UnitOfWork, actor: Actor) -> Sequence[FieldPackage]:
    """Return the packages in force that the actor may hold (one statement)."""
    decision = guard.require(uow, actor, "field.package.list", guard.FORCE)
    found = in_force(uow, holdable(uow, actor))
    decision.note(packages=len(found))
    return found


def content(uow: UnitOfWork, actor: Actor, package_id: UUID) -> tuple[FieldPackage, Reader]:
    """Return a package, in force or just replaced, and what reads it (one or two statements)."""
    package = uow.session.get(FieldPackage, package_id)
    if package is None:
        raise PackageUnknown
    decision = guard.require(uow, actor, "field.package.download", _target(package.kind))
    decision.note(package=str(package.id), version=package.version)
    return package, _reader(uow, package)


def manifest_keys(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Return the public keys of manifests as a JWK set (RFC 7517), the current one first."""
    guard.require(uow, actor, "field.package.keys", guard.FORCE)
    return {"keys": [key.public_jwk for key in uow.kernel.keys.verifiers("manifest")]}


def holdable(uow: UnitOfWork, actor: Actor) -> list[str]:
    """Return the kinds that access policy lets the actor hold now; costs no statement."""
    return [
        kind for kind in KINDS if guard.may(uow, actor, "field.package.download", _target(kind))
    ]


def in_force(uow: UnitOfWork, kinds: Sequence[str]) -> Sequence[FieldPackage]:
    """Return the current packages of some kinds, by name."""
    chosen = select(FieldPackage).where(FieldPackage.kind.in_(kinds), FieldPackage.current)
    return uow.session.scalars(chosen.order_by(FieldPackage.kind)).all()


def _target(kind: str) -> Target:
    return Target("FieldPackage", kind, {"kind": kind})


def _reader(uow: UnitOfWork, package: FieldPackage) -> Reader:
    blobs = uow.kernel.blobs
    if KINDS[package.kind].sealed:
        return lambda offset, length: blobs.read_sealed(uow, package.blob_id, offset, length)
    return lambda offset, length: blobs.open_shared(package.sha256, offset, length)
