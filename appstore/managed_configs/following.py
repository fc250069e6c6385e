"""Keeps what misfits in step with the releases that stand, and tells who keeps values of it."""

from typing import Final

from sqlalchemy import select, update

from appstore.catalogue.models import App
from appstore.managed_configs import audience
from appstore.managed_configs.declared import Declaration, declarations, misfits
from appstore.managed_configs.models import AppConfig
from appstore.releases.events import ReleaseApproved, ReleaseWithdrawn
from mdm.groups import Group, groups_in
from muster.kernel import notices
from muster.kernel.events import Subscriber
from muster.kernel.uow import UnitOfWork


def releases_changed(uow: UnitOfWork, event: ReleaseApproved | ReleaseWithdrawn) -> None:
    """Measure every value of the app against the releases that stand now.

    What the newest one does not take is told to those who keep the values. Written past the row's
    version, which counts people's edits.
    """
    app = uow.session.scalar(select(App).where(App.package == event.package))
    declared = declarations(uow, app.id) if app else []
    if app is None or not declared:
        return
    for row in uow.session.scalars(select(AppConfig).where(AppConfig.app_id == app.id)).all():
        measured = misfits(declared, row.document)
        if measured == row.misfits:
            continue
        uow.session.execute(
            update(AppConfig)
            .where(AppConfig.id == row.id)
            .values(misfits=measured, updated_at=AppConfig.updated_at)
            .execution_options(synchronize_session=False)
        )
        audience.refresh(uow, app, row.group_id)
        keys = measured[str(declared[0].version_code)]
        if keys:
            _tell(uow, app, row, declared[0], keys)


def _tell(uow: UnitOfWork, app: App, row: AppConfig, newest: Declaration, keys: list[str]) -> None:
    group: Group | None = groups_in(uow, [row.group_id])[0] if row.group_id else None
    notices.send(
        uow,
        "app.config_misfit",
        role="device_admin" if group else "publisher",
        unit_id=group.unit_id if group else app.unit_id,
        subject_key=f"{row.id}:{newest.version_code}",
        params={
            "package": app.package,
            "version": newest.version_name,
            "group": group.name if group else "",
            "keys": ", ".join(keys)[:200],
        },
        link=f"/console/apps/{app.package}/configs",
    )


SUBSCRIBERS: Final = (
    Subscriber(ReleaseApproved, releases_changed),
    Subscriber(ReleaseWithdrawn, releases_changed),
)
