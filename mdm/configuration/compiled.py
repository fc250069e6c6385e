"""Compiled documents, kept in memory: one merge and one hash for all terminals that are alike.

A published revision never changes, so a stack of revisions is a key that never goes stale; each
process fills its own memory from the database.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec
from prometheus_client import Counter

from mdm.configuration.effective import Effective, Layer, merge
from mdm.configuration.keys import BASE, BASE_NAME
from mdm.configuration.layers import Stack, documents
from mdm.configuration.recent import Recent
from muster.kernel import observe
from muster.kernel.db import Database
from muster.kernel.uow import UnitOfWork
from muster.ondevice.canonical import content_hash

BOUND: Final = 4096
COMPILED = Counter(
    "muster_configuration_compiled",
    "Documents of terminals that were compiled, by whether they were at hand already",
    ["cache"],
    registry=observe.REGISTRY,
)


@dataclass(frozen=True)
class Document:
    """What terminals are to be: the whole content and its hash."""

    hash: str
    content: dict[str, Any]

    @property
    def check_in_seconds(self) -> int:
        """How often a terminal of this document reports."""
        seconds: int = self.content["configuration"]["check_in_seconds"]
        return seconds


def effectives(uow: UnitOfWork, wanted: Collection[Stack]) -> dict[Stack, Effective]:
    """Merge each stack over the built-in base, from memory where it is known."""
    memory = _of(uow.kernel.db).merged
    found = {stack: memory.get(stack) for stack in set(wanted)}
    missing = [stack for stack, effective in found.items() if effective is None]
    if missing:
        ids = {ref.configuration_id for stack in missing for ref in stack}
        texts = documents(uow.session, ids) if ids else {}
        for stack in missing:
            found[stack] = memory.put(stack, merge(stack_layers(stack, texts)))
    return {stack: effective for stack, effective in found.items() if effective is not None}


def stack_layers(stack: Stack, texts: Mapping[Any, Mapping[str, Any]]) -> list[Layer]:
    """Return the layers of a stack, the built-in base first."""
    above = [
        Layer(ref.kind, ref.name, texts[ref.configuration_id], depth)
        for depth, ref in enumerate(stack, 1)
    ]
    return [Layer("organisation", BASE_NAME, BASE, 0), *above]


def document(
    uow: UnitOfWork, stack: Stack, sections: Mapping[str, Any], merged: Effective
) -> Document:
    """Return the document of a stack with these sections; hashed once per process."""
    memory = _of(uow.kernel.db).documents
    key = (stack, msgspec.json.encode(sections, order="deterministic"))
    known = memory.get(key)
    COMPILED.labels("miss" if known is None else "hit").inc()
    if known is not None:
        return known
    content = {"configuration": merged.values, **sections}
    return memory.put(key, Document(content_hash(content), content))


class _Memory:
    def __init__(self) -> None:
        self.merged: Recent[Effective] = Recent(BOUND)
        self.documents: Recent[Document] = Recent(BOUND)


_memories: WeakKeyDictionary[Database, _Memory] = WeakKeyDictionary()
_lock = threading.Lock()


def _of(db: Database) -> _Memory:
    with _lock:
        return _memories.setdefault(db, _Memory())
