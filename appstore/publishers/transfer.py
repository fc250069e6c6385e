"""An app changes hands: its publishers ask, somebody who approves for both units agrees."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from appstore.catalogue.lookup import find, link, target
from appstore.catalogue.models import App
from appstore.publishers.errors import OwnerAlready
from appstore.publishers.models import NameClaim
from appstore.releases.models import Release
from muster.kernel import approvals, guard, notices
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

TRANSFER: Final = "app.catalogue.transfer"


def ask(uow: UnitOfWork, actor: Actor, package: str, unit: str, reason: str) -> Approval:
    """Ask that an app of one's unit belong to another unit from now on."""
    app, to = find(uow, package), uow.kernel.people.by_code(unit)
    guard.require(uow, actor, TRANSFER, target(uow, app))
    if app.unit_id == to.id or approvals.open_for(uow, TRANSFER, str(app.id)) is not None:
        raise OwnerAlready
    came_from = uow.kernel.people.unit(app.unit_id)
    return approvals.ask(
        uow,
        actor,
        TRANSFER,
        [target(uow, app)],
        body={"package": package, "from": came_from.code, "to": to.code},
        reason=reason,
        label=f"Hand {package} over to {to.name}",
    )


class TransferExecutor:
    """Hands an app over once an approver of both units agrees."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the apps as they are today."""
        apps = uow.session.scalars(select(App).where(App.id.in_(map(UUID, resource_ids))))
        return [target(uow, app) for app in apps]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Move the app, its releases and its name; both units' publishers are told."""
        said = approval.body
        app = find(uow, str(said["package"]), lock=True)
        to = uow.kernel.people.by_code(str(said["to"]))
        taking = Target("App", str(app.id), {"package": app.package}, to.path)
        guard.require(uow, approver, f"{TRANSFER}.approve", taking)
        came_from, app.unit_id = app.unit_id, to.id
        moved = {"unit_id": to.id}
        for table, mine in (
            (Release, Release.app_id == app.id),
            (NameClaim, NameClaim.pattern == app.package),
        ):
            uow.session.execute(update(table).where(mine).values(moved))
        uow.session.flush()
        for unit_id in (came_from, to.id):
            _tell(uow, app, unit_id, approver, to.name)
        return {"package": app.package, "from": said["from"], "to": said["to"]}


def _tell(uow: UnitOfWork, app: App, unit_id: UUID, approver: Actor, to: str) -> None:
    notices.send(
        uow,
        "app.handed_over",
        role="publisher",
        unit_id=unit_id,
        params={"package": app.package, "unit": to, "by": approver.label},
        link=link(app.package),
    )
