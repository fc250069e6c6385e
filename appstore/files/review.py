"""Four eyes on what a computer runs: whoever brought it asks, a second person agrees."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from appstore.files.errors import FileVersionState
from appstore.files.lookup import find_version, link, target
from appstore.files.models import FileVersion, StoreFile
from appstore.files.publishing import make_current
from muster.kernel import approvals, notices
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

PUBLISH: Final = "app.file.publish"


def ask(uow: UnitOfWork, actor: Actor, file: StoreFile, version: FileVersion) -> None:
    """Open the request that a second person decides, and tell the approvers of the unit."""
    name = f"{file.slug} {version.number}: {version.original_name}"
    approval = approvals.ask(
        uow,
        actor,
        PUBLISH,
        [target(uow, file, str(version.id))],
        body={"file": file.slug, "number": version.number, "sha256": version.sha256},
        reason=f"{name}. {version.notes}"[:1000],
        label=f"Publish {name}"[:200],
    )
    version.state, version.approval_id = "waiting", approval.id
    notices.send(
        uow,
        "app.file_waiting",
        role="approver",
        unit_id=file.unit_id,
        subject_key=str(version.id),
        params=_params(file, version, actor),
        link=link(file),
    )


def tell_bringer(
    uow: UnitOfWork, actor: Actor, file: StoreFile, version: FileVersion, kind: str
) -> None:
    """Leave a notice for whoever brought the version."""
    notices.send(
        uow,
        kind,
        officer_id=version.submitted_by,
        subject_key=str(version.id),
        params=_params(file, version, actor),
        link=link(file),
    )


class PublishFileExecutor:
    """Carries out an approved publication: the version goes on the shelf."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the versions as they are today, locked; one that does not wait is refused."""
        return [target(uow, self._waiting(uow, one)[0], one) for one in resource_ids]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Put each version on the shelf and tell whoever brought it."""
        for one in approval.resource_ids:
            file, version = self._waiting(uow, one)
            make_current(uow, file, version)
            tell_bringer(uow, approver, file, version, "app.file_approved")
        return {"sha256": approval.body["sha256"], "number": approval.body["number"]}

    def _waiting(self, uow: UnitOfWork, version_id: str) -> tuple[StoreFile, FileVersion]:
        file, version = find_version(uow, UUID(version_id), lock=True)
        if version.state != "waiting" or file.state != "open":
            raise FileVersionState(f"This version is {version.state}, not waiting.")
        return file, version


def _params(file: StoreFile, version: FileVersion, actor: Actor) -> dict[str, Any]:
    return {"file": file.title, "number": version.number, "by": actor.label}
