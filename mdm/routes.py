"""Every route of the package."""

from mdm.attestation.routes import admin as attestation_admin
from mdm.attestation.routes import agent as attestation_agent
from mdm.certificates.routes import BLUEPRINTS as CERTIFICATES
from mdm.commands.routes import blp as commands
from mdm.companions.routes import admin as companions
from mdm.companions.routes import agent as companions_agent
from mdm.compliance.routes import blp as compliance
from mdm.compliance.routes import standings
from mdm.configuration.routes import blp as configuration
from mdm.devices.routes import admin as devices
from mdm.devices.routes import field as terminals
from mdm.enrolment.routes import blp as enrolment
from mdm.enrolment.routes import desk as enrolment_desk
from mdm.equipment.routes import BLUEPRINTS as EQUIPMENT
from mdm.gateways.headwind.admin_routes import blp as headwind_terminals
from mdm.gateways.headwind.routes import blp as headwind
from mdm.gateways.native.routes import blp as agent
from mdm.groups.routes import blp as groups
from mdm.groups.routes import traits_blp as traits
from mdm.hints.routes import admin as hints_admin
from mdm.hints.routes import agent as hints_agent
from mdm.orders.routes import blp as orders
from mdm.telemetry.routes import blp as telemetry
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (
    agent,
    attestation_agent,
    attestation_admin,
    terminals,
    enrolment,
    enrolment_desk,
    devices,
    groups,
    traits,
    configuration,
    compliance,
    standings,
    companions,
    companions_agent,
    commands,
    orders,
    telemetry,
    hints_agent,
    hints_admin,
    headwind,
    headwind_terminals,
    *CERTIFICATES,
    *EQUIPMENT,
)
