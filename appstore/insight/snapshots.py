"""Keeps how many terminals had which version, a line a day: counted four times, the last one stays."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select

from appstore.catalogue.models import App
from appstore.insight.counting import IN_SERVICE
from appstore.insight.models import Adoption
from appstore.rollouts.models import InstallReport
from muster.kernel.identity import Device
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

SNAPSHOT: Final = "app.adoption.snapshot"
EVERY: Final = timedelta(hours=6)
KEPT: Final = timedelta(days=400)
_BATCH: Final = 500


def snapshot(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.adoption.snapshot`: count in a read, then write today's lines in one commit."""
    query = (
        select(App.id, InstallReport.installed_code, func.count())
        .join(App, App.package == InstallReport.package)
        .join(Device, Device.id == InstallReport.device_id)
        .where(InstallReport.installed_code.is_not(None), Device.state.in_(IN_SERVICE))
        .group_by(App.id, InstallReport.installed_code)
    )
    today = kernel.clock().date()
    with kernel.reads() as uow:
        rows = [
            {"app_id": app_id, "day": today, "version_code": code, "terminals": terminals}
            for app_id, code, terminals in uow.session.execute(query)
        ]
    with kernel.writes() as uow:
        uow.session.execute(
            delete(Adoption)
            .where((Adoption.day == today) | (Adoption.day < today - KEPT))
            .execution_options(synchronize_session=False)
        )
        for start in range(0, len(rows), _BATCH):
            _keep(uow, rows[start : start + _BATCH])


def _keep(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Another worker may have written the same line meanwhile: the last one counts."""
    insert = insert_into(uow.kernel.db, Adoption).values(rows)
    key = ["app_id", "day", "version_code"]
    changed = {"terminals": insert.excluded["terminals"]}
    uow.session.execute(insert.on_conflict_do_update(index_elements=key, set_=changed))
