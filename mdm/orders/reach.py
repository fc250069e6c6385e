"""How far an order reaches: the units of its targets, the one above them all, the frozen list."""

from collections.abc import Collection, Sequence
from uuid import UUID

from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, UnitRef
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import content_hash


def frozen(device_ids: Sequence[UUID]) -> str:
    """Return the hash that freezes a list of terminals, given in the order of their ids."""
    return content_hash([str(device_id) for device_id in device_ids])


def within(
    uow: UnitOfWork, actor: Actor, action: str, order_id: UUID, paths: Collection[str]
) -> list[Target]:
    """Return the order once for each unit in which the actor may do this; if nowhere, for all.

    Terminals elsewhere stay on the list and are refused one by one when it is their turn.
    """
    everywhere = [
        Target("DeviceOrder", str(order_id), {"own": True}, unit=path) for path in sorted(paths)
    ]
    return [one for one in everywhere if guard.may(uow, actor, action, one)] or everywhere


def above(uow: UnitOfWork, paths: Collection[str], actor: Actor) -> UnitRef:
    """Return the lowest unit above all of these, or the actor's own where there is none."""
    chains = [path.strip("/").split("/") for path in paths]
    common = ""
    for codes in zip(*chains, strict=False):
        if len(set(codes)) > 1:
            break
        common = codes[0]
    if common:
        return uow.kernel.people.by_code(common)
    return uow.kernel.people.by_code(actor.person.unit if actor.person else "")
