"""The package's answers: access fragments, the wipe's executor, jobs and schedules."""

from datetime import timedelta

from mdm import certificates
from mdm.attestation.access import FRAGMENT as ATTESTATION
from mdm.attestation.jobs import sweep as sweep_attestation
from mdm.attestation.operators import SWEEP as ATTESTATION_SWEEP
from mdm.certificates.access import FRAGMENT as CERTIFICATES
from mdm.commands.access import FRAGMENT as COMMANDS
from mdm.commands.jobs import SWEEP as COMMANDS_SWEEP
from mdm.commands.jobs import sweep as sweep_commands
from mdm.commands.service import WIPE
from mdm.commands.wiping import WipeExecutor, tell_of_old
from mdm.companions.access import FRAGMENT as COMPANIONS
from mdm.compliance.access import FRAGMENT as COMPLIANCE
from mdm.compliance.jobs import DUE as COMPLIANCE_DUE
from mdm.compliance.jobs import due as compliance_due
from mdm.compliance.jobs import sweep as sweep_compliance
from mdm.compliance.service import SWEEP as COMPLIANCE_SWEEP
from mdm.configuration import news
from mdm.configuration.access import FRAGMENT as CONFIGURATION
from mdm.configuration.access import PUBLISH
from mdm.configuration.desired import COMPILE
from mdm.configuration.jobs import compile_batch
from mdm.configuration.ports import SECTIONS
from mdm.configuration.publishing import PublishExecutor
from mdm.devices import users
from mdm.devices.access import FRAGMENT as DEVICES
from mdm.devices.events import DeviceEnrolled
from mdm.devices.leavers import HeldTerminals
from mdm.enrolment.access import FRAGMENT as ENROLMENT
from mdm.equipment.access import FRAGMENT as EQUIPMENT
from mdm.equipment.leavers import HeldEquipment
from mdm.equipment.sims.access import FRAGMENT as SIMS
from mdm.equipment.stock_takes.access import FRAGMENT as STOCK_TAKES
from mdm.gateways.headwind import paths as headwind_paths
from mdm.gateways.headwind.access import FRAGMENT as HEADWIND
from mdm.gateways.native.access import FRAGMENT as NATIVE
from mdm.groups.access import FRAGMENT as GROUPS
from mdm.groups.settling import SETTLE, settle_job, settle_later
from mdm.hints.access import FRAGMENT as HINTS
from mdm.hints.wishes import ConfiguredWishes
from mdm.orders.access import FRAGMENT as ORDERS
from mdm.orders.carrying import CARRY, PLACE_MANY, OrderExecutor, carry
from mdm.telemetry.access import FRAGMENT as TELEMETRY
from mdm.telemetry.jobs import FORGET, forget
from mdm.telemetry.ports import APP_OWNERS
from muster.kernel.approvals import EXECUTORS
from muster.kernel.events import SUBSCRIBERS, Subscriber
from muster.kernel.guard import FRAGMENTS
from muster.kernel.hints import WISHES
from muster.kernel.identity import (
    DEVICE_CERTIFICATES,
    DEVICE_PATHS,
    HOLDINGS,
    TERMINAL_USERS,
    UnitsChanged,
)
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule, every
from muster.kernel.ports import Ports


def wire(ports: Ports) -> None:
    """Answer for every room of the package."""
    for fragment in (
        DEVICES,
        ENROLMENT,
        GROUPS,
        CONFIGURATION,
        COMPLIANCE,
        COMPANIONS,
        COMMANDS,
        ORDERS,
        NATIVE,
        HINTS,
        HEADWIND,
        CERTIFICATES,
        EQUIPMENT,
        SIMS,
        STOCK_TAKES,
        TELEMETRY,
    ):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(FRAGMENTS, ATTESTATION.name, ATTESTATION)
    ports.answer(HANDLERS, ATTESTATION_SWEEP, sweep_attestation)
    ports.answer(SCHEDULES, ATTESTATION_SWEEP, Schedule(timedelta(hours=1), ATTESTATION_SWEEP))
    ports.answer(HANDLERS, FORGET, forget)
    ports.answer(SCHEDULES, FORGET, Schedule(timedelta(hours=1), FORGET))
    ports.expect(APP_OWNERS, "store")
    ports.expect(SECTIONS, "apps")
    ports.answer(HOLDINGS, "terminals", HeldTerminals())
    ports.answer(HOLDINGS, "equipment", HeldEquipment())
    ports.answer(DEVICE_CERTIFICATES, "issued", certificates.holder)
    ports.answer(TERMINAL_USERS, "terminals", users.refused)
    moved = Subscriber(UnitsChanged, lambda uow, _: settle_later(uow))
    ports.answer(SUBSCRIBERS, f"{UnitsChanged.name}:groups", moved)
    ports.answer(HANDLERS, SETTLE, settle_job)
    ports.answer(SCHEDULES, SETTLE, Schedule(timedelta(hours=6), SETTLE))
    ports.answer(WISHES, "configured", ConfiguredWishes())
    ports.answer(DEVICE_PATHS, "hmdm", headwind_paths.holder)
    ports.answer(EXECUTORS, WIPE, WipeExecutor())
    ports.answer(EXECUTORS, PLACE_MANY, OrderExecutor())
    ports.answer(HANDLERS, CARRY, carry)
    heard = Subscriber(DeviceEnrolled, tell_of_old)
    ports.answer(SUBSCRIBERS, f"{DeviceEnrolled.name}:wipes", heard)
    ports.answer(EXECUTORS, PUBLISH, PublishExecutor())
    ports.answer(HANDLERS, COMPILE, compile_batch)
    every(ports, news.EVERY, news.ROLES, news.roles_by_clock)
    for subscriber in news.SUBSCRIBERS:
        ports.answer(SUBSCRIBERS, f"{subscriber.event.name}:configuration", subscriber)
    ports.answer(HANDLERS, COMMANDS_SWEEP, sweep_commands)
    ports.answer(HANDLERS, COMPLIANCE_SWEEP, sweep_compliance)
    ports.answer(HANDLERS, COMPLIANCE_DUE, compliance_due)
    ports.answer(SCHEDULES, COMPLIANCE_DUE, Schedule(timedelta(minutes=1), COMPLIANCE_DUE))
    ports.answer(SCHEDULES, COMMANDS_SWEEP, Schedule(timedelta(minutes=1), COMMANDS_SWEEP))
    ports.answer(SCHEDULES, COMPLIANCE_SWEEP, Schedule(timedelta(minutes=15), COMPLIANCE_SWEEP))
