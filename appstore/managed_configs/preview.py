"""What one terminal is told of an app, and which group says so."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.managed_configs.layers import lay
from appstore.managed_configs.service import listing
from appstore.managed_configs.sheets import masked
from appstore.managed_configs.values import spoken_of, standing_of
from mdm.devices import find
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Preview:
    """The values of one terminal; `said_by` names the group behind each, `left_out` what misfits.

    `version_code` is the version that runs there, None if it said none.
    """

    terminal: str
    version_code: int | None
    values: dict[str, Any]
    said_by: dict[str, str]
    left_out: list[str]


def preview(uow: UnitOfWork, actor: Actor, package: str, device_id: UUID) -> Preview:
    """Return what a terminal the actor may read is told, if it is offered the app."""
    terminal = find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    app = lookup.find(uow, package)
    spoken = spoken_of(uow, [package])
    groups, running = standing_of(uow, [device_id], spoken)
    code = running.get((device_id, package))
    effective, left_out = lay(spoken.get(package, ()), groups.get(device_id, ()), code)
    return Preview(
        terminal.principal.label,
        code,
        masked(effective.values, _hidden(uow, actor, app)),
        effective.provenance,
        left_out,
    )


def _hidden(uow: UnitOfWork, actor: Actor, app: App) -> set[str]:
    """A secret is shown to nobody who may not write every scope that says anything of its key."""
    sheets = listing(uow, actor, app.package).items
    secret = {key for sheet in sheets for key in sheet.secrets}
    return {
        key for key in secret if not all(sheet.editable for sheet in sheets if key in sheet.values)
    }
