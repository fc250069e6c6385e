"""One line of the audit log before it is written: references, keyed hashes and counts only."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from muster.kernel import clock
from muster.kernel.ids import uuid7
from muster.ondevice.subjects import Subject

Outcome = Literal["permitted", "denied", "failed", "done"]


@dataclass(kw_only=True)
class Entry:
    """Who did what to which resource, why, and which policies decided (AU-3).

    `result` holds counts, codes and references, never content. `subjects` are hashed with the
    current index key when the entry is written and are never stored in clear.
    `operation` is what it does with personal data (`operations.py`), `requestor` for whom it was
    done if not for the actor, `recipient` who was given the data. `outcome`: permitted (and done), denied, failed (permitted, but the act was rolled back), or
    done (an act the system itself performed without a decision).
    """

    action: str
    outcome: Outcome
    actor_kind: str
    actor_id: UUID | None = None
    actor_label: str = ""
    sworn: bool | None = None
    unit_id: UUID | None = None
    device_id: UUID | None = None
    session_id: UUID | None = None
    client: str = ""
    zone: str = ""
    source: str = ""
    resource_type: str = ""
    resource_id: str = ""
    purpose: str = ""
    case_ref: str = ""
    reason: str = ""
    policies: tuple[str, ...] = ()
    policy_set: str = ""
    subjects: list[Subject] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""
    operation: str = ""
    requestor: str = ""
    recipient: str = ""
    at: datetime = field(default_factory=clock.now)
    id: UUID = field(default_factory=uuid7)
