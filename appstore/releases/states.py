"""The life of a release: which state may follow which, and the one way to move.

A release is uploaded and scanned, then rejected or put under review; approved, it rolls until it is
released or halted; a later one supersedes it. What went out may be retired or blocked at any time.
People move it, and so does the clock; either way the log names the mover, the reason and the rules.
"""

from collections.abc import Mapping
from typing import Final

from appstore.releases.errors import ReleaseState
from appstore.releases.models import Release
from appstore.vetting.rules import VERSION
from muster.kernel.audit import Entry
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

NEXT: Final[Mapping[str, frozenset[str]]] = {
    "uploaded": frozenset({"scanning"}),
    "scanning": frozenset({"rejected", "needs_review"}),
    "needs_review": frozenset({"rejected", "approved"}),
    "approved": frozenset({"rolling", "retired", "blocked"}),
    "rolling": frozenset({"halted", "released", "retired", "blocked"}),
    "halted": frozenset({"rolling", "retired", "blocked"}),
    "released": frozenset({"halted", "superseded", "retired", "blocked"}),
    "superseded": frozenset({"retired", "blocked"}),
    "retired": frozenset({"blocked"}),
    "rejected": frozenset(),
    "blocked": frozenset(),
}
OFFERED: Final = ("rolling", "halted", "released", "superseded")
"""States in which a terminal may be offered a release, if a ring reaches it."""
APPROVED: Final = ("approved", *OFFERED, "retired", "blocked")
"""States that lie behind an approval."""


def move(uow: UnitOfWork, actor: Actor, release: Release, to: str, reason: str) -> None:
    """Move a release and record who moved it and why; `ReleaseState` if it cannot go there."""
    before = release.state
    if to not in NEXT[before]:
        raise ReleaseState(f"This release is {before}; it cannot become {to}.", state=before)
    release.state = to
    uow.record(
        Entry(
            action="app.release.move",
            outcome="done",
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label,
            session_id=actor.session_id,
            client=actor.app.name if actor.app else "",
            zone=actor.origin.zone,
            source=actor.origin.address,
            resource_type="Release",
            resource_id=str(release.id),
            reason=reason,
            policy_set=uow.kernel.guard.set_id,
            request_id=actor.origin.request_id,
            result={"from": before, "to": to, "rules": VERSION},
            at=uow.now(),
        )
    )
