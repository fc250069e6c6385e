"""Doors of the identity room: OAuth for terminals, sessions, and people for admins."""

from muster.kernel.identity.authenticators.routes import BLUEPRINTS as AUTHENTICATORS
from muster.kernel.identity.routes.clients import blp as clients
from muster.kernel.identity.routes.credentials import blp as credentials
from muster.kernel.identity.routes.federation import blp as federation
from muster.kernel.identity.routes.leavers import blp as leavers
from muster.kernel.identity.routes.oauth import blp as oauth
from muster.kernel.identity.routes.people import blp as people
from muster.kernel.identity.routes.reviews import blp as reviews
from muster.kernel.identity.routes.roles import blp as roles
from muster.kernel.identity.routes.scim import blp as scim
from muster.kernel.identity.routes.sessions import console, field
from muster.kernel.identity.routes.team import blp as team
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (
    oauth,
    federation,
    field,
    console,
    *AUTHENTICATORS,
    people,
    roles,
    leavers,
    reviews,
    credentials,
    clients,
    team,
    scim,
)
