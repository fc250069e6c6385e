"""Every package's routes, in the order of the floors."""

from muster.kernel.approvals.routes import blp as approvals
from muster.kernel.identity.routes import BLUEPRINTS as IDENTITY
from muster.kernel.web import Blueprint, Pages

API_BLUEPRINTS: tuple[Blueprint, ...] = (*IDENTITY, approvals)
PAGES: tuple[Pages, ...] = ()
