"""Hints: for agents (`/agent/v1/hints`) and for console automation (`/admin/v1/hints`)."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Response

from mdm.hints import service
from mdm.hints.schemas import (
    BrokerSchema,
    CarriersSchema,
    FcmTokenSchema,
    HintSchema,
    PollQuerySchema,
    TellingSchema,
)
from mdm.hints.service import Telling
from muster.kernel.db import Mode
from muster.kernel.web import Auth, Blueprint, actor, long_poll, uow

agent = Blueprint(
    "agent-hints",
    __name__,
    audience="agent",
    url_prefix="/agent/v1/hints",
    description="How a terminal hears that there is something to fetch",
)
admin = Blueprint(
    "hints",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="How terminals are told, and how it goes",
)


@agent.route("", auth=Auth.AGENT, actions=("mdm.agent.listen",), mode=Mode.WRITES)
@agent.arguments(PollQuerySchema, location="query")
@agent.doc(responses={"204": {"description": "No hint came; poll again"}})
@agent.alt_response(200, schema=HintSchema, success=True)
def poll(query: dict[str, Any]) -> Response:
    """Wait for a hint without a stream; at once if one waits already."""
    found = service.poll(uow(), actor(), query["wait"])
    if isinstance(found, str):
        return Response(msgspec.json.encode({"look": found}), content_type="application/json")
    return long_poll(found, query["wait"])


@agent.route("/mqtt", methods=["POST"], auth=Auth.AGENT, actions=("mdm.hint.register",), limit=1024)
@agent.response(201, BrokerSchema)
def register_mqtt() -> dict[str, Any]:
    """Get a password for the MQTT broker; the one before ends."""
    return service.mqtt(uow(), actor())


@agent.route("/fcm", methods=["PUT"], auth=Auth.AGENT, actions=("mdm.hint.register",), limit=4096)
@agent.arguments(FcmTokenSchema)
@agent.response(204)
def register_fcm(body: dict[str, Any]) -> None:
    """Say where FCM reaches this terminal; replaces what was known."""
    service.fcm(uow(), actor(), body["token"])


@agent.route("/fcm", methods=["DELETE"], auth=Auth.AGENT, actions=("mdm.hint.register",))
@agent.response(204)
def forget_fcm() -> None:
    """FCM no longer reaches this terminal."""
    service.fcm(uow(), actor(), None)


@admin.route("/hints", auth=Auth.CONSOLE, actions=("mdm.hint.list",))
@admin.response(200, CarriersSchema)
def list_carriers() -> dict[str, Any]:
    """Read what became of each carrier's hints."""
    return {"items": service.health(uow(), actor())}


@admin.route("/devices/<uuid:device_id>/hints", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@admin.response(200, TellingSchema)
def read_device_hints(device_id: UUID) -> Telling:
    """Read how one terminal is told, and what became of its last hint."""
    return service.of_device(uow(), actor(), device_id)
