"""Granting roles for good: posts of the line by one security admin, administrations by two people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.errors import Conflict, Fault, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import rights
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.delegations.models import RoleRequest
from muster.kernel.identity.delegations.service import agreeing_unit
from muster.kernel.identity.delegations.target import holds_for_good, role_target
from muster.kernel.identity.delegations.telling import tell
from muster.kernel.identity.errors import LastAdministrator
from muster.kernel.identity.models import Officer, RoleGrant
from muster.kernel.identity.officers import find, reason_in_words
from muster.kernel.identity.people import actor_for
from muster.kernel.identity.roles import PRIVILEGED, THREE
from muster.kernel.uow import UnitOfWork

GRANT: Final = "identity.role.grant"


def grant(
    uow: UnitOfWork,
    actor: Actor,
    officer_id: UUID,
    *,
    role: str,
    unit: str,
    reason: str,
    start: datetime | None = None,
    end: datetime | None = None,
) -> RoleGrant | Approval:
    """Grant a role; for an administration, ask a second person and return the request.

    Raises `Denied`, also for oneself, `Conflict`, `DutiesConflict`, `InvalidInput`.
    """
    officer, place = find(uow, officer_id), uow.kernel.people.by_code(unit)
    if end is not None and end <= (start or uow.now()):
        raise InvalidInput(errors=[Fault("/valid_until", "The end lies before the beginning.")])
    if role not in PRIVILEGED:
        target = role_target(uow, actor, "new", role=role, unit=place, holder=officer.id)
        decision = guard.require(uow, actor, GRANT, target)
        decision.note(reason=reason_in_words(reason), role=role, unit=unit, to=officer.number)
        _refuse_absent(officer)
        return rights.add_grant(
            uow,
            officer,
            role,
            place.id,
            kind="standing",
            start=start,
            end=end,
            by=actor.id,
            reason=reason.strip()[:500],
        )
    _refuse_absent(officer)
    rights.check_duties(uow, officer.id, {role})
    wish = RoleRequest(
        officer_id=officer.id,
        role=role,
        unit_id=place.id,
        kind="standing",
        valid_from=start,
        valid_until=end,
        requested_by=actor.id,
    )
    uow.session.add(wish)
    uow.session.flush()
    target = role_target(uow, actor, str(wish.id), role=role, unit=place, holder=officer.id)
    body = {"officer": officer.number, "role": role, "unit": unit}
    body |= {"from": start.isoformat()} if start else {}
    body |= {"until": end.isoformat()} if end else {}
    label = f"{role}@{unit} → {officer.number}"
    return approvals.ask(uow, actor, GRANT, [target], body=body, reason=reason, label=label)


def withdraw(uow: UnitOfWork, actor: Actor, grant_id: UUID, reason: str) -> Officer:
    """Withdraw a role: its holder's sessions end. Raises `LastAdministrator` for the last of three."""
    row = find_grant(uow, grant_id)
    place = uow.kernel.people.unit(row.unit_id)
    target = role_target(
        uow, actor, str(row.id), role=row.role, unit=place, holder=row.officer_id, kind=row.kind
    )
    decision = guard.require(uow, actor, "identity.role.withdraw", target)
    decision.note(reason=reason_in_words(reason), role=row.role, officer=str(row.officer_id))
    for_good = row.kind == "standing" and row.role in THREE
    if for_good and rights.last_holder(uow, row.role, row.officer_id):
        raise LastAdministrator
    return rights.take_grant(uow, row)


def find_grant(uow: UnitOfWork, grant_id: UUID) -> RoleGrant:
    """Return a grant, or raise `NotFound`; the caller asks the guard."""
    row = uow.session.get(RoleGrant, grant_id)
    if row is None:
        raise NotFound("There is no such grant.")
    return row


def of_officer(uow: UnitOfWork, officer_id: UUID) -> list[RoleGrant]:
    """Return an officer's grants, also ended ones; whoever may read the officer may read them."""
    query = select(RoleGrant).where(RoleGrant.officer_id == officer_id)
    return list(uow.session.scalars(query.order_by(RoleGrant.role, RoleGrant.id)))


def _refuse_absent(officer: Officer) -> None:
    if officer.state != "active":
        raise Conflict(f"{officer.number} is {officer.state}.")


class RoleExecutor:
    """Gives an approved role, granted for good or to a deputy."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the wish as it is judged: a deputy's one unit higher than the role's."""
        return [self._target(uow, wish) for wish in map(self._wish(uow), resource_ids)]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Give it; the approver must not be who receives it (`nobody-grants-their-own`)."""
        wish = self._wish(uow)(approval.resource_ids[0])
        officer = find(uow, wish.officer_id)
        if officer.id in (approver.id, requester.id):
            raise Conflict("Nobody asks for or agrees to a role of their own.")
        _refuse_absent(officer)
        row = rights.add_grant(
            uow,
            officer,
            wish.role,
            wish.unit_id,
            kind=wish.kind,
            start=wish.valid_from,
            end=wish.valid_until,
            by=wish.requested_by,
            reason=approval.reason[:500],
        )
        if wish.kind == "deputy":
            tell(uow, row, requester.label)
        return {"grant": str(row.id), "officer": str(officer.id), "role": wish.role}

    def _wish(self, uow: UnitOfWork) -> Any:
        def load(name: str) -> RoleRequest:
            wish = uow.session.get(RoleRequest, UUID(name))
            if wish is None:
                raise NotFound("There is no such request.")
            return wish

        return load

    def _target(self, uow: UnitOfWork, wish: RoleRequest) -> Target:
        """Return the wish for the second person.

        The requester is judged on it again too, so it says whether *they* hold the role still.
        """
        place = uow.kernel.people.unit(wish.unit_id)
        held = False
        kind, judged = wish.kind, place
        if wish.kind == "deputy":
            judged, kind = agreeing_unit(uow, place)
            held = _still_holds(uow, wish)
        return Target(
            "Role",
            str(wish.id),
            {
                "own": False,
                "role": wish.role,
                "kind": kind,
                "privileged": wish.role in PRIVILEGED,
                "held": held,
                "lent_by_actor": False,
            },
            judged.path,
        )


def _still_holds(uow: UnitOfWork, wish: RoleRequest) -> bool:
    requester = actor_for(uow, wish.requested_by)
    return holds_for_good(uow, requester, wish.role, uow.kernel.people.unit(wish.unit_id))
