"""The file of jurisdictions, as the imports room takes it.

The reader is imported at use: shapely and numpy take 17 MB of a process that reads no such file.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert

from mobile_api.imports import Importer, ImportVersion, Reading
from mobile_api.layers.models import AreaRow
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from mobile_api.layers.geojson import Draft

_BATCH = 500


def _read(uow: UnitOfWork, data: bytes) -> Reading:
    from mobile_api.layers.geojson import read_areas

    return Reading(*read_areas(data))


def _write(uow: UnitOfWork, version: ImportVersion, drafts: "Sequence[Draft]") -> None:
    rows = [{"import_id": version.id, **draft.columns()} for draft in drafts]
    uow.session.execute(insert(AreaRow), rows)


IMPORTER = Importer("jurisdictions", _read, _write, _BATCH)
