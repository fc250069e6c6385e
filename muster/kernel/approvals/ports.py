"""What approvals ask of the feature that owns an act."""

from collections.abc import Sequence
from typing import Any, Protocol

from muster.kernel.approvals.models import Approval
from muster.kernel.guard import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.ports import Port
from muster.kernel.uow import UnitOfWork


class Executor(Protocol):
    """Carries out one approved action.

    The action `<name>.approve` must be declared beside `<name>`: it says who may be the second
    person.
    """

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the resources as they are today; raise `NotFound` for one that is gone."""

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Do it in this unit of work; return references for the audit entry."""


EXECUTORS: Port[Executor] = Port("approval executors")
