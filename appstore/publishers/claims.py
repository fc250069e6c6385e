"""Names kept for units: a publisher asks, an approver grants, and nobody else enters such a name."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.catalogue.models import App
from appstore.publishers.errors import NameReserved, PackageReserved, PrefixNeedsRoot
from appstore.publishers.models import NameClaim
from appstore.publishers.names import candidates, is_package, is_prefix, meet
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

RESERVE: Final = "app.name.reserve"


def listing(
    uow: UnitOfWork, actor: Actor, *, after: str | None = None, limit: int = 50
) -> Sequence[NameClaim]:
    """Return up to `limit + 1` kept names in their order, beyond `after`."""
    guard.require(uow, actor, "app.name.list", guard.FORCE)
    query = select(NameClaim).order_by(NameClaim.pattern).limit(limit + 1)
    if after is not None:
        query = query.where(NameClaim.pattern > after)
    return uow.session.scalars(query).all()


def ask(uow: UnitOfWork, actor: Actor, *, pattern: str, unit: str, reason: str) -> Approval:
    """Ask that a package or a prefix be kept for a unit one publishes for.

    Raises `PackageReserved` where it meets a name or an app of another unit.
    """
    if not (is_package(pattern) or is_prefix(pattern)):
        told = "Give a package, or a prefix of at least two parts that ends in .*"
        raise InvalidInput(errors=[Fault("/pattern", told)])
    owner = uow.kernel.people.by_code(unit)
    target = Target("PackageName", str(uuid7()), unit=owner.path)
    guard.require(uow, actor, RESERVE, target).note(pattern=pattern, unit=unit)
    _refuse_taken(uow, pattern, owner.id)
    return approvals.ask(
        uow,
        actor,
        RESERVE,
        [target],
        body={"pattern": pattern, "unit": unit},
        reason=reason,
        label=f"Keep {pattern} for {owner.name}",
    )


def holder(uow: UnitOfWork, package: str) -> UUID | None:
    """Return the unit that a name is kept for; the closest pattern decides, None for nobody."""
    patterns = candidates(package)
    query = select(NameClaim).where(NameClaim.pattern.in_(patterns))
    kept = {claim.pattern: claim.unit_id for claim in uow.session.scalars(query)}
    return next((kept[pattern] for pattern in patterns if pattern in kept), None)


def may_enter(uow: UnitOfWork, actor: Actor, package: str) -> bool:
    """Whether somebody may bring the first release of a name: the same policy as for publishing."""
    unit_id = holder(uow, package)
    if unit_id is None:
        return True
    path = uow.kernel.people.unit(unit_id).path
    target = Target("Release", "new", {"package": package}, path)
    return guard.may(uow, actor, "app.release.publish", target)


class ReserveExecutor:
    """Keeps a name for a unit once an approver agrees."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the name as it was asked for."""
        return [
            Target("PackageName", claim_id, unit=_unit_of(uow, claim_id))
            for claim_id in resource_ids
        ]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Keep it; raises `PrefixNeedsRoot`, and `PackageReserved` if another was faster."""
        pattern, unit = _asked(approval.body)
        owner = uow.kernel.people.by_code(unit)
        if is_prefix(pattern) and not _holds_the_root(uow, approver):
            raise PrefixNeedsRoot
        _refuse_taken(uow, pattern, owner.id)
        uow.session.add(
            NameClaim(
                id=UUID(approval.resource_ids[0]),
                pattern=pattern,
                unit_id=owner.id,
                asked_by=requester.id,
                granted_by=approver.id,
                reason=approval.reason,
            )
        )
        uow.session.flush()
        return {"pattern": pattern, "unit": unit}


def _refuse_taken(uow: UnitOfWork, pattern: str, unit_id: UUID) -> None:
    for claim in uow.session.scalars(select(NameClaim)):
        if claim.pattern == pattern and claim.unit_id == unit_id:
            raise NameReserved
        if meet(claim.pattern, pattern) and claim.unit_id != unit_id:
            raise PackageReserved(pattern=claim.pattern)
    below = App.package.startswith(pattern.removesuffix("*"), autoescape=True)
    mine = below if is_prefix(pattern) else App.package == pattern
    taken = select(App.package).where(mine, App.unit_id != unit_id).limit(1)
    other = uow.session.scalar(taken)
    if other is not None:
        raise PackageReserved(package=other)


def _unit_of(uow: UnitOfWork, claim_id: str) -> str:
    """The name is nowhere yet but in the request, so the request says whose it is to be."""
    approval = approvals.open_for(uow, RESERVE, claim_id)
    if approval is None:
        raise NameReserved
    return uow.kernel.people.by_code(_asked(approval.body)[1]).path


def _asked(body: Mapping[str, Any]) -> tuple[str, str]:
    return str(body["pattern"]), str(body["unit"])


def _holds_the_root(uow: UnitOfWork, approver: Actor) -> bool:
    assert approver.person is not None
    posts = [post for post in approver.person.posts if post.role == "approver"]
    units = [uow.kernel.people.by_code(post.unit) for post in posts if post.holds(uow.now())]
    return any(unit.path.count("/") == _ROOT for unit in units)


_ROOT: Final = 2
"""Slashes in the path of a unit that nothing is above."""
