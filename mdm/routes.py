"""Every route of the package."""

from mdm.commands.routes import blp as commands
from mdm.compliance.routes import blp as compliance
from mdm.configuration.routes import blp as configuration
from mdm.devices.routes import admin as devices
from mdm.devices.routes import field as terminals
from mdm.enrolment.routes import blp as enrolment
from mdm.gateways.native.routes import blp as agent
from mdm.groups.routes import blp as groups
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (
    agent,
    terminals,
    enrolment,
    devices,
    groups,
    configuration,
    compliance,
    commands,
)
