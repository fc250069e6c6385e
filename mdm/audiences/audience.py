"""An audience: how it is named, who answers for it, and which terminals it holds now.

| kind | ref | holds |
|---|---|---|
| `organisation` | | every terminal |
| `unit` | the unit's code | the terminals of the unit and of those below it |
| `group` | the group's id | its members |
| `role` | the role's name | terminals whose holder has the role, at whatever unit |
| `class` | the class's name | terminals of the class |
| `rule` | | terminals that fit `rule`, in the language of `mdm.groups.rule` |
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.configuration import NAMES, ORGANISATION, name_of, owner_of, scope_id, spoken_to, titles_of
from mdm.devices.models import ManagedDevice
from mdm.groups import facts_of, facts_query, fits, groups_in
from muster.kernel.errors import InvalidInput, NotFound
from muster.kernel.uow import UnitOfWork

KINDS: Final = ("organisation", "unit", "group", "role", "class", "rule")
_BARE: Final = ("organisation", "rule")


class AudienceInvalid(InvalidInput):
    code = "audience_invalid"
    title = "There is no such audience: a unit's code, a group's id, a role, a class, or a rule."


@dataclass(frozen=True)
class Audience:
    """Whom something is for; `scope` names it as the layers of a configuration are named."""

    kind: str
    scope: UUID = ORGANISATION
    rule: Mapping[str, Any] | None = None


def audience(
    uow: UnitOfWork, kind: str, ref: str = "", rule: Mapping[str, Any] | None = None
) -> Audience:
    """Return the audience that somebody names, or raise `AudienceInvalid`."""
    if (kind in _BARE) is bool(ref) or (kind == "rule") is (rule is None):
        raise AudienceInvalid
    if kind == "rule":
        found = Audience(kind, rule=rule)
    elif kind in NAMES:
        if ref not in NAMES[kind]:
            raise AudienceInvalid
        found = Audience(kind, scope_id(kind, None, ref))
    else:
        found = Audience(kind, _row(uow, kind, ref))
    owner(uow, found)
    return found


def ref_of(uow: UnitOfWork, given: Audience) -> str:
    """Return how people name an audience: the inverse of `audience`."""
    if given.kind in _BARE:
        return ""
    if given.kind in NAMES:
        return name_of(given.scope)
    return uow.kernel.people.unit(given.scope).code if given.kind == "unit" else str(given.scope)


def names(uow: UnitOfWork, given: Collection[Audience]) -> dict[UUID, str]:
    """Return by scope what audiences are called; the organisation and rules have no name."""
    return titles_of(uow, {one.scope for one in given})


def owner(uow: UnitOfWork, given: Audience) -> str:
    """Return the path of the unit whose admins answer for these terminals.

    What reaches across units belongs to the root; a rule that names a unit, to that unit.
    """
    if given.kind == "rule" and given.rule and "unit" in given.rule:
        try:
            return uow.kernel.people.by_code(given.rule["unit"]).path
        except NotFound as error:
            raise AudienceInvalid from error
    return owner_of(uow, "organisation" if given.kind == "rule" else given.kind, given.scope)


def concerned(uow: UnitOfWork, given: Audience) -> list[UUID]:
    """Return the ids of the terminals in service or lost that an audience holds now, by id."""
    if given.rule is not None:
        lines = uow.session.execute(facts_query())
        return sorted(line[0] for line in lines if fits(given.rule, facts_of(line)))
    return list(uow.session.scalars(spoken_to(uow, given.kind, given.scope)))


def held_by(uow: UnitOfWork, officer_ids: Collection[UUID]) -> list[UUID]:
    """Return the ids of the terminals that these officers hold, by id."""
    query = select(ManagedDevice.id).where(ManagedDevice.holder_id.in_(officer_ids))
    return list(uow.session.scalars(query.order_by(ManagedDevice.id)))


def _row(uow: UnitOfWork, kind: str, ref: str) -> UUID:
    """Return the id behind a unit's code or a group's id."""
    try:
        if kind == "unit":
            return uow.kernel.people.by_code(ref).id
        if kind == "group":
            return groups_in(uow, [UUID(ref)])[0].id
    except (NotFound, ValueError) as error:
        raise AudienceInvalid from error
    return ORGANISATION
