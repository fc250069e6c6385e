"""The room's answers: its access rules, its file, its job and the shelf of open books."""

from mobile_api.addresses import jobs
from mobile_api.addresses.access import FRAGMENT
from mobile_api.addresses.importer import IMPORTER
from mobile_api.addresses.shelf import SHELF, Shelf
from mobile_api.imports import IMPORTERS, ImportInForce
from muster.kernel.events import SUBSCRIBERS, Subscriber
from muster.kernel.guard import FRAGMENTS
from muster.kernel.jobs import HANDLERS
from muster.kernel.ports import Ports


def wire(ports: Ports) -> None:
    """Answer for this room."""
    ports.answer(FRAGMENTS, FRAGMENT.name, FRAGMENT)
    ports.answer(IMPORTERS, IMPORTER.kind, IMPORTER)
    ports.answer(SHELF, "addresses", Shelf())
    ports.answer(HANDLERS, jobs.BUILD, jobs.build)
    wish = Subscriber(ImportInForce, jobs.wish)
    ports.answer(SUBSCRIBERS, f"{ImportInForce.name}:addresses", wish)
