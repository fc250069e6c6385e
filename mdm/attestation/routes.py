"""Key attestation at the agent door (`/agent/v1/attestation`) and for console automation."""

from typing import Any
from uuid import UUID

from flask import request

from mdm.attestation import service
from mdm.attestation.challenges import Challenge
from mdm.attestation.schemas import (
    AttestationChallengeSchema,
    AttestationSchema,
    AttestationSubmissionSchema,
    AttestationVerdictSchema,
)
from mdm.attestation.service import Sight
from muster.kernel.identity import dpop
from muster.kernel.web import Auth, Blueprint, actor, kernel, uow

agent = Blueprint(
    "agent-attestation",
    __name__,
    audience="agent",
    url_prefix="/agent/v1/attestation",
    description="Proofs of keys that live in secure hardware",
)
admin = Blueprint(
    "device-attestation",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/devices",
    description="What is known of terminals' keys",
)


@agent.route(
    "/challenge",
    methods=["POST"],
    auth=Auth.AGENT,
    actions=("mdm.attestation.begin",),
    limit=16_384,
)
@agent.response(201, AttestationChallengeSchema)
def begin() -> Challenge:
    """Get a challenge for a new key; it serves once, within 15 minutes, this terminal alone."""
    return service.begin(uow(), actor())


@agent.route(
    "", methods=["POST"], auth=Auth.AGENT, actions=("mdm.attestation.submit",), limit=131_072
)
@agent.arguments(AttestationSubmissionSchema)
@agent.response(200, AttestationVerdictSchema)
def submit(body: dict[str, Any]) -> Sight:
    """Show a chain; if it verifies, the attested key is the terminal's key from now on."""
    proof = body["new_key_proof"]
    new_key = dpop.verify(kernel(), proof, request.method, request.path) if proof else None
    return service.submit(uow(), actor(), body["attestation"], new_key)


@admin.route("/<uuid:device_id>/attestation", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@admin.response(200, AttestationSchema)
def read(device_id: UUID) -> Sight:
    """Read what is known of a terminal's key, and which list it was checked against."""
    return service.read(uow(), actor(), device_id)
