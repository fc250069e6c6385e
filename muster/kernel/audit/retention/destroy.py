"""Destroys archives past their cold time, and records it: unless a hold keeps one entry of them."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from muster.kernel.audit.document import project
from muster.kernel.audit.entry import Entry
from muster.kernel.audit.models import ARCHIVES, ENTRIES
from muster.kernel.audit.retention import archive, catch
from muster.kernel.audit.retention.rules import Retention

if TYPE_CHECKING:
    from sqlalchemy import Row

    from muster.kernel.kernel import Kernel

ACTION: Final = "audit.archive.destroy"


def destroy(kernel: "Kernel", rules: Retention) -> int:
    """Remove every archive all of whose entries are past their cold time; return how many.

    The record is committed first: an archive that is gone was always said to go.
    """
    with kernel.reads() as uow:
        rows = uow.session.execute(select(ARCHIVES).order_by(ARCHIVES.c.id)).all()
    return sum(_destroyed(kernel, row, rules) for row in rows if Path(row.folder).is_dir())


def _destroyed(kernel: "Kernel", row: "Row[tuple[object, ...]]", rules: Retention) -> bool:
    folder, now = Path(row.folder), kernel.clock()
    with kernel.reads() as uow:
        caught = catch.net(uow)
    for _, entry in archive.read(folder):
        members = json.loads(entry)
        columns = project(members)
        cold = rules.cooled(columns["action"], columns["at"], now)
        if not cold or caught.holds(members):
            return False
    told = {"archive": row.sha256, "entries": row.entries}
    record = Entry(
        action=ACTION,
        outcome="done",
        actor_kind="system",
        actor_label="audit.retire",
        operation="erasure",
        resource_type="AuditArchive",
        resource_id=str(row.id),
        result=told,
        at=now,
    )
    with kernel.writes() as uow:
        recorded = select(ENTRIES.c.id).where(
            ENTRIES.c.action == ACTION, ENTRIES.c.resource_id == str(row.id)
        )
        if uow.session.scalar(recorded) is None:
            uow.record(record)
    shutil.rmtree(folder)
    return True
