"""The desired state of a terminal: compiled when something changes, signed when it is fetched.

The document is `{configuration, <section>: …}`; its content hash is what the terminal echoes once
it has applied all of it. Check-ins only compare two hashes.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from mdm.configuration import layers
from mdm.configuration.effective import Effective, merge
from mdm.configuration.models import Desired
from mdm.configuration.ports import SECTIONS
from mdm.devices.models import ManagedDevice
from muster.kernel import hints, jobs
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into
from muster.ondevice import manifest
from muster.ondevice.canonical import content_hash

KIND: Final = "desired_state"
COMPILE: Final = "mdm.desired.compile"
BATCH: Final = 100
_GOOD_FOR = timedelta(days=1)


def refresh(uow: UnitOfWork, device_ids: Sequence[UUID]) -> None:
    """Compile what these terminals are to be; those for whom it changed get a hint."""
    query = select(ManagedDevice).where(ManagedDevice.id.in_(list(device_ids)))
    for managed in uow.session.scalars(query.order_by(ManagedDevice.id)).all():
        document = compiled(uow, managed.id)
        hash_ = content_hash(document)
        if hash_ == managed.desired_hash:
            continue
        _keep(uow, hash_, document)
        _want(uow, managed.id, hash_, document["configuration"]["check_in_seconds"])
        hints.send(uow, managed.id, "configuration")


def refresh_later(uow: UnitOfWork, device_ids: Sequence[UUID]) -> None:
    """Have many terminals compiled by the worker, a batch per job, from this commit on."""
    for start in range(0, len(device_ids), BATCH):
        batch = [str(device_id) for device_id in device_ids[start : start + BATCH]]
        jobs.enqueue(uow, COMPILE, {"devices": batch})


def compiled(uow: UnitOfWork, device_id: UUID) -> dict[str, Any]:
    """Return the whole document of a terminal as it should be now."""
    document = {"configuration": effective(uow, device_id).values}
    for name, section in uow.kernel.ports.all(SECTIONS).items():
        document[name] = section.desired(uow, device_id)
    return document


def effective(uow: UnitOfWork, device_id: UUID) -> Effective:
    """Return the merged configuration of a terminal with the layer behind each value."""
    return merge(layers.of_device(uow.session, device_id))


def sealed(uow: UnitOfWork, managed: ManagedDevice) -> dict[str, Any]:
    """Return the compiled document as a manifest sealed for this one terminal.

    `version` is the content hash of `document`; a copy is good for a day and for no other id.
    """
    document = uow.session.scalars(
        select(Desired.document).where(Desired.hash == managed.desired_hash)
    ).one()
    key = uow.kernel.keys.signer("manifest")
    content = {
        "kind": KIND,
        "id": str(managed.id),
        "version": managed.desired_hash,
        "files": [],
        "expires": (uow.now() + _GOOD_FOR).isoformat(),
        "document": document,
    }
    return manifest.seal(content, key.sign, key.kid, key.algorithm.value)


def _want(uow: UnitOfWork, device_id: UUID, hash_: str, check_in_seconds: int) -> None:
    """Write past the row's version, which counts people's edits; what the session holds follows."""
    uow.session.execute(
        update(ManagedDevice)
        .where(ManagedDevice.id == device_id)
        .values(desired_hash=hash_, desired_at=uow.now(), check_in_seconds=check_in_seconds)
    )


def _keep(uow: UnitOfWork, hash_: str, document: dict[str, Any]) -> None:
    row = insert_into(uow.kernel.db, Desired).values(
        hash=hash_, document=document, created_at=uow.now()
    )
    uow.session.execute(row.on_conflict_do_nothing())
