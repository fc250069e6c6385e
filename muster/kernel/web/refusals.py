"""What the log keeps of those whom the gate turned away (AU-2, ASVS 16.3.3).

Somebody the gate row knows gets an entry each time. A token or proof of nobody's is written down
once a minute for each address and kind, or a stranger could fill the log; `/metrics` counts all.
"""

from typing import TYPE_CHECKING, Any, Final

from flask import Request

from muster.kernel.audit.entry import Entry
from muster.kernel.errors import DomainError
from muster.kernel.identity.actor import Origin
from muster.kernel.observe import scrub

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_FORGED: Final = frozenset(
    {"cross_site", "dpop_proof_replayed", "invalid_dpop_proof", "invalid_token"}
)


def record(kernel: "Kernel", error: DomainError, request: Request, origin: Origin) -> None:
    """Write down a refusal at the gate, in a transaction of its own."""
    who: dict[str, Any] | None = getattr(error, "actor", None)
    if who is None:
        forged = error.code in _FORGED
        if not forged or not kernel.strangers.first((origin.address, error.code), kernel.clock()):
            return
        who = {"actor_kind": "nobody"}
    with kernel.writes() as unit:
        unit.record(
            Entry(
                action="gate.enter",
                outcome="denied",
                source=origin.address,
                zone=origin.zone,
                request_id=origin.request_id,
                policies=(f"gate.{error.code}",),
                result={"path": scrub(request.path)[:200], "method": request.method},
                at=unit.now(),
                **who,
            )
        )
