"""The agent door: `/agent/v1`."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request

from mdm.attestation.challenges import Challenge
from mdm.attestation.schemas import AttestationChallengeSchema
from mdm.compliance.sentences import told as told_reasons
from mdm.enrolment import Newcomer, enrol, enrolment_challenge
from mdm.gateways.native import service, streams
from mdm.gateways.native.check_in import Told, check_in
from mdm.gateways.native.reading import read
from mdm.gateways.native.report import Answer, CheckIn, Lines, Shape
from mdm.gateways.native.schemas import (
    CheckInAnswerSchema,
    CheckInSchema,
    EnrolledSchema,
    EnrolmentChallengeSchema,
    EnrolmentSchema,
    LinesAnswerSchema,
    LinesSchema,
    ResultAnswerSchema,
    ResultSchema,
    SealedSchema,
)
from mdm.telemetry.logs import Taken
from muster.kernel.clock import rfc3339
from muster.kernel.db import Mode
from muster.kernel.web import Auth, Blueprint, actor, problems, proof_key, stream, uow

blp = Blueprint(
    "agent",
    __name__,
    audience="agent",
    url_prefix="/agent/v1",
    description="Enrolment, reports and commands of managed terminals",
)


@blp.route(
    "/enrol", methods=["POST"], auth=Auth.ENROL, actions=("mdm.device.enrol",), limit=131_072
)
@blp.arguments(EnrolmentSchema)
@blp.response(201, EnrolledSchema)
def enrol_terminal(body: dict[str, Any]) -> dict[str, Any]:
    """Come in with a token from a QR code; repeat with the same key if the answer got lost."""
    done = enrol(uow(), actor(), proof_key(), Newcomer(**body))
    return {
        "device_id": done.principal.id,
        "label": done.principal.label,
        "posture": "unknown",
        "state": "awaiting_approval" if done.managed.awaiting else "enrolled",
        "configuration": done.configuration,
        "manifest_keys": done.manifest_keys,
        "check_in_seconds": done.managed.check_in_seconds,
        "attestation": done.attestation,
        "certificate": done.certificate,
    }


@blp.route(
    "/enrol/challenge",
    methods=["POST"],
    auth=Auth.ENROL,
    actions=("mdm.enrol_token.challenge",),
    limit=16_384,
)
@blp.arguments(EnrolmentChallengeSchema)
@blp.response(201, AttestationChallengeSchema)
def challenge_newcomer(body: dict[str, Any]) -> Challenge:
    """Get a challenge for the key that is yet to be made; sign the proof with any key."""
    return enrolment_challenge(uow(), actor(), body["token"])


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
    told = check_in(uow(), actor(), _body(CheckIn))
    return Response(msgspec.json.encode(_answer(told)), content_type="application/json")


@blp.route(
    "/commands/<uuid:command_id>/result",
    methods=["POST"],
    auth=Auth.AGENT,
    actions=("mdm.agent.result",),
    limit=16_384,
)
@blp.doc(requestBody={"required": True, "content": {"application/json": {"schema": ResultSchema}}})
@blp.response(200, ResultAnswerSchema)
def report_result(command_id: UUID) -> Any:
    """Say what became of a command; the first final word stands, repeating it is harmless."""
    return service.report_result(uow(), actor(), command_id, _body(Answer))


@blp.route("/logs", methods=["POST"], auth=Auth.AGENT, actions=("mdm.log.submit",), limit=262_144)
@blp.doc(requestBody={"required": True, "content": {"application/json": {"schema": LinesSchema}}})
@blp.response(200, LinesAnswerSchema)
def hand_in_logs() -> Taken:
    """Hand in log lines, for a collect_logs command or as `log_level` says; repeating is harmless."""
    return service.hand_in_logs(uow(), actor(), _body(Lines))


@blp.route("/configuration", auth=Auth.AGENT, actions=("mdm.agent.configuration",))
@blp.response(200, SealedSchema)
def read_configuration() -> dict[str, Any]:
    """Fetch the signed desired state."""
    return service.configuration(uow(), actor())


@blp.route("/events", auth=Auth.AGENT, actions=("mdm.agent.listen",), mode=Mode.WRITES)
@blp.doc(
    responses={"200": {"description": "Server-sent events", "content": {"text/event-stream": {}}}}
)
def events() -> Response:
    """Wait for hints: `{"look":"commands"}`, `{"look":"configuration"}`."""
    return stream(streams.listen(uow(), actor()))


def _body(shape: type[Shape]) -> Shape:
    """Read the body with the fast codec; what cannot be read is kept for the admin."""
    if not request.is_json:
        raise problems.UnsupportedMedia
    return read(uow(), actor(), request.path, request.get_data(), shape)


def _answer(told: Told) -> dict[str, Any]:
    principal = told.principal
    return {
        "device_id": principal.id,
        "state": told.state,
        "tier": principal.tier,
        "compliant": told.compliant,
        "reasons": told_reasons(told.reasons, told.findings, uow().kernel.settings.timezone),
        "desired_hash": told.managed.desired_hash,
        "configuration": told.configuration,
        "stored": told.stored.fresh,
        "sequence": told.stored.sequence,
        "software_resync": told.stored.resync,
        "dropped": told.stored.dropped,
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
