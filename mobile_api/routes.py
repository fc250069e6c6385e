"""All routes of the field's rooms."""

from mobile_api.addresses.routes import blp as addresses
from mobile_api.checks.routes import BLUEPRINTS as CHECKS
from mobile_api.forms.routes import BLUEPRINTS as FORMS
from mobile_api.imports.routes import blp as imports
from mobile_api.incidents.routes import blp as incidents
from mobile_api.layers.routes import blp as layers
from mobile_api.packages.routes import blp as packages
from mobile_api.submissions.routes import BLUEPRINTS as RECORDS
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (
    *CHECKS,
    *FORMS,
    *RECORDS,
    imports,
    incidents,
    layers,
    addresses,
    packages,
)
