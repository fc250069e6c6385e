"""What an operator does at the command line: bring lists into the house. Each act is on the log."""

import hashlib
from datetime import datetime
from typing import Any, Final

from mdm.attestation import files, lists
from mdm.attestation.errors import ListInvalid
from mdm.attestation.lists import Lists
from mdm.attestation.models import AGENTS, ROOTS, STATUS, AttestationList
from muster.kernel import jobs
from muster.kernel.audit import Entry
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

SWEEP: Final = "mdm.attestation.sweep"


def import_roots(kernel: Kernel, data: bytes, source: str) -> AttestationList:
    """Pin exactly the roots of a file, instead of those before. Raises `ListInvalid`."""
    document = files.roots(data)
    with kernel.writes() as uow:
        return _store(uow, ROOTS, document, data, source, uow.now())


def import_status(
    kernel: Kernel, data: bytes, source: str, as_of: datetime, *, replace: bool = False
) -> AttestationList:
    """Take a list of revoked keys; terminals whose chain stands on it lose their standing at once.

    Raises `ListInvalid`, also for a list that is older than the one in force or lets go of a tenth
    of its entries, which a cut or forged file would do; `replace` says that it is meant.
    """
    document = files.statuses(data)
    with kernel.writes() as uow:
        before = lists.current(uow).status
        if before is not None and not replace:
            _refuse_step_back(before, document, as_of)
        return _store(uow, STATUS, document, data, source, min(as_of, uow.now()))


def register_agent(kernel: Kernel, package: str, signer: str) -> AttestationList:
    """Let an agent's keys count, signed by this certificate. Raises `ListInvalid`."""
    package, signer = files.agent(package, signer)
    with kernel.writes() as uow:
        document = _agents(uow)
        document[package] = sorted({*document.get(package, []), signer})
        return _store(uow, AGENTS, document, signer.encode(), package, uow.now())


def remove_agent(kernel: Kernel, package: str) -> AttestationList:
    """Let an agent's keys count no more when they are shown next. Raises `ListInvalid`."""
    with kernel.writes() as uow:
        document = _agents(uow)
        if package not in document:
            raise ListInvalid(f"There is no agent {package!r} to remove.")
        del document[package]
        return _store(uow, AGENTS, document, b"", package, uow.now())


def current(kernel: Kernel) -> Lists:
    """Return the lists in force."""
    with kernel.snapshot() as uow:
        return lists.current(uow)


def _agents(uow: UnitOfWork) -> dict[str, Any]:
    row = lists.current(uow).agents
    return dict(row.document) if row else {}


def _refuse_step_back(before: AttestationList, document: dict[str, str], as_of: datetime) -> None:
    if as_of < before.as_of:
        raise ListInvalid("The list in force is newer than this one. --replace takes it anyway.")
    gone = len(before.document.keys() - document.keys())
    if gone * 10 > len(before.document):
        raise ListInvalid(
            f"This list lets go of {gone} of {len(before.document)} entries. "
            "--replace takes it anyway."
        )


def _store(
    uow: UnitOfWork, kind: str, document: dict[str, Any], data: bytes, source: str, as_of: datetime
) -> AttestationList:
    row = AttestationList(
        id=uuid7(),
        kind=kind,
        document=document,
        sha256=hashlib.sha256(data).hexdigest(),
        source=source[:255],
        as_of=as_of,
        imported_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(
        Entry(
            action="mdm.attestation.import",
            outcome="done",
            actor_kind="system",
            actor_label="cli",
            resource_type="AttestationList",
            resource_id=str(row.id),
            result={"kind": kind, "entries": len(document), "sha256": row.sha256},
            at=uow.now(),
        )
    )
    jobs.enqueue(uow, SWEEP, {})
    return row
