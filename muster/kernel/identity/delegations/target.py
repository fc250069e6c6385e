"""A role at a unit as the guard sees it."""

from uuid import UUID

from sqlalchemy import select

from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.guard import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import RoleGrant, Unit
from muster.kernel.identity.roles import PRIVILEGED, ROLES
from muster.kernel.identity.units import UnitRef
from muster.kernel.uow import UnitOfWork


def role_target(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    *,
    role: str,
    unit: UnitRef,
    holder: UUID,
    kind: str = "standing",
    lent_by: UUID | None = None,
) -> Target:
    """Return a role as a resource; `own` if its holder is the actor, `held` if they may lend it."""
    if role not in ROLES:
        raise InvalidInput(errors=[Fault("/role", f"There is no role {role!r}.")])
    return Target(
        "Role",
        name,
        {
            "own": holder == actor.id,
            "role": role,
            "kind": kind,
            "privileged": role in PRIVILEGED,
            "held": holds_for_good(uow, actor, role, unit),
            "lent_by_actor": lent_by is not None and lent_by == actor.id,
        },
        unit.path,
    )


def holds_for_good(uow: UnitOfWork, actor: Actor, role: str, unit: UnitRef) -> bool:
    """Whether the actor holds a role over a unit by a standing grant: what is lent is not lent on."""
    if actor.person is None:
        return False
    query = (
        select(Unit.path, RoleGrant.valid_from, RoleGrant.valid_until)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.officer_id == actor.person.id,
            RoleGrant.role == role,
            RoleGrant.kind == "standing",
        )
    )
    now = uow.now()
    return any(
        unit.path.startswith(path)
        and (start is None or start <= now)
        and (end is None or now < end)
        for path, start, end in uow.session.execute(query)
    )


def above(uow: UnitOfWork, unit: UnitRef) -> UnitRef | None:
    """Return the unit above, None for the root."""
    codes = unit.path.strip("/").split("/")
    return uow.kernel.people.by_code(codes[-2]) if len(codes) > 1 else None
