"""When packages are built: when what they hold has changed, and before they grow old."""

from datetime import timedelta
from typing import Any, Final

from mobile_api.addresses import AddressBookBuilt
from mobile_api.imports import ImportInForce
from mobile_api.packages import build
from mobile_api.packages.kinds import KINDS
from muster.kernel import jobs
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

BUILD: Final = "field.packages.build"
RENEW: Final = "field.packages.renew"
RENEWED_EVERY: Final = timedelta(hours=6)
"""A hot list 24 hours old is amber at best: a terminal may miss three builds before that."""


def run(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Build the package of one kind."""
    build.build(kernel, KINDS[payload["kind"]])


def renew(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Ask for every kind; what still serves is left as it is."""
    with kernel.writes() as uow:
        for kind in KINDS:
            _wish(uow, kind)


def hot_list_changed(uow: UnitOfWork, event: ImportInForce) -> None:
    """Ask for the hot list when another file of wanted records is in force."""
    if event.kind == "wanted":
        _wish(uow, "hot_list")


def addresses_changed(uow: UnitOfWork, event: AddressBookBuilt) -> None:
    """Ask for the address package when a new artefact is searched."""
    _wish(uow, "addresses")


def _wish(uow: UnitOfWork, kind: str) -> None:
    jobs.enqueue(uow, BUILD, {"kind": kind}, key=f"{BUILD}:{kind}")
