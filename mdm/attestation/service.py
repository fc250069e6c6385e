"""A terminal proves its key: when it comes in, and again at least once a week.

Android attests a key when it is made and never later. So a terminal that attests again makes a new
key, and if the chain verifies, that key becomes the terminal's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from mdm.attestation import challenges, lists, verdict
from mdm.attestation.chain import Rejected
from mdm.attestation.challenges import Challenge
from mdm.attestation.lists import Lists
from mdm.attestation.models import Attestation
from mdm.attestation.standing import attested, known_of, reason_of
from mdm.attestation.verdict import Expected, Verdict
from mdm.compliance.verdicts import judge_again
from mdm.devices import fleet
from mdm.devices.models import ManagedDevice
from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard, notices
from muster.kernel.identity import Actor, Device, devices, thumbprint
from muster.kernel.uow import UnitOfWork

HOLDS: Final = timedelta(days=7)
"""How long a verified chain counts: a system can be tampered with after its key was made."""


@dataclass(frozen=True)
class Sight:
    """What is known of a terminal's key, for those who look after it."""

    row: Attestation | None
    result: str
    reason: str
    status_as_of: datetime | None
    lists: Lists


def begin(uow: UnitOfWork, actor: Actor) -> Challenge:
    """Give an enrolled terminal a challenge for a new key."""
    guard.require(uow, actor, "mdm.attestation.begin", myself(actor))
    mine = terminal_of(actor).id
    uow.kernel.limits.hit("mdm.attest", str(mine), limit=10, per_seconds=60)
    return challenges.issue(uow, device_id=mine)


def submit(
    uow: UnitOfWork, actor: Actor, encoded: Sequence[bytes], new_key: dict[str, Any] | None
) -> Sight:
    """Take a terminal's chain; `new_key` is a key that it has proved to hold beside its own.

    Raises `ChallengeInvalid`; a chain that does not verify is no error but a verdict.
    """
    decision = guard.require(uow, actor, "mdm.attestation.submit", myself(actor))
    mine = terminal_of(actor).id
    uow.kernel.limits.hit("mdm.attest", str(mine), limit=10, per_seconds=60)
    terminal = fleet.find(uow, mine, lock=True)
    jkt = thumbprint(new_key) if new_key else terminal.principal.jkt
    found = _judge(uow, encoded, _expected(terminal.managed, jkt), device_id=mine)
    decision.note(verdict=found.result, cause=found.reason, new_key=new_key is not None)
    row = _keep(uow, terminal.principal, found)
    judge_again(uow, terminal.principal, known_of(terminal.managed, row, uow.now()))
    if new_key is not None and found.result == "verified":
        devices.rekey(uow, mine, new_key)
    return _sight(uow, row)


def at_enrolment(
    uow: UnitOfWork,
    principal: Device,
    managed: ManagedDevice,
    token_id: UUID,
    encoded: Sequence[bytes],
) -> Verdict:
    """Take the chain of a terminal that comes in; the use case that lets it in has decided.

    Raises `ChallengeInvalid`, and then the terminal stays outside.
    """
    found = _judge(uow, encoded, _expected(managed, principal.jkt), token_id=token_id)
    _keep(uow, principal, found)
    return found


def read(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Sight:
    """Return what is known of a terminal's key."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    return sight(uow, device_id)


def result(uow: UnitOfWork, device_id: UUID) -> str:
    """Return what a terminal's key counts as now: verified, failed or unknown."""
    return attested(uow.session.get(Attestation, device_id), uow.now()).result


def sight(uow: UnitOfWork, device_id: UUID) -> Sight:
    """Return the same to a use case or page that has already been permitted to read the terminal."""
    return _sight(uow, uow.session.get(Attestation, device_id))


def _judge(uow: UnitOfWork, encoded: Sequence[bytes], expected: Expected, **owner: UUID) -> Verdict:
    if verdict.claims_nothing(encoded):
        return Verdict("unknown", "no_chain")
    try:
        shown = verdict.read(encoded)
    except Rejected as rejected:
        return Verdict("failed", rejected.reason)
    challenges.spend(uow, shown.statement.challenge, **owner)
    return verdict.judge(shown, lists.current(uow).trust, expected, uow.now())


def _expected(managed: ManagedDevice, jkt: str | None) -> Expected:
    return Expected(jkt=jkt or "", serial=managed.serial, imei=managed.imei)


def _keep(uow: UnitOfWork, principal: Device, found: Verdict) -> Attestation:
    """Store a verdict. Nothing to show does not undo what was shown before.

    Otherwise a terminal that failed would get rid of it by showing nothing.
    """
    row = uow.session.get(Attestation, principal.id)
    if row is not None and found.result == "unknown":
        return row
    status = lists.current(uow).status
    if row is None:
        row = Attestation(device_id=principal.id)
        uow.session.add(row)
    row.result, row.reason = found.result, found.reason
    row.evidence, row.os_patch = dict(found.evidence), found.os_patch
    row.serials, row.root_pin = list(found.serials), found.root
    row.status_list_id = status.id if status else None
    row.checked_at = uow.now()
    row.expires_at = row.checked_at + HOLDS if found.result == "verified" else None
    uow.session.flush()
    if found.result == "failed":
        tell(uow, principal, found.reason)
    return row


def tell(uow: UnitOfWork, principal: Device, reason: str) -> None:
    """Tell the device admins of a terminal whose key is not to be believed."""
    notices.send(
        uow,
        "mdm.attestation_failed",
        role="device_admin",
        unit_id=principal.unit_id,
        subject_key=str(principal.id),
        params={"device": principal.label, "reason": reason},
        link=f"/console/devices/{principal.id}",
    )


def _sight(uow: UnitOfWork, row: Attestation | None) -> Sight:
    now = uow.now()
    return Sight(
        row=row,
        result=attested(row, now).result,
        reason=reason_of(row, now),
        status_as_of=lists.status_as_of(uow, row.status_list_id if row else None),
        lists=lists.current(uow),
    )
