"""Scopes of what terminals hold: by unit, or for the whole force; and collections only read."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Unit
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


def held_units(uow: UnitOfWork, actor: Actor, action: str, type_name: str) -> list[str]:
    """Return the scopes of those units above the officer whose rows the guard lets them hold."""
    codes = actor.person.unit_path.strip("/").split("/") if actor.person else []
    paths = {code: f"/{'/'.join(codes[: depth + 1])}/" for depth, code in enumerate(codes)}
    return [
        unit_scope(code)
        for code, path in paths.items()
        if guard.may(uow, actor, action, Target(type_name, "*", unit=path))
    ]


def units_by_code(uow: UnitOfWork) -> dict[str, UUID]:
    """Return the ids of all units by code, for files that name them."""
    rows = uow.session.execute(select(Unit.code, Unit.id))
    return {row.code: row.id for row in rows}


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
