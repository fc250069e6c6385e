"""The kernel of one running server: its settings, engines and ports, held together once."""

from dataclasses import dataclass, field

from muster.kernel.audit import AuditLog
from muster.kernel.audit.each_minute import EachMinute
from muster.kernel.blobs import Blobs
from muster.kernel.clock import Clock, now
from muster.kernel.db import Database, Mode
from muster.kernel.events import Bus, Outbox
from muster.kernel.guard import Guard
from muster.kernel.identity.posts import People
from muster.kernel.identity.secrets import SecretPool
from muster.kernel.identity.verified import VerifiedTokens
from muster.kernel.keys import Keys
from muster.kernel.limits import Limits
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings
from muster.kernel.uow import UnitOfWork


@dataclass
class Kernel:
    """Everything a use case can reach through its unit of work as `uow.kernel`."""

    settings: Settings
    ports: Ports
    db: Database
    keys: Keys
    audit: AuditLog
    outbox: Outbox
    bus: Bus
    guard: Guard
    blobs: Blobs
    limits: Limits
    secrets: SecretPool
    people: People
    tokens: VerifiedTokens = field(default_factory=VerifiedTokens)
    strangers: EachMinute = field(default_factory=lambda: EachMinute(most=10_000))
    clock: Clock = field(default=now)

    def reads(self) -> UnitOfWork:
        """Open a unit of work that only reads."""
        return UnitOfWork(self, Mode.READS)

    def snapshot(self) -> UnitOfWork:
        """Open a unit of work whose reads all see one moment."""
        return UnitOfWork(self, Mode.SNAPSHOT)

    def writes(self) -> UnitOfWork:
        """Open a unit of work that may change rows."""
        return UnitOfWork(self, Mode.WRITES)
