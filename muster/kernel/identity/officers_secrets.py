"""A PIN that a supervisor resets, and the secret that its owner then chooses.

The supervisor reads a PIN for one use to the officer; it opens a session that can do nothing but
choose another (SP 800-63B-4 §3.1.1.2: a secret that somebody else knows is changed at first use).
"""

from typing import Literal

from sqlalchemy import select

from muster.kernel import guard, notices
from muster.kernel.errors import Conflict, Fault, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import credentials
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Credential, Officer
from muster.kernel.identity.officers import reason_in_words, target_of
from muster.kernel.uow import UnitOfWork

Kind = Literal["pin", "password"]


def reset_pin(uow: UnitOfWork, actor: Actor, number: str, reason: str) -> tuple[Officer, str]:
    """Give an officer a PIN for one use and end their sessions; return it, shown this once.

    A lock-out of theirs on terminals ends with it. Raises `Denied`, also for one's own, `NotFound`,
    and `Conflict` for somebody not in service.
    """
    officer = uow.session.scalar(select(Officer).where(Officer.number == number))
    if officer is None:
        raise NotFound("There is no such officer.")
    decision = guard.require(uow, actor, "identity.pin.reset", target_of(uow, actor, officer))
    decision.note(reason=reason_in_words(reason))
    if officer.state != "active":
        raise Conflict(f"This officer is {officer.state}; a PIN would open nothing.")
    pin = credentials.fresh_pin(number)
    credentials.set_one_time(uow, officer, "pin", pin)
    subject = f"officer:{officer.id}"
    if uow.kernel.limits.lockouts.is_locked(uow, subject):
        uow.kernel.limits.lockouts.release(uow, subject, actor.id)
        decision.note(released=subject)
    notices.send(
        uow,
        "identity.pin.reset",
        officer_id=officer.id,
        subject_key=str(officer.id),
        params={"by": actor.label},
    )
    return officer, pin


def change_own(uow: UnitOfWork, actor: Actor, kind: Kind, current: str, new: str) -> None:
    """Choose one's own PIN or password: the one in use proves it is oneself; every session ends.

    Call it in a unit that reads: argon2 runs between transactions of its own. Raises `LockedOut`,
    `InvalidInput` for a wrong current secret or the same once more, and `WeakSecret`.
    """
    own = Target("Session", str(actor.session_id or ""), {"own": actor.session_id is not None})
    guard.require(uow, actor, "identity.secret.change_own", own).note(kind=kind)
    kernel, subject = uow.kernel, f"{'officer' if kind == 'pin' else 'console'}:{actor.id}"
    with kernel.reads() as unit:
        kernel.limits.lockouts.check(unit, subject)
        held = unit.session.get(Credential, (actor.id, kind))
        hashed = held.hash if held else None
    if not kernel.secrets.verify(hashed, credentials.normalised(current)):
        with kernel.writes() as unit:
            kernel.limits.lockouts.fail(unit, subject)
        raise InvalidInput(errors=[Fault("/current", "This is not the one in use.")])
    if credentials.normalised(new) == credentials.normalised(current):
        raise InvalidInput(errors=[Fault("/new", "Choose another than the one you were given.")])
    with kernel.writes() as unit:
        officer = unit.session.get_one(Officer, actor.id)
        store = credentials.set_pin if kind == "pin" else credentials.set_password
        store(unit, officer, new)
        kernel.limits.lockouts.succeed(unit, subject)
