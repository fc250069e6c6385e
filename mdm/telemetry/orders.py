"""What a terminal was told to tell, read from its desired document."""

from dataclasses import dataclass
from typing import Any, Final

from mdm.configuration.reading import Reading
from mdm.telemetry.location import asked_by
from muster.kernel.uow import UnitOfWork

LEVELS: Final = {"error": 1, "warning": 2, "info": 3, "debug": 4}


@dataclass(frozen=True)
class Orders:
    """Whether locations are wanted, and the most talkative level of log that is (1 error … 4)."""

    location: bool = False
    log_level: int = LEVELS["info"]


def orders(uow: UnitOfWork, desired_hash: str) -> Orders:
    """Return what the document with this hash orders."""
    return _ORDERS.of(uow, desired_hash)


def _read(document: dict[str, Any]) -> Orders:
    configuration = document.get("configuration") or {}
    level = configuration.get("log_level", "info")
    return Orders(asked_by(configuration), LEVELS.get(level, LEVELS["info"]))


_ORDERS: Final = Reading(_read)
