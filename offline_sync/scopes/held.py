"""What an actor may hold now: the collections ask the guard, nothing is remembered."""

from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync.errors import CollectionUnknown
from offline_sync.ports import COLLECTIONS, Collection


def allowed(uow: UnitOfWork, actor: Actor, name: str) -> tuple[Collection, frozenset[str]]:
    """Return a collection and the scope keys the actor may hold in it; `CollectionUnknown` if none."""
    try:
        collection = uow.kernel.ports.ask(COLLECTIONS, name)
    except KeyError:
        raise CollectionUnknown from None
    return collection, frozenset(collection.visible(uow, actor))


def everything(uow: UnitOfWork, actor: Actor) -> dict[str, frozenset[str]]:
    """Return the scope keys the actor may hold, by collection."""
    return {
        name: frozenset(collection.visible(uow, actor))
        for name, collection in uow.kernel.ports.all(COLLECTIONS).items()
    }
