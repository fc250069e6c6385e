"""Scopes of what terminals hold: by unit, or for the whole force; and collections only read."""

from collections.abc import Mapping
from typing import Any, Final

from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync import Refused, Row, Verdict

FORCE: Final = "force:all"


def unit_scope(code: str) -> str:
    """Return the key of a unit's scope."""
    return f"unit:{code}"


def unit_scopes_above(actor: Actor) -> list[str]:
    """Return the officer's unit and all above it: what is meant for a unit holds below it too."""
    codes = actor.person.unit_path.strip("/").split("/") if actor.person else []
    return [unit_scope(code) for code in codes]


class ReadOnly:
    """A collection that terminals only read; their pushes are kept for a supervisor."""

    schema_version = 1
    writable = False

    def apply(self, uow: UnitOfWork, actor: Actor, row: Row) -> Verdict:
        """Refuse: nothing here is edited on terminals."""
        return Refused("not_permitted", "This collection is only read.")

    def merge(self, row: Row) -> Mapping[str, Any] | None:
        """Merge nothing."""
        return None
