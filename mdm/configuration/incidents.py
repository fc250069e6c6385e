"""The incident layer of one terminal: what lost mode lays over everything else.

Nothing here asks the guard: whoever orders lost mode has been judged already.
"""

from typing import Any
from uuid import UUID

from mdm.configuration import desired
from mdm.configuration.keys import ConfigurationDocument
from mdm.configuration.models import Configuration
from mdm.configuration.revisions import in_force, next_revision, supersede
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

KIND = "incident"


def impose(
    uow: UnitOfWork, device_id: UUID, document: dict[str, Any], by: UUID, reason: str
) -> Configuration:
    """Put an incident document into force for one terminal at once; an earlier one gives way.

    `document` is checked like any layer (`ValidationError`), `by` the officer who decided.
    """
    row = Configuration(
        id=uuid7(),
        scope_kind=KIND,
        scope_id=device_id,
        revision=next_revision(uow, KIND, device_id),
        document=ConfigurationDocument().load(document),
        created_by=by,
        reason=reason,
    )
    supersede(uow, KIND, device_id)
    row.state, row.published_by, row.published_at = "published", by, uow.now()
    uow.session.add(row)
    uow.session.flush()
    desired.refresh(uow, [device_id])
    return row


def lift(uow: UnitOfWork, device_id: UUID) -> bool:
    """Withdraw a terminal's incident document; return whether there was one."""
    if not supersede(uow, KIND, device_id):
        return False
    desired.refresh(uow, [device_id])
    return True


def imposed(uow: UnitOfWork, device_id: UUID) -> Configuration | None:
    """Return the incident document that is in force for a terminal."""
    return uow.session.scalar(in_force(KIND, device_id))
