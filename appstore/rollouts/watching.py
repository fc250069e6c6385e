"""The clock that halts: every rolling rollout is held against its gate, and told of if it stops."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select

from appstore.releases.lookup import find, link
from appstore.releases.models import Release
from appstore.rollouts.audience import refresh
from appstore.rollouts.events import RolloutChanged
from appstore.rollouts.following import follow
from appstore.rollouts.gates import Figures, Gate, over
from appstore.rollouts.models import InstallReport, Rollout
from mdm.groups import Group, GroupMember
from mdm.telemetry import crashed_terminals
from muster.kernel import notices
from muster.kernel.audit import Entry
from muster.kernel.identity import Actor, system
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

WATCH: Final = "app.rollout.watch"
JUDGE: Final = "app.rollout.judge"
EVERY: Final = timedelta(minutes=1)
CLOCK: Final = system(WATCH)
_BEFORE: Final = timedelta(days=14)


def watch(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.rollout.watch`: judge every release that rolls, each in its own commit."""
    with kernel.reads() as uow:
        rolling = select(Rollout.release_id).where(Rollout.state == "rolling")
        ids = uow.session.scalars(rolling.distinct().order_by(Rollout.release_id)).all()
        bad = [release_id for release_id in ids if _over_any(uow, release_id)]
    for release_id in bad:
        with kernel.writes() as uow:
            halt_if_over(uow, release_id)


def judge(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.rollout.judge`: judge one release, of which a terminal said that it failed."""
    with kernel.writes() as uow:
        halt_if_over(uow, UUID(payload["release"]))


def halt_if_over(uow: UnitOfWork, release_id: UUID) -> list[Rollout]:
    """Halt the rings of a release whose gate is exceeded, tell of it, and return them."""
    release = find(uow, release_id, lock=True)
    halted = []
    for rollout, group in _rolling(uow, release_id):
        figures = figures_of(uow, rollout, release)
        limit = over(Gate.of(rollout.gate), figures)
        if limit:
            _halt(uow, release, rollout, group, limit, figures)
            halted.append(rollout)
    return halted


def figures_of(uow: UnitOfWork, rollout: Rollout, release: Release) -> Figures:
    """Count what the terminals of a ring said since its counting began."""
    ring = select(GroupMember.device_id).where(GroupMember.group_id == rollout.group_id)
    said = select(InstallReport.state, func.count()).where(
        InstallReport.device_id.in_(ring),
        InstallReport.package == release.package,
        InstallReport.version_code == release.version_code,
        InstallReport.at >= rollout.counted_from,
    )
    counted = dict(uow.session.execute(said.group_by(InstallReport.state)).all())
    before = _code_before(uow, release)
    return Figures(
        installed=counted.get("installed", 0),
        failed=counted.get("failed", 0),
        crashed=_crashed(uow, release.package, release.version_code, ring, rollout.counted_from),
        before=_had_any(uow, release.package, ring) if before else 0,
        before_crashed=(
            _crashed(uow, release.package, before, ring, rollout.counted_from - _BEFORE)
            if before
            else 0
        ),
    )


def _over_any(uow: UnitOfWork, release_id: UUID) -> bool:
    release = find(uow, release_id)
    return any(
        over(Gate.of(rollout.gate), figures_of(uow, rollout, release))
        for rollout, _ in _rolling(uow, release_id)
    )


def _rolling(uow: UnitOfWork, release_id: UUID) -> list[tuple[Rollout, Group]]:
    query = (
        select(Rollout, Group)
        .join(Group, Group.id == Rollout.group_id)
        .where(Rollout.release_id == release_id, Rollout.state == "rolling")
        .order_by(Rollout.id)
    )
    return [(rollout, group) for rollout, group in uow.session.execute(query)]


def _code_before(uow: UnitOfWork, release: Release) -> int | None:
    """Return the version that was the last to be released before this one."""
    query = select(func.max(Release.version_code)).where(
        Release.app_id == release.app_id,
        Release.state.in_(("released", "superseded")),
        Release.version_code < release.version_code,
    )
    return uow.session.scalar(query)


def _had_any(uow: UnitOfWork, package: str, ring: Any) -> int:
    """Count who has the app in whatever version: the best that is known of who had the last one."""
    has = and_(InstallReport.package == package, InstallReport.installed_code.is_not(None))
    query = select(func.count()).where(InstallReport.device_id.in_(ring), has)
    return uow.session.scalar(query) or 0


def _crashed(uow: UnitOfWork, package: str, code: int, ring: Any, since: datetime) -> int:
    return crashed_terminals(uow, package, code, among=ring, since=since)


def _halt(
    uow: UnitOfWork,
    release: Release,
    rollout: Rollout,
    group: Group,
    limit: str,
    figures: Figures,
) -> None:
    actor, reason = CLOCK, _reason(limit, figures)
    rollout.state = "halted"
    follow(uow, actor, release, reason)
    _record(uow, actor, rollout, limit, figures, reason)
    _tell(uow, release, group, figures)
    refresh(uow, release.id)
    uow.emit(
        RolloutChanged(
            rollout_id=rollout.id,
            release_id=release.id,
            group_id=rollout.group_id,
            percent=rollout.percent,
            state=rollout.state,
        )
    )


def _reason(limit: str, figures: Figures) -> str:
    if limit == "failed_percent":
        return f"{figures.failed} of {figures.reports} installations failed"
    return (
        f"crashes on {figures.crashed} of {figures.installed} terminals, "
        f"{figures.crash_percent:.0f} points above the version before"
    )


def _record(
    uow: UnitOfWork, actor: Actor, rollout: Rollout, limit: str, figures: Figures, reason: str
) -> None:
    uow.record(
        Entry(
            action="app.rollout.halt",
            outcome="done",
            actor_kind=actor.kind,
            actor_label=WATCH,
            resource_type="Rollout",
            resource_id=str(rollout.id),
            reason=reason,
            policy_set=uow.kernel.guard.set_id,
            result={
                "release": str(rollout.release_id),
                "group": str(rollout.group_id),
                "limit": limit,
                "gate": asdict(Gate.of(rollout.gate)),
                **asdict(figures),
            },
            at=uow.now(),
        )
    )


def _tell(uow: UnitOfWork, release: Release, group: Group, figures: Figures) -> None:
    """Tell whoever brought the release, and the device admins of the ring."""
    told: tuple[dict[str, Any], ...] = (
        {"officer_id": release.submitted_by},
        {"role": "device_admin", "unit_id": group.unit_id},
    )
    for whom in told:
        notices.send(
            uow,
            "app.rollout_halted",
            **whom,
            subject_key=f"{release.id}:{group.id}",
            params={
                "package": release.package,
                "version": release.version_name,
                "group": group.name,
                "failed": figures.failed,
                "reports": figures.reports,
                "crashed": figures.crashed,
            },
            link=link(release),
        )
