"""What the identity room asks of others."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from muster.kernel.errors import DomainError, NotFound
from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.identity.attempts import Attempt
    from muster.kernel.identity.proof import Proof
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

DeviceCertificate = Callable[["Kernel", bytes, datetime], UUID | None]
DEVICE_CERTIFICATES: Port[DeviceCertificate] = Port("device certificates")
"""Key `issued`: the terminal whose certificate (DER) this is and stands now, or None.

Shown to the agent and field doors by `muster.kernel.web.proxy`, which saw the key proved and
nothing else. Answered by whoever issues certificates to terminals; unanswered, none is believed.
"""

DevicePath = Callable[["Kernel", str], UUID | None]
DEVICE_PATHS: Port[DevicePath] = Port("device paths")
"""Key: a gateway's surface. The terminal that this secret part of a path names, or None.

For agents that have no key and send no credential: their path is their secret. The auth class
`path` asks the gateway that the route names as its surface.
"""

TerminalUser = Callable[["UnitOfWork", UUID, UUID], DomainError | None]
TERMINAL_USERS: Port[TerminalUser] = Port("users of terminals")
"""Key `terminals`: why this officer may not use this terminal (ids), None if they may.

Asked at every sign-in and refresh in the field. Unanswered, everybody may.
"""


def not_theirs(uow: "UnitOfWork", device_id: UUID, officer_id: UUID) -> DomainError | None:
    """Return the first reason why an officer may not use a terminal."""
    answers = uow.kernel.ports.all(TERMINAL_USERS).values()
    given = (answer(uow, device_id, officer_id) for answer in answers)
    return next((reason for reason in given if reason is not None), None)


class HandOver(Protocol):
    """Ends the sign-in of an app's authorization request, whatever proved who somebody is."""

    def pending(self, kernel: "Kernel", handle: str) -> Any:
        """Return what a handle is about: its `client` and the `jkt` of its terminal."""

    def complete(self, kernel: "Kernel", handle: str, attempt: "Attempt", proof: "Proof") -> str:
        """Return the address to send the officer's browser to."""


HAND_OVERS: Port[HandOver] = Port("sign-ins handed over")
"""Key `authorization`."""


def hand_over(kernel: "Kernel") -> HandOver:
    """Return who ends sign-ins for apps; raises `NotFound` where nobody does."""
    found = kernel.ports.all(HAND_OVERS).get("authorization")
    if found is None:
        raise NotFound
    return found
