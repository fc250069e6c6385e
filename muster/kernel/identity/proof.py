"""How somebody showed who they are, whatever door they came to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Proof:
    """RFC 8176 method names and the assurance level they reach (SP 800-63B).

    `at` is when they did, where that was earlier and elsewhere (another server's `auth_time`).
    """

    amr: tuple[str, ...]
    aal: int
    at: datetime | None = None
