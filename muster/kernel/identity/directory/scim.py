"""People by SCIM 2.0 (RFC 7644): what the personnel system may do, and what it may not.

It makes, changes and ends people who hold no administrative role; who administers is visible to it
and changed inside. Deleting is leaving: rows stay, the resource is gone (§3.6).
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from muster.kernel import guard, notices
from muster.kernel.errors import NotFound, StaleVersion
from muster.kernel.guard import Denied, Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.directory import scim_wire
from muster.kernel.identity.directory.models import DirectoryRun
from muster.kernel.identity.directory.nightly import let_go
from muster.kernel.identity.directory.removals import administrators, line_of, too_many
from muster.kernel.identity.directory.scim_patch import patched
from muster.kernel.identity.directory.scim_wire import OFFICER, ScimFault, Wanted
from muster.kernel.identity.errors import RemovalHeld
from muster.kernel.identity.models import Certification, Officer, RoleGrant, Unit
from muster.kernel.identity.officer_row import Draft, Grants
from muster.kernel.identity.officers import target_of
from muster.kernel.identity.people_bring import BY_DIRECTORY, bring, faults_of, held_of
from muster.kernel.identity.people_file import Row
from muster.kernel.uow import UnitOfWork

MOST: Final = 200
_DAY: Final = timedelta(days=1)
_FILTER: Final = re.compile(
    r'\s*(userName|externalId|id)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE
)
_NUMBER: Final = re.compile(r"[\w.\-]{1,32}")
Resource = dict[str, Any]


def about(uow: UnitOfWork, actor: Actor) -> None:
    """Let a client see what is offered."""
    guard.require(uow, actor, "identity.scim.read", guard.FORCE)


def read(uow: UnitOfWork, actor: Actor, officer_id: UUID) -> Resource:
    """Return one user; one that was deleted is `NotFound`."""
    guard.require(uow, actor, "identity.scim.read", guard.FORCE)
    return _shown(uow, _existing(uow, officer_id))


def listing(
    uow: UnitOfWork, actor: Actor, *, chosen: str = "", start: int = 1, count: int = MOST
) -> Resource:
    """Return a page of users by number; `start` counts from 1 (§3.4.2.4).

    `chosen` is a filter: `userName eq "…"`, `externalId eq "…"` or `id eq "…"`, no other.
    """
    guard.require(uow, actor, "identity.scim.read", guard.FORCE)
    condition, start = _condition(chosen), max(1, start)
    total = uow.session.scalar(select(func.count()).select_from(Officer).where(condition)) or 0
    page = select(Officer).where(condition).order_by(Officer.number).offset(start - 1)
    found = uow.session.scalars(page.limit(min(MOST, max(0, count)))).all()
    return {
        "schemas": [scim_wire.LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(found),
        "Resources": [_shown(uow, officer) for officer in found],
    }


def create(uow: UnitOfWork, actor: Actor, body: Mapping[str, Any]) -> Resource:
    """Take a joiner in; somebody deleted earlier comes back under their number.

    Raises `ScimFault` `uniqueness` for a taken userName or externalId.
    """
    user = scim_wire.wanted(body)
    unit = _unit(uow, user.unit)
    target = Target("OfficerRecord", "new", {"own": False, "sworn": user.sworn}, unit.path)
    decision = guard.require(uow, actor, "identity.scim.write", target)
    if not user.active:
        raise ScimFault("A joiner is active.")
    held = uow.session.scalar(select(Officer).where(Officer.number == user.user_name))
    if held is not None and held.source != "removed":
        raise _Taken(f"The userName {user.user_name} is taken.")
    officer = _bring(uow, user, speaks_of_roles=_speaks_of_roles(body))
    decision.note(officer=str(officer.id))
    return _shown(uow, officer)


def replace(
    uow: UnitOfWork, actor: Actor, officer_id: UUID, body: Mapping[str, Any], if_match: str = ""
) -> Resource:
    """Bring a user to what the body says (§3.5.1); inactive means that they have left."""
    officer = _mine(uow, actor, officer_id, if_match)
    return _brought(uow, officer, body)


def change(
    uow: UnitOfWork, actor: Actor, officer_id: UUID, body: Mapping[str, Any], if_match: str = ""
) -> Resource:
    """Carry out the operations of a PATCH, all or none (§3.5.2)."""
    officer = _mine(uow, actor, officer_id, if_match)
    return _brought(uow, officer, patched(_shown(uow, officer), body))


def delete(uow: UnitOfWork, actor: Actor, officer_id: UUID, if_match: str = "") -> None:
    """Let a user leave; their row, and what they did, stay. Raises `RemovalHeld`."""
    officer = _mine(uow, actor, officer_id, if_match)
    if officer.state != "left":
        _let_go(uow, officer)
    officer.source, officer.external_id = "removed", None


class _Taken(ScimFault):
    code, status = "scim_uniqueness", 409
    title = "Another user has this name already."

    def __init__(self, detail: str) -> None:
        super().__init__(detail, "uniqueness")


def _mine(uow: UnitOfWork, actor: Actor, officer_id: UUID, if_match: str) -> Officer:
    """Load a user whom the personnel system may change."""
    officer = _existing(uow, officer_id)
    target = target_of(uow, actor, officer)
    guard.require(uow, actor, "identity.scim.write", target)
    if if_match and if_match.removeprefix("W/").strip('"') not in ("*", str(officer.version)):
        raise StaleVersion
    return officer


def _brought(uow: UnitOfWork, officer: Officer, body: Mapping[str, Any]) -> Resource:
    user = scim_wire.wanted(body)
    if user.user_name != officer.number:
        raise ScimFault("userName is the officer's number and never changes.", "mutability")
    if not user.active:
        if officer.state != "left":
            _let_go(uow, officer)
        return _shown(uow, officer)
    if officer.id in administrators(uow, [officer.id]):
        raise Denied("This person administers: they are changed at the console only.")
    return _shown(uow, _bring(uow, user, speaks_of_roles=_speaks_of_roles(body)))


def _bring(uow: UnitOfWork, user: Wanted, *, speaks_of_roles: bool) -> Officer:
    if not _NUMBER.fullmatch(user.user_name):
        raise ScimFault("userName is a number of letters, digits, dots or dashes.")
    unit, held = _unit(uow, user.unit), held_of(uow, [user.user_name])
    officer = held.officers.get(user.user_name)
    had = held.grants.get(officer.id, {}) if officer else {}
    in_service = officer is not None and officer.state != "left"
    grants = _grants(uow, user) if speaks_of_roles else had if in_service else {}
    if not speaks_of_roles and not in_service:
        grants = {("officer", unit.id): (None, None)}
    if officer is not None and not speaks_of_roles and officer.unit_id != unit.id:
        grants = {
            (role, unit.id if at == officer.unit_id else at): d for (role, at), d in had.items()
        }
    draft = Draft(
        Row(0, {}),
        user.user_name,
        user.name,
        user.sworn,
        user.rank,
        unit.id,
        grants,
        user.certifications,
    )
    faults = faults_of(draft, held, BY_DIRECTORY)
    if faults:
        raise ScimFault(faults[0].detail)
    bring(uow, draft, held, BY_DIRECTORY, source="scim")
    officer = held.officers[user.user_name]
    _identify(uow, officer, user)
    return officer


def _identify(uow: UnitOfWork, officer: Officer, user: Wanted) -> None:
    other = select(Officer.id).where(
        Officer.external_id == user.external_id, Officer.id != officer.id
    )
    if user.external_id and uow.session.scalar(other) is not None:
        raise _Taken("This externalId names another user.")
    officer.external_id, officer.source = user.external_id, "scim"
    if user.speaks_of_duty:
        officer.duty_until = user.duty_until
    uow.session.flush()


def _speaks_of_roles(body: Mapping[str, Any]) -> bool:
    officer = scim_wire.canonical(body).get(OFFICER)
    return isinstance(officer, Mapping) and "roles" in officer


def _grants(uow: UnitOfWork, user: Wanted) -> Grants:
    return {
        (item["role"], _unit(uow, item["unit"] or user.unit).id): (item["from"], item["until"])
        for item in user.roles
    }


def _let_go(uow: UnitOfWork, officer: Officer) -> None:
    """Let one leave now, or hold it: administrators always, others from too many a day on."""
    query = select(DirectoryRun).where(
        DirectoryRun.source == "scim",
        DirectoryRun.state == "done",
        DirectoryRun.created_at > uow.now() - _DAY,
    )
    today = uow.session.scalars(query.order_by(DirectoryRun.id.desc()).limit(1)).first()
    gone = (today.removed if today else 0) + 1
    serving = select(func.count()).select_from(Officer).where(Officer.state != "left")
    known = (uow.session.scalar(serving) or 0) + gone - 1
    if too_many(uow.kernel.settings, gone, known) or administrators(uow, [officer.id]):
        line = line_of(officer)
        uow.afterwards(lambda unit: _hold(unit, line))
        raise RemovalHeld
    let_go(uow, officer, "scim")
    if today is None:
        today = DirectoryRun(source="scim", removed=0, created_at=uow.now())
        uow.session.add(today)
    today.removed = gone


def _hold(uow: UnitOfWork, line: dict[str, str]) -> None:
    query = select(DirectoryRun).where(DirectoryRun.source == "scim", DirectoryRun.state == "held")
    run = uow.session.scalars(query.limit(1)).first()
    if run is None:
        run = DirectoryRun(source="scim", state="held", held=[], created_at=uow.now())
        uow.session.add(run)
        uow.session.flush()
    if line not in run.held:
        run.held = [*run.held, line]
    notices.send(
        uow,
        "identity.directory.held",
        role="security_admin",
        subject_key=str(run.id),
        params={"held": len(run.held)},
        link="/console/leavers",
    )


def _existing(uow: UnitOfWork, officer_id: UUID) -> Officer:
    officer = uow.session.get(Officer, officer_id)
    if officer is None or officer.source == "removed":
        raise NotFound("There is no such user.")
    return officer


def _unit(uow: UnitOfWork, code: str) -> Any:
    try:
        return uow.kernel.people.by_code(code)
    except NotFound as error:
        raise ScimFault(f"There is no unit {code!r}; department is a unit's code.") from error


def _condition(chosen: str) -> ColumnElement[bool]:
    there: ColumnElement[bool] = Officer.source != "removed"
    if not chosen:
        return there
    found = _FILTER.fullmatch(chosen)
    if found is None:
        raise ScimFault(
            'Filters are userName eq "…", externalId eq "…" and id eq "…".', "invalidFilter"
        )
    name, value = found[1].lower(), re.sub(r"\\(.)", r"\1", found[2])
    if name == "id":
        try:
            return there & (Officer.id == UUID(value))
        except ValueError:
            return there & (Officer.number == "")
    return there & ((Officer.number if name == "username" else Officer.external_id) == value)


def _shown(uow: UnitOfWork, officer: Officer) -> Resource:
    uow.session.flush()
    live = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > uow.now())
    grants = uow.session.execute(
        select(RoleGrant, Unit.code)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.officer_id == officer.id, RoleGrant.kind == "standing", live)
        .order_by(RoleGrant.role, Unit.code)
    )
    leaves = uow.session.scalars(
        select(Certification)
        .where(Certification.officer_id == officer.id, Certification.kind == "standing")
        .order_by(Certification.dataset)
    )
    return scim_wire.resource(
        officer,
        uow.kernel.people.unit(officer.unit_id).code,
        [(grant, code) for grant, code in grants],
        list(leaves),
        uow.kernel.settings.origin,
    )
