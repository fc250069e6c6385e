"""Builds the kernel of one server: settings in, engines out, every package wired exactly once."""

from muster.kernel import clock as clocks
from muster.kernel import policies
from muster.kernel.audit import AuditLog
from muster.kernel.blobs import Blobs, open_store
from muster.kernel.db import Database
from muster.kernel.events import Outbox, bus_for
from muster.kernel.guard import FRAGMENTS, Guard
from muster.kernel.identity.gate import POLICIES_GATE
from muster.kernel.identity.posts import People
from muster.kernel.identity.secrets import SecretPool
from muster.kernel.kernel import Kernel
from muster.kernel.keys import Keys
from muster.kernel.limits import Limits
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings
from muster.kernel.wiring import wire as wire_kernel
from muster.server.packages import WIRES


def database(settings: Settings) -> Database:
    """Open the database the settings name."""
    if settings.database_url.startswith("sqlite"):
        settings.state_dir.mkdir(parents=True, exist_ok=True)
    return Database(
        settings.database_url,
        synchronous=settings.sqlite_synchronous,
        pool=settings.database_pool,
    )


def assemble(settings: Settings, *, clock: clocks.Clock = clocks.now) -> Kernel:
    """Wire every package and return the kernel; a fault in the wiring stops the boot.

    The database must have been migrated (`muster db upgrade`).
    """
    ports = Ports()
    wire_kernel(ports, settings)
    for wire in WIRES:
        wire(ports)
    ports.seal()
    db = database(settings)
    keys = Keys(db, settings.master_key, clock)
    keys.ensure()
    bus = bus_for(db)
    kernel = Kernel(
        settings=settings,
        ports=ports,
        db=db,
        keys=keys,
        audit=AuditLog(keys),
        outbox=Outbox(),
        bus=bus,
        guard=Guard(ports.all(FRAGMENTS).values(), settings, policies.Book(db)),
        blobs=Blobs(open_store(settings.blob_url), keys),
        limits=Limits(db, shared=settings.shared_replay, clock=clock),
        secrets=SecretPool(settings.secret_workers),
        people=People(db),
        clock=clock,
    )
    bus.subscribe(["units"], lambda *_: kernel.people.forget())
    kernel.guard.refresh()
    bus.subscribe([POLICIES_GATE], lambda *_: kernel.guard.refresh())
    return kernel


def close(kernel: Kernel) -> None:
    """Stop listening and give every connection back."""
    kernel.bus.close()
    kernel.guard.close()
    kernel.secrets.close()
    kernel.db.dispose()
