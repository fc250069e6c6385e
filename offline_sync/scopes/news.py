"""Derives grants again when unit, role, posture or standing change.

Correctness does not wait for this: every pull asks the guard. The news keeps the record straight
and lets open streams say "look again" at once.
"""

from dataclasses import replace
from uuid import UUID

from muster.kernel.guard import SCOPES
from muster.kernel.identity import (
    OfficerChanged,
    OfficerReinstated,
    OfficerSuspended,
    PostureChanged,
    UnitsChanged,
    people,
)
from muster.kernel.policies import AccessPolicyPublished
from muster.kernel.uow import UnitOfWork
from offline_sync.scopes.grants import end, holders, record
from offline_sync.scopes.held import everything
from offline_sync.scopes.hints import tell_officer

COMPLIANT = 2


def officer_suspended(uow: UnitOfWork, event: OfficerSuspended) -> None:
    """A suspended officer holds nothing."""
    if end(uow, "officer", event.officer_id, "officer suspended"):
        tell_officer(uow, event.officer_id)


def officer_changed(uow: UnitOfWork, event: OfficerChanged | OfficerReinstated) -> None:
    """Unit or roles changed: derive again."""
    _derive(uow, event.officer_id, "officer changed")


def units_changed(uow: UnitOfWork, event: UnitsChanged) -> None:
    """The tree changed: derive again for everybody who holds something."""
    for officer_id in holders(uow):
        _derive(uow, officer_id, "units changed")


def policies_published(uow: UnitOfWork, event: AccessPolicyPublished) -> None:
    """Other access policies are in force: derive again for everybody who holds something."""
    uow.kernel.guard.ensure(event.epoch)
    for officer_id in holders(uow):
        _derive(uow, officer_id, "access policies changed")


def posture_changed(uow: UnitOfWork, event: PostureChanged) -> None:
    """A terminal that is not compliant, or out of service, holds nothing."""
    if event.state != "enrolled":
        end(uow, "terminal", event.device_id, f"terminal {event.state}")
    elif event.tier < COMPLIANT:
        end(uow, "terminal", event.device_id, "posture not compliant")


def _derive(uow: UnitOfWork, officer_id: UUID, reason: str) -> None:
    """Grants are the officer's; what an app of theirs may fetch is asked with every pull."""
    actor = replace(people.actor_for(uow, officer_id), surface="field", scope=tuple(SCOPES))
    keys = frozenset[str]().union(*everything(uow, actor).values())
    if record(uow, "officer", officer_id, keys, reason):
        tell_officer(uow, officer_id)
