"""What the field answers to lower floors: access fragments, files, uploads, sync, jobs."""

from datetime import timedelta

from mobile_api import addresses, layers, packages
from mobile_api.checks.access import FRAGMENT as CHECKS
from mobile_api.checks.jobs import FORGET as FORGET_CHECKS
from mobile_api.checks.jobs import forget as forget_checks
from mobile_api.evidence import TARGET
from mobile_api.evidence.access import FRAGMENT as EVIDENCE
from mobile_api.evidence.jobs import FORGET as FORGET_EVIDENCE
from mobile_api.evidence.jobs import forget as forget_evidence
from mobile_api.forms import FormCollection
from mobile_api.forms.access import FRAGMENT as FORMS
from mobile_api.imports import IMPORTERS
from mobile_api.imports.access import FRAGMENT as IMPORTS
from mobile_api.incidents import IMPORTER as INCIDENT_IMPORTER
from mobile_api.incidents import IncidentCollection
from mobile_api.incidents.access import FRAGMENT as INCIDENTS
from mobile_api.registers import IMPORTERS_HERE as REGISTER_IMPORTERS
from mobile_api.submissions import SubmissionOutbox
from mobile_api.submissions.access import FRAGMENT as RECORDS
from mobile_api.tasks import IMPORTER as TASK_IMPORTER
from mobile_api.tasks import SHIFT_IMPORTER, TaskCollection
from mobile_api.tasks.access import FRAGMENT as TASKS
from muster.kernel.guard import FRAGMENTS
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.ports import Ports
from muster.kernel.uploads import TARGETS
from offline_sync import COLLECTIONS, OUTBOX


def wire(ports: Ports) -> None:
    """Answer for every room of the package."""
    for room in (layers, addresses, packages):
        room.wire(ports)
    for fragment in (CHECKS, EVIDENCE, FORMS, IMPORTS, INCIDENTS, RECORDS, TASKS):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    for importer in (*REGISTER_IMPORTERS, INCIDENT_IMPORTER, SHIFT_IMPORTER, TASK_IMPORTER):
        ports.answer(IMPORTERS, importer.kind, importer)
    ports.answer(TARGETS, TARGET.name, TARGET)
    ports.answer(COLLECTIONS, "forms", FormCollection())
    ports.answer(COLLECTIONS, "incidents", IncidentCollection())
    ports.answer(COLLECTIONS, "tasks", TaskCollection())
    ports.answer(OUTBOX, "submission", SubmissionOutbox())
    for kind, handler in ((FORGET_CHECKS, forget_checks), (FORGET_EVIDENCE, forget_evidence)):
        ports.answer(HANDLERS, kind, handler)
        ports.answer(SCHEDULES, kind, Schedule(timedelta(days=1), kind))
