"""What jobs and commands did by themselves, as audit entries."""

from typing import TYPE_CHECKING, Any

from muster.kernel.audit.entry import Entry

if TYPE_CHECKING:
    from muster.kernel.identity.models import Officer
    from muster.kernel.uow import UnitOfWork


def by_system(
    uow: "UnitOfWork", label: str, action: str, officer: "Officer", reason: str = "", **result: Any
) -> None:
    """Record an act of the system on an officer."""
    uow.record(
        Entry(
            action=action,
            outcome="done",
            actor_kind="system",
            actor_label=label,
            unit_id=officer.unit_id,
            resource_type="OfficerRecord",
            resource_id=str(officer.id),
            reason=reason,
            result=result,
            at=uow.now(),
        )
    )
