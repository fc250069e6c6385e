"""Doors of the identity room: OAuth for terminals, sessions, and people for admins."""

from muster.kernel.identity.routes.credentials import blp as credentials
from muster.kernel.identity.routes.oauth import blp as oauth
from muster.kernel.identity.routes.people import blp as people
from muster.kernel.identity.routes.sessions import console, field
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (oauth, field, console, people, credentials)
