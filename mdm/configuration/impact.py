"""What publishing a draft would do, found without writing: who is concerned, who changes, who fails.

Terminals with the same layers are merged once; the rest is read in bounded batches.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mdm.attestation.models import Attestation
from mdm.attestation.standing import known_of
from mdm.compliance import rulebook
from mdm.compliance.judge import COMPLIANT
from mdm.configuration import compiled, layers, scopes
from mdm.configuration.changes import changes
from mdm.configuration.layers import Stack
from mdm.configuration.models import Configuration
from mdm.configuration.outlook import judged, outlook
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork

MOST: Final = 20_000
NAMED: Final = 20
_BATCH: Final = 1000


@dataclass(frozen=True)
class Failing:
    """A terminal that would become non-compliant, and the rules it would fail."""

    device_id: UUID
    label: str
    reasons: tuple[str, ...]


@dataclass
class Impact:
    """`concerned` terminals are spoken to, `changed` get other values, `failing` would be refused.

    `keys` counts the terminals for which each key changes. `examples` name up to 20 of those that
    would fail. `complete` is false if there were more terminals than were looked at.
    """

    concerned: int = 0
    changed: int = 0
    failing: int = 0
    complete: bool = True
    keys: Counter[str] = field(default_factory=Counter)
    examples: list[Failing] = field(default_factory=list)


def of_draft(uow: UnitOfWork, row: Configuration) -> Impact:
    """Compare what every terminal concerned is to be with what it would be."""
    found = Impact()
    differing: dict[tuple[Stack, Stack], list[str]] = {}
    ids = scopes.concerned(uow, row.scope_kind, row.scope_id).limit(MOST + 1)
    everyone = uow.session.scalars(ids).all()
    found.complete = len(everyone) <= MOST
    for batch in _batches(everyone[:MOST]):
        pairs = layers.foreseen(uow, batch, row)
        _compare(uow, differing, pairs.values())
        moved = {one: differing[pair] for one, pair in pairs.items() if differing[pair]}
        found.concerned += len(pairs)
        found.changed += len(moved)
        for keys in moved.values():
            found.keys.update(keys)
        _judge(uow, found, {one: pairs[one] for one, keys in moved.items() if judged(keys)})
    return found


def _compare(
    uow: UnitOfWork,
    known: dict[tuple[Stack, Stack], list[str]],
    pairs: Iterable[tuple[Stack, Stack]],
) -> None:
    """Note for each pair of stacks that is new which keys differ."""
    fresh = set(pairs) - known.keys()
    merged = compiled.effectives(uow, {stack for pair in fresh for stack in pair})
    for old, new in fresh:
        differing = changes(merged[old].values, merged[new].values)
        known[old, new] = [change.key for change in differing]


def _judge(uow: UnitOfWork, found: Impact, pairs: Mapping[UUID, tuple[Stack, Stack]]) -> None:
    """Count the terminals that pass now and would not pass any more."""
    if not pairs:
        return
    query = (
        select(Device, ManagedDevice, Attestation)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .outerjoin(Attestation, Attestation.device_id == Device.id)
        .where(Device.id.in_(pairs), Device.state == "enrolled", Device.tier >= COMPLIANT)
        .order_by(Device.id)
    )
    rules, now = rulebook.in_force(uow), uow.now()
    values = compiled.effectives(uow, {stack for pair in pairs.values() for stack in pair})
    for principal, managed, attestation in uow.session.execute(query):
        known = replace(known_of(managed, attestation, now), zone=uow.kernel.settings.timezone)
        before, after = (
            outlook(known, values[stack].values, rules, now) for stack in pairs[principal.id]
        )
        if after.compliant or not before.compliant:
            continue
        found.failing += 1
        if len(found.examples) < NAMED:
            found.examples.append(Failing(principal.id, principal.label, after.reasons))


def _batches(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while batch := list(islice(rest, _BATCH)):
        yield batch
