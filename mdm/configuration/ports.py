"""What others add to the desired state of a terminal, and hear back about it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from muster.kernel.ports import Port
from muster.kernel.uow import UnitOfWork


class Section(Protocol):
    """One section of the desired document beside `configuration`.

    Whenever what `desired` would answer changes, its owner calls `configuration.refresh` (few
    terminals) or `configuration.refresh_later` (many) in the unit of work that changes it.
    """

    def desired(self, uow: UnitOfWork, device_ids: Sequence[UUID]) -> Mapping[UUID, Any]:
        """Return what each of these terminals is to have: plain JSON, the same for the same state.

        Asked for a few hundred terminals at once; answer all of them in a statement or two.
        """

    def reported(self, uow: UnitOfWork, device_id: UUID, states: Sequence[dict[str, Any]]) -> None:
        """Take what the terminal says of it (`{package, version_code, state, detail}`).

        Called inside the check-in, only when it says something; must be quick and idempotent.
        """


SECTIONS: Port[Section] = Port("mdm desired-state sections")
"""Key: the section's name in the document, for example `apps`."""
