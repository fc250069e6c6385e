"""Accounts that end by themselves: unused for 90 days, or temporary and over (AC-2(2), AC-2(3))."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from muster.kernel import notices
from muster.kernel.identity import people_moves, rights
from muster.kernel.identity.errors import LastAdministrator
from muster.kernel.identity.events import OfficerSuspended
from muster.kernel.identity.models import Officer
from muster.kernel.identity.recorded import by_system
from muster.kernel.identity.roles import THREE

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

HYGIENE: Final = "identity.hygiene"
_BATCH: Final = 100


def sweep(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Disable who has not signed in for long, and let go whose account is over."""
    with kernel.reads() as uow:
        now = uow.now()
        old = now - timedelta(days=kernel.settings.unused_days)
        seen = func.coalesce(Officer.last_sign_in_at, Officer.created_at)
        active = select(Officer.id).where(Officer.state == "active").limit(_BATCH * 100)
        back = or_(Officer.active_since.is_(None), Officer.active_since < old)
        unused = list(uow.session.scalars(active.where(seen < old, back)))
        serving = select(Officer.id).where(Officer.state != "left")
        over = list(uow.session.scalars(serving.where(Officer.ends_at <= now)))
    for ids, act in ((unused, _disable), (over, _end)):
        for at in range(0, len(ids), _BATCH):
            with kernel.writes() as uow:
                for officer_id in ids[at : at + _BATCH]:
                    act(uow, uow.session.get_one(Officer, officer_id))


def _disable(uow: "UnitOfWork", officer: Officer) -> None:
    held = rights.roles_to_come(uow, officer.id) & set(THREE)
    if any(rights.last_holder(uow, role, officer.id) for role in held):
        return  # nobody could let anybody in again
    officer.state = "suspended"
    rights.lost(uow, officer)
    uow.emit(OfficerSuspended(officer_id=officer.id))
    by_system(uow, "hygiene", "identity.officer.disable", officer, reason="unused")
    _tell(uow, "identity.officer.disabled", officer)


def _end(uow: "UnitOfWork", officer: Officer) -> None:
    try:
        listed = people_moves.leave(uow, officer)
    except LastAdministrator:
        return
    uow.emit(OfficerSuspended(officer_id=officer.id))
    by_system(uow, "hygiene", "identity.officer.end", officer, reason="over", listed=listed)


def _tell(uow: "UnitOfWork", kind: str, officer: Officer) -> None:
    notices.send(
        uow,
        kind,
        role="supervisor",
        unit_id=officer.unit_id,
        subject_key=str(officer.id),
        params={"officer": officer.number},
        link="/console/people",
    )
