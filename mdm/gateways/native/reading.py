"""Reports are read whole or not at all: what cannot be read lies in quarantine for the admin."""

from mdm.gateways.native.report import Shape, decode
from mdm.gateways.native.target import terminal_of
from mdm.telemetry import quarantine
from muster.kernel.errors import DomainError, InvalidInput, Malformed
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def read(uow: UnitOfWork, actor: Actor, path: str, body: bytes, shape: type[Shape]) -> Shape:
    """Return the report in a body, or refuse it and keep it, sealed, past the rollback.

    Raises `Malformed` or `InvalidInput`.
    """
    try:
        return decode(body, shape)
    except (Malformed, InvalidInput) as error:
        _keep(uow, actor, path, body, error)
        raise


def _keep(uow: UnitOfWork, actor: Actor, path: str, body: bytes, error: DomainError) -> None:
    terminal = terminal_of(actor)
    uow.afterwards(lambda later: quarantine.keep(later, terminal, path, body, error))
