"""The room's answers: its access rules, its file and the spatial index."""

from mobile_api.imports import IMPORTERS
from mobile_api.layers.access import FRAGMENT
from mobile_api.layers.importer import IMPORTER
from mobile_api.layers.index import SPATIAL_INDEX
from mobile_api.layers.service import KIND
from mobile_api.layers.tree import TreeIndex
from muster.kernel.guard import FRAGMENTS
from muster.kernel.ports import Ports


def wire(ports: Ports) -> None:
    """Answer for this room."""
    ports.answer(FRAGMENTS, FRAGMENT.name, FRAGMENT)
    ports.answer(IMPORTERS, IMPORTER.kind, IMPORTER)
    ports.answer(SPATIAL_INDEX, KIND, TreeIndex())
