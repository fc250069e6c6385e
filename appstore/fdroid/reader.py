"""Who reads a repository, at which address, and on what the answer depends."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Reader:
    """A terminal, or nobody's terminal at the address of a group.

    `path` is the repository's address below the origin: with a capability it is a secret. `sworn`
    says whether apps for sworn officers are shown; None asks who holds the terminal.
    """

    group_id: UUID
    path: str = field(repr=False)
    device_id: UUID | None = None
    sworn: bool | None = None

    @property
    def id(self) -> UUID:
        """What the resolver takes for a terminal."""
        return self.device_id or self.group_id

    @property
    def key(self) -> str:
        """What tells apart readers whose timestamps rise on their own."""
        kind = "device" if self.device_id else "group"
        return f"{kind}:{self.id}{':sworn' if self.sworn else ''}"
