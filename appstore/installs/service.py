"""Taking install reports: each counts once, and none overwrites a later one."""

from collections.abc import Sequence
from typing import Any

from appstore.rollouts.section import AppsSection
from muster.kernel import guard
from muster.kernel.identity import Actor, DeviceUnknown
from muster.kernel.uow import UnitOfWork


def take(uow: UnitOfWork, actor: Actor, reports: Sequence[dict[str, Any]]) -> int:
    """Keep what a terminal says of its apps, as a check-in would; return the highest number.

    Of several reports about one app the one with the highest number counts.
    """
    decision = guard.require(uow, actor, "app.agent.installed", guard.FORCE)
    if actor.device is None:
        raise DeviceUnknown
    uow.kernel.limits.hit("app.installs", str(actor.device.id), limit=60, per_seconds=60)
    in_order = sorted(reports, key=lambda report: int(report["number"]))
    AppsSection().reported(uow, actor.device.id, in_order)
    decision.note(reports=len(reports))
    last: int = in_order[-1]["number"]
    return last
