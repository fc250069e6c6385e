"""The first set-up: three administrators in three hands, at once, and never again.

Each gets a password for one use, to be handed over separately; the first sign-in must choose
another. From then on roles are granted at the console, by two people.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from muster.kernel.errors import Conflict, InvalidInput, NotFound
from muster.kernel.identity import clients, credentials
from muster.kernel.identity.duties.exclusion import clashes
from muster.kernel.identity.errors import AdminExists
from muster.kernel.identity.models import Epoch, Officer, RoleGrant, Unit
from muster.kernel.identity.recorded import by_system
from muster.kernel.identity.rights import lost
from muster.kernel.identity.roles import THREE
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_DONE: Final = "setup"


@dataclass(frozen=True)
class Appointee:
    """Somebody to appoint; with a `password` of their own choice nothing has to be changed."""

    number: str
    name: str
    password: str = field(default="", repr=False)
    sworn: bool = False
    rank: int = 0


def set_up(
    kernel: "Kernel", appointees: Mapping[str, Appointee], *, unit: str = "", unit_name: str = ""
) -> dict[str, str]:
    """Appoint system, security and audit administrator over `unit` or the root (`muster setup`).

    `appointees` by role. Returns the passwords for one use by number. In an empty database the unit
    is made. Who held two of the three in an older installation loses them. Raises `AdminExists`
    once it was done, `InvalidInput`, `WeakSecret`, `Conflict` for a taken number, `NotFound` for
    an unknown unit.
    """
    if set(appointees) != set(THREE) or len({one.number for one in appointees.values()}) != 3:
        raise InvalidInput("Name three different people: system, security and audit administrator.")
    with kernel.writes() as uow:
        _refuse_twice(uow)
        root = _root(uow, unit, unit_name)
        given = {
            one.number: password
            for role, one in sorted(appointees.items())
            if (password := _appoint(uow, role, one, root))
        }
        clients.console(uow)
        uow.session.merge(Epoch(name=_DONE, value=1))
    return given


def is_done(uow: UnitOfWork) -> bool:
    """Whether the set-up is closed: it was done, or somebody administers already."""
    return uow.session.get(Epoch, _DONE) is not None or bool(_whole(uow))


def _refuse_twice(uow: UnitOfWork) -> None:
    if is_done(uow):
        raise AdminExists
    uow.session.flush()
    for officer_id in _held(uow):
        mine = (RoleGrant.officer_id == officer_id, RoleGrant.role.in_(THREE))
        for grant in uow.session.scalars(select(RoleGrant).where(*mine)).all():
            uow.session.delete(grant)
        officer = uow.session.get_one(Officer, officer_id)
        lost(uow, officer)
        by_system(uow, "setup", "identity.role.withdraw", officer, reason="duties_conflict")


def _held(uow: UnitOfWork) -> dict[object, set[str]]:
    held: dict[object, set[str]] = {}
    query = select(RoleGrant.officer_id, RoleGrant.role).where(RoleGrant.role.in_(THREE))
    for officer_id, role in uow.session.execute(query):
        held.setdefault(officer_id, set()).add(role)
    return held


def _whole(uow: UnitOfWork) -> list[object]:
    """Return who holds one of the three and no other: they can act, so no command may go past them."""
    return [who for who, roles in _held(uow).items() if not list(clashes(roles))]


def _appoint(uow: UnitOfWork, role: str, one: Appointee, root: Unit) -> str:
    if uow.session.scalar(select(Officer.id).where(Officer.number == one.number)) is not None:
        raise Conflict(f"The number {one.number} belongs to an officer. Choose another.")
    officer = Officer(
        id=uuid7(),
        number=one.number,
        name=one.name,
        sworn=one.sworn,
        rank=one.rank,
        unit_id=root.id,
    )
    uow.session.add(officer)
    uow.session.flush()
    uow.session.add(RoleGrant(officer_id=officer.id, role=role, unit_id=root.id, reason="set-up"))
    by_system(uow, "setup", "identity.admin.create", officer, role=role)
    if one.password:
        credentials.set_password(uow, officer, one.password)
        return ""
    password = secrets.token_urlsafe(18)
    credentials.set_one_time(uow, officer, "password", password)
    return password


def _root(uow: UnitOfWork, code: str, name: str) -> Unit:
    wanted = Unit.code == code if code else Unit.parent_id.is_(None)
    found = uow.session.scalar(select(Unit).where(wanted).order_by(Unit.code).limit(1))
    if found is not None:
        return found
    if code and uow.session.scalar(select(Unit.id).limit(1)):
        raise NotFound(f"There is no unit {code!r}.")
    code = code or "HQ"
    unit = Unit(id=uuid7(), code=code, name=name or code, path=f"/{code}/")
    uow.session.add(unit)
    uow.session.flush()
    uow.after_commit(uow.kernel.people.forget)
    return unit
