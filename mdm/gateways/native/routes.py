"""The agent door: `/agent/v1`."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request

from mdm.compliance.sentences import sentences
from mdm.enrolment import Newcomer, enrol
from mdm.gateways.native import service, streams
from mdm.gateways.native.check_in import Told, check_in
from mdm.gateways.native.report import CommandResult, decode
from mdm.gateways.native.schemas import (
    CheckInAnswerSchema,
    CheckInSchema,
    EnrolledSchema,
    EnrolmentSchema,
    ResultAnswerSchema,
    ResultSchema,
    SealedSchema,
)
from muster.kernel.clock import rfc3339
from muster.kernel.web import Auth, Blueprint, actor, problems, proof_key, stream, uow

blp = Blueprint(
    "agent",
    __name__,
    audience="agent",
    url_prefix="/agent/v1",
    description="Enrolment, reports and commands of managed terminals",
)


@blp.route("/enrol", methods=["POST"], auth=Auth.ENROL, actions=("mdm.device.enrol",), limit=16_384)
@blp.arguments(EnrolmentSchema)
@blp.response(201, EnrolledSchema)
def enrol_terminal(body: dict[str, Any]) -> dict[str, Any]:
    """Come in with a token from a QR code; repeat with the same key if the answer got lost."""
    done = enrol(uow(), actor(), proof_key(), Newcomer(**body))
    return {
        "device_id": done.principal.id,
        "label": done.principal.label,
        "posture": "unknown",
        "configuration": done.configuration,
        "manifest_keys": done.manifest_keys,
        "check_in_seconds": done.managed.check_in_seconds,
    }


@blp.route(
    "/check-in",
    methods=["POST"],
    auth=Auth.AGENT,
    actions=("mdm.agent.check_in", "mdm.agent.result"),
)
@blp.doc(requestBody={"required": True, "content": {"application/json": {"schema": CheckInSchema}}})
@blp.response(200, CheckInAnswerSchema)
def report_in() -> Response:
    """Report state and results; learn what to apply and do. Repeating a report is harmless."""
    if not request.is_json:
        raise problems.UnsupportedMedia
    told = check_in(uow(), actor(), decode(request.get_data()))
    return Response(msgspec.json.encode(_answer(told)), content_type="application/json")


@blp.route(
    "/commands/<uuid:command_id>/result",
    methods=["POST"],
    auth=Auth.AGENT,
    actions=("mdm.agent.result",),
    limit=16_384,
)
@blp.arguments(ResultSchema)
@blp.response(200, ResultAnswerSchema)
def report_result(body: dict[str, Any], command_id: UUID) -> Any:
    """Say what became of a command; the first final word stands, repeating it is harmless."""
    return service.report_result(uow(), actor(), CommandResult(command_id, **body))


@blp.route("/configuration", auth=Auth.AGENT, actions=("mdm.agent.configuration",))
@blp.response(200, SealedSchema)
def read_configuration() -> dict[str, Any]:
    """Fetch the signed desired state."""
    return service.configuration(uow(), actor())


@blp.route("/events", auth=Auth.AGENT, actions=("mdm.agent.listen",))
@blp.doc(
    responses={"200": {"description": "Server-sent events", "content": {"text/event-stream": {}}}}
)
def events() -> Response:
    """Wait for hints: `{"look":"commands"}`, `{"look":"configuration"}`."""
    return stream(streams.listen(uow(), actor()))


def _answer(told: Told) -> dict[str, Any]:
    principal = told.principal
    return {
        "device_id": principal.id,
        "state": principal.state,
        "tier": principal.tier,
        "compliant": told.compliant,
        "reasons": [sentences(reason) for reason in principal.posture_reasons],
        "desired_hash": told.managed.desired_hash,
        "configuration": told.configuration,
        "commands": [
            {
                "id": command.id,
                "kind": command.kind,
                "body": command.body,
                "issued_at": rfc3339(command.created_at),
            }
            for command in told.commands
        ],
        "server_time": rfc3339(uow().now()),
        "next_check_in_seconds": told.next_check_in_seconds,
    }
