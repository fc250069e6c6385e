"""The desired state of a terminal: compiled when something changes, signed when it is fetched.

The document is `{configuration, <section>: …}`; its content hash is what the terminal echoes once
it has applied all of it. Check-ins only compare two hashes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, select, update

from mdm.configuration import compiled, layers
from mdm.configuration.compiled import Document
from mdm.configuration.effective import Effective
from mdm.configuration.layers import BATCH
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
_GOOD_FOR = timedelta(days=1)


def refresh(uow: UnitOfWork, device_ids: Sequence[UUID]) -> None:
    """Compile what these terminals are to be; those for whom it changed get a hint.

    Their rows are locked before any layer is read: of two compilations the later one knows more,
    and it writes last.
    """
    for start in range(0, len(device_ids), BATCH):
        known = _locked(uow, device_ids[start : start + BATCH])
        wanted = documents(uow, list(known))
        changed = {
            device_id: document
            for device_id, document in wanted.items()
            if document.hash != known[device_id]
        }
        _keep(uow, {document.hash: document.content for document in changed.values()})
        _want(uow, changed)
        for device_id in changed:
            hints.send(uow, device_id, "configuration")


def refresh_later(uow: UnitOfWork, device_ids: Sequence[UUID]) -> None:
    """Have many terminals compiled by the worker, a batch per job, from this commit on."""
    batches = [
        {"devices": [str(device_id) for device_id in device_ids[start : start + BATCH]]}
        for start in range(0, len(device_ids), BATCH)
    ]
    for batch in batches:
        jobs.enqueue(uow, COMPILE, batch)


def documents(uow: UnitOfWork, device_ids: Sequence[UUID]) -> dict[UUID, Document]:
    """Return the whole document of each terminal as it should be now."""
    stacks = layers.stacks(uow, device_ids)
    merged = compiled.effectives(uow, stacks.values())
    sections = {
        name: section.desired(uow, device_ids)
        for name, section in uow.kernel.ports.all(SECTIONS).items()
    }
    return {
        device_id: compiled.document(
            uow,
            stack,
            {name: answers[device_id] for name, answers in sections.items()},
            merged[stack],
        )
        for device_id, stack in stacks.items()
    }


def effective(uow: UnitOfWork, device_id: UUID) -> Effective:
    """Return the merged configuration of a terminal with the layer behind each value."""
    stack = layers.stacks(uow, [device_id])[device_id]
    return compiled.effectives(uow, [stack])[stack]


def sealed(uow: UnitOfWork, managed: ManagedDevice) -> dict[str, Any]:
    """Return the compiled document as a manifest sealed for this one terminal."""
    document = uow.session.scalars(
        select(Desired.document).where(Desired.hash == managed.desired_hash)
    ).one()
    return _seal(uow, managed, KIND, managed.desired_hash, document)


def sealed_part(uow: UnitOfWork, device_id: UUID, kind: str, part: Any) -> dict[str, Any]:
    """Return one section of the document, sealed like the whole; `document` is `{kind: part}`."""
    managed = uow.session.get_one(ManagedDevice, device_id)
    document = {kind: part}
    return _seal(uow, managed, kind, content_hash(document), document)


def _seal(
    uow: UnitOfWork, managed: ManagedDevice, kind: str, version: str, document: Any
) -> dict[str, Any]:
    """Seal what a terminal is to be.

    `version` is the content hash of `document`; a copy is good for a day and for no other id.
    `serial` rises with every change: a terminal refuses one lower than it has applied.
    """
    key = uow.kernel.keys.signer("manifest")
    content = {
        "kind": kind,
        "id": str(managed.id),
        "version": version,
        "serial": managed.desired_serial,
        "files": [],
        "expires": (uow.now() + _GOOD_FOR).isoformat(),
        "document": document,
    }
    return manifest.seal(content, key.sign, key.kid, key.algorithm.value)


def _locked(uow: UnitOfWork, device_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the hash each of these terminals is to have so far."""
    query = (
        select(ManagedDevice.id, ManagedDevice.desired_hash)
        .where(ManagedDevice.id.in_(device_ids))
        .order_by(ManagedDevice.id)
        .with_for_update(key_share=True)
    )
    return dict(uow.session.execute(query).all())


def _want(uow: UnitOfWork, wanted: Mapping[UUID, Document]) -> None:
    """Write past the row's version, which counts people's edits; what the session holds follows."""
    alike: dict[str, list[UUID]] = {}
    for device_id, document in wanted.items():
        alike.setdefault(document.hash, []).append(device_id)
    for hash_, device_ids in alike.items():
        seconds = wanted[device_ids[0]].check_in_seconds
        uow.session.execute(
            update(ManagedDevice)
            .where(ManagedDevice.id.in_(device_ids))
            .values(
                desired_hash=hash_,
                desired_serial=_next_serial(uow.now()),
                desired_at=uow.now(),
                check_in_seconds=seconds,
            )
        )


def _next_serial(now: datetime) -> ColumnElement[int]:
    """Return the next number: the time in milliseconds, or one more where that is not higher.

    Being time it rises above what terminals applied even after the database was restored.
    """
    millis = int(now.timestamp() * 1000)
    last = ManagedDevice.desired_serial
    return case((last >= millis, last + 1), else_=millis)


def _keep(uow: UnitOfWork, contents: Mapping[str, dict[str, Any]]) -> None:
    rows = [
        {"hash": hash_, "document": content, "created_at": uow.now()}
        for hash_, content in contents.items()
    ]
    if rows:
        row = insert_into(uow.kernel.db, Desired).values(rows)
        uow.session.execute(row.on_conflict_do_nothing())
