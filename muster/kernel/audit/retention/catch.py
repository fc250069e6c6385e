"""What a legal hold catches: as a condition in the database, and for an entry in an archive."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from muster.kernel.audit import document
from muster.kernel.audit.models import ENTRIES, SUBJECTS
from muster.kernel.audit.retention.models import LegalHold
from muster.ondevice.subjects import Subject, SubjectKind, blind

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


@dataclass
class Net:
    """Everything that the holds in force keep."""

    cases: set[str] = field(default_factory=set)
    officers: set[UUID] = field(default_factory=set)
    resources: set[tuple[str, str]] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)

    def condition(self) -> ColumnElement[bool]:
        """Return the condition that an entry in the database is held."""
        parts: list[ColumnElement[bool]] = [false()]
        if self.cases:
            parts.append(ENTRIES.c.case_ref.in_(self.cases))
        if self.officers:
            parts.append(ENTRIES.c.actor_id.in_(self.officers))
        parts += [
            and_(ENTRIES.c.resource_type == kind, ENTRIES.c.resource_id == name)
            for kind, name in sorted(self.resources)
        ]
        if self.hashes:
            about = select(SUBJECTS.c.n).where(SUBJECTS.c.hash.in_(self.hashes))
            parts.append(ENTRIES.c.n.in_(about))
        return or_(*parts).is_(True)

    def holds(self, members: dict[str, Any]) -> bool:
        """Say whether an archived entry is held."""
        row = document.project(members)
        return (
            row["case_ref"] in self.cases
            or row["actor_id"] in self.officers
            or (row["resource_type"], row["resource_id"]) in self.resources
            or any(one["hash"] in self.hashes for one in members.get("subjects", ()))
        )


def net(uow: "UnitOfWork") -> Net:
    """Return what is held now; a subject under every index key there is."""
    caught = Net()
    keys = uow.kernel.keys
    secrets = [secret for _, secret in keys.live_secrets("audit_index")]
    for hold in uow.session.scalars(select(LegalHold).where(LegalHold.lifted_at.is_(None))):
        if hold.kind == "case":
            caught.cases.add(document.clip(hold.value))
        elif hold.kind == "officer":
            caught.officers.add(UUID(hold.value))
            caught.resources.add(("OfficerRecord", hold.value))
        elif hold.kind == "resource":
            kind, _, name = hold.value.partition("/")
            caught.resources.add((kind, document.clip(name)))
        else:
            sealed = keys.open("copies", hold.sealed or b"", hold.id.bytes)
            caught.hashes |= _hashes(sealed, secrets)
    return caught


def pack(subject: Subject) -> bytes:
    """Return a subject's normal form as it is sealed into a hold."""
    return f"{subject.kind}\x00{subject.normal_form}".encode()


def _hashes(packed: bytes, secrets: Sequence[bytes]) -> set[str]:
    kind, _, normal_form = packed.decode().partition("\x00")
    subject = Subject(SubjectKind(kind), normal_form)
    return {blind(subject, secret) for secret in secrets}
