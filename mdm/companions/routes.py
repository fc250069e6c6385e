"""Wearables: `/agent/v1/companions` for the terminal they belong to, and for console automation."""

from typing import Any
from uuid import UUID

from mdm.companions import service
from mdm.companions.schemas import CompanionsSchema, InvitationSchema, InviteSchema
from mdm.companions.service import Companions, Invitation
from muster.kernel.web import Auth, Blueprint, actor, uow

agent = Blueprint(
    "companions_agent",
    __name__,
    audience="agent",
    url_prefix="/agent/v1/companions",
    description="Codes that let a holder's wearables in",
)
admin = Blueprint(
    "companions",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/devices",
    description="Wearables and the terminals that they belong to",
)


@agent.route("", methods=["POST"], auth=Auth.AGENT, actions=("mdm.agent.companion",), limit=16_384)
@agent.arguments(InviteSchema)
@agent.response(201, InvitationSchema)
def invite_companion(body: dict[str, Any]) -> Invitation:
    """Get a code for one wearable or body camera: good once, for ten minutes."""
    return service.invite(uow(), actor(), **body)


@admin.route("/<uuid:device_id>/companions", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@admin.response(200, CompanionsSchema)
def list_companions(device_id: UUID) -> Companions:
    """List a terminal's wearables; of a wearable, read which terminal it belongs to."""
    return service.listing(uow(), actor(), device_id)
