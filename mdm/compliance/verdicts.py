"""Writing a verdict where every request reads it, and carrying out what it asks for."""

from sqlalchemy import select

from mdm.compliance import acting, failing, rulebook, wanted
from mdm.compliance.facts import Known, cards
from mdm.compliance.judge import COMPLIANT, ENROLLED, Verdict, judge
from mdm.compliance.rules import Rule
from mdm.devices import reported
from muster.kernel.audit import Entry
from muster.kernel.identity import Device, posture
from muster.kernel.uow import UnitOfWork


def write_verdict(uow: UnitOfWork, principal: Device, known: Known) -> Verdict:
    """Judge a terminal that has just reported, and store the verdict; a change is recorded."""
    known = wanted.completed(uow, known)
    if known.accepted_sims is None and known.sims:
        _accept_first(uow, principal, known)
    rows = failing.of(uow, principal)
    verdict = judge(known, rulebook.in_force(uow), uow.now(), failing.since(rows))
    before = (principal.tier, tuple(principal.posture_reasons))
    posture.judge(uow, principal.id, verdict.tier, list(verdict.reasons))
    _settle(uow, principal, rows, verdict, before)
    return verdict


def judge_again(
    uow: UnitOfWork, principal: Device, known: Known, book: tuple[Rule, ...] | None = None
) -> None:
    """Judge by news that the terminal did not report: a proof of its key, or time going by.

    Standing may fall, deadlines pass, and a compliant terminal may become an attested one. Only a
    report opens a terminal to officers, and only a report makes it fresh. A sweep, which has locked
    the row, brings the rules along.
    """
    if principal.state != "enrolled" or principal.tier < ENROLLED or not principal.posture_at:
        return
    if book is None:
        uow.session.scalar(select(Device.id).where(Device.id == principal.id).with_for_update())
        book = rulebook.read(uow)
    rows = failing.of(uow, principal)
    known = wanted.completed(uow, known)
    verdict = judge(known, book, uow.now(), failing.since(rows), by_clock=True)
    closed = principal.tier < COMPLIANT
    if closed and verdict.compliant:
        return
    before = (principal.tier, tuple(principal.posture_reasons))
    if before != (verdict.tier, verdict.reasons):
        posture.judge(
            uow, principal.id, verdict.tier, list(verdict.reasons), at=principal.posture_at
        )
    _settle(uow, principal, rows, verdict, before)


def _settle(
    uow: UnitOfWork,
    principal: Device,
    rows: failing.Rows,
    verdict: Verdict,
    before: tuple[int, tuple[str, ...]],
) -> None:
    if verdict.findings or rows:
        kept = failing.keep(uow, principal.id, rows, verdict)
        acting.act(uow, principal, kept)
    if before != (verdict.tier, verdict.reasons):
        _record(uow, principal, verdict)


def _accept_first(uow: UnitOfWork, principal: Device, known: Known) -> None:
    """The SIMs that a terminal first names are the ones it was handed out with."""
    reported.write(uow, principal.id, {"accepted_sims": cards(known.sims)})


def _record(uow: UnitOfWork, principal: Device, verdict: Verdict) -> None:
    """Put a changed verdict on the terminal's timeline."""
    uow.record(
        Entry(
            action="mdm.posture.changed",
            outcome="done",
            actor_kind="system",
            actor_label="compliance",
            unit_id=principal.unit_id,
            device_id=principal.id,
            resource_type="Device",
            resource_id=str(principal.id),
            result={"tier": verdict.tier, "reasons": list(verdict.reasons)},
            at=uow.now(),
        )
    )
