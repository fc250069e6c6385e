"""The package's answers: access fragments, the wipe's executor, jobs and schedules."""

from datetime import timedelta

from mdm.commands.access import FRAGMENT as COMMANDS
from mdm.commands.jobs import SWEEP as COMMANDS_SWEEP
from mdm.commands.jobs import sweep as sweep_commands
from mdm.commands.service import WIPE, WipeExecutor
from mdm.compliance.access import FRAGMENT as COMPLIANCE
from mdm.compliance.jobs import sweep as sweep_compliance
from mdm.compliance.service import SWEEP as COMPLIANCE_SWEEP
from mdm.configuration.access import FRAGMENT as CONFIGURATION
from mdm.configuration.desired import COMPILE
from mdm.configuration.jobs import compile_batch
from mdm.configuration.ports import SECTIONS
from mdm.devices.access import FRAGMENT as DEVICES
from mdm.enrolment.access import FRAGMENT as ENROLMENT
from mdm.gateways.native.access import FRAGMENT as NATIVE
from mdm.groups.access import FRAGMENT as GROUPS
from muster.kernel.approvals import EXECUTORS
from muster.kernel.guard import FRAGMENTS
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.ports import Ports


def wire(ports: Ports) -> None:
    """Answer for every room of the package."""
    for fragment in (DEVICES, ENROLMENT, GROUPS, CONFIGURATION, COMPLIANCE, COMMANDS, NATIVE):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.expect(SECTIONS, "apps")
    ports.answer(EXECUTORS, WIPE, WipeExecutor())
    ports.answer(HANDLERS, COMPILE, compile_batch)
    ports.answer(HANDLERS, COMMANDS_SWEEP, sweep_commands)
    ports.answer(HANDLERS, COMPLIANCE_SWEEP, sweep_compliance)
    ports.answer(SCHEDULES, COMMANDS_SWEEP, Schedule(timedelta(minutes=1), COMMANDS_SWEEP))
    ports.answer(SCHEDULES, COMPLIANCE_SWEEP, Schedule(timedelta(minutes=15), COMPLIANCE_SWEEP))
