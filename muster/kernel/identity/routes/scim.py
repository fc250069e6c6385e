"""SCIM 2.0 for the personnel system at `/scim/v2`, in its own media type and its own errors."""

import json
from typing import Any
from uuid import UUID

from flask import Response, request

from muster.kernel.errors import NotFound
from muster.kernel.identity.directory import scim, scim_about
from muster.kernel.identity.directory.scim_wire import ERROR, ScimFault
from muster.kernel.web import Auth, Blueprint, actor, kernel, uow
from muster.kernel.web.bodies import read_json
from muster.kernel.web.problems import UnsupportedMedia, domain_error

MEDIA = "application/scim+json"
_READS: dict[str, Any] = {
    "auth": Auth.CLIENT,
    "surface": "scim",
    "actions": ("identity.scim.read",),
}
_WRITES: dict[str, Any] = {
    "auth": Auth.CLIENT,
    "surface": "scim",
    "actions": ("identity.scim.write",),
}
_BODY = {
    "required": True,
    "content": {MEDIA: {"schema": {"type": "object"}}},
}
_ANSWER = {"description": "A SCIM document", "content": {MEDIA: {"schema": {"type": "object"}}}}
_FAULT = {"description": "A SCIM error", "content": {MEDIA: {"schema": {"type": "object"}}}}
_DOC: dict[str, Any] = {"200": _ANSWER, "default": _FAULT}

blp = Blueprint(
    "scim",
    __name__,
    audience="admin",
    url_prefix="/scim/v2",
    description="People from the personnel system (SCIM 2.0)",
)


@blp.route("/ServiceProviderConfig", **_READS)
@blp.doc(responses=_DOC)
def read_config() -> Response:
    """Say what is offered."""
    _looked()
    return _send(scim_about.config(kernel().settings.origin, scim.MOST))


@blp.route("/ResourceTypes", **_READS)
@blp.doc(responses=_DOC)
def list_types() -> Response:
    """List the resource types."""
    _looked()
    return _send(scim_about.listed(scim_about.resource_types(kernel().settings.origin)))


@blp.route("/Schemas", **_READS)
@blp.doc(responses=_DOC)
def list_schemas() -> Response:
    """List the schemas."""
    _looked()
    return _send(scim_about.listed(scim_about.schemas(kernel().settings.origin)))


@blp.route("/Schemas/<string:urn>", **_READS)
@blp.doc(responses=_DOC)
def read_schema(urn: str) -> Response:
    """Return one schema."""
    _looked()
    found = [one for one in scim_about.schemas(kernel().settings.origin) if one["id"] == urn]
    if not found:
        raise NotFound("There is no such schema.")
    return _send(found[0])


@blp.route("/Users", **_READS)
@blp.doc(
    responses=_DOC,
    parameters=[
        {"name": name, "in": "query", "schema": {"type": kind}}
        for name, kind in (("filter", "string"), ("startIndex", "integer"), ("count", "integer"))
    ],
)
def list_users() -> Response:
    """Return a page of users, or the one that a filter names."""
    return _send(
        scim.listing(
            uow(),
            actor(),
            chosen=request.args.get("filter", ""),
            start=_number("startIndex", 1),
            count=_number("count", scim.MOST),
        )
    )


@blp.route("/Users", methods=["POST"], **_WRITES)
@blp.doc(requestBody=_BODY, responses={"201": _ANSWER, "default": _FAULT})
def create_user() -> Response:
    """Take a joiner in."""
    made = scim.create(uow(), actor(), _body())
    return _send(made, 201, Location=made["meta"]["location"])


@blp.route("/Users/<uuid:user_id>", **_READS)
@blp.doc(responses=_DOC)
def read_user(user_id: UUID) -> Response:
    """Return one user."""
    return _send(scim.read(uow(), actor(), user_id))


@blp.route("/Users/<uuid:user_id>", methods=["PUT"], **_WRITES)
@blp.doc(requestBody=_BODY, responses=_DOC)
def replace_user(user_id: UUID) -> Response:
    """Bring a user to what the body says."""
    return _send(scim.replace(uow(), actor(), user_id, _body(), _if_match()))


@blp.route("/Users/<uuid:user_id>", methods=["PATCH"], **_WRITES)
@blp.doc(requestBody=_BODY, responses=_DOC)
def change_user(user_id: UUID) -> Response:
    """Carry out the operations of a PATCH, all or none."""
    return _send(scim.change(uow(), actor(), user_id, _body(), _if_match()))


@blp.route("/Users/<uuid:user_id>", methods=["DELETE"], **_WRITES)
@blp.doc(responses={"204": {"description": "Left"}, "default": _FAULT})
def delete_user(user_id: UUID) -> Response:
    """Let a user leave."""
    scim.delete(uow(), actor(), user_id, _if_match())
    return Response(status=204)


def refuse(error: Exception) -> Response:
    """Answer a refusal in SCIM's own form (RFC 7644 §3.12)."""
    refused = domain_error(error)
    status = 400 if refused.status == 422 else refused.status
    faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in refused.errors)
    body = {
        "schemas": [ERROR],
        "status": str(status),
        "detail": " ".join(filter(None, (refused.detail, faults))),
    }
    if isinstance(refused, ScimFault):
        body["scimType"] = refused.scim_type
    elif refused.code == "malformed":
        body["scimType"] = "invalidSyntax"
    answer = _send(body, status)
    answer.headers.update(refused.headers)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="scim"'
    return answer


def _looked() -> None:
    scim.about(uow(), actor())


def _body() -> dict[str, Any]:
    if request.mimetype not in (MEDIA, "application/json"):
        raise UnsupportedMedia(f"Send the body as {MEDIA}.")
    body = read_json(request.get_data())
    if not isinstance(body, dict):
        raise ScimFault("The body is an object.", "invalidSyntax")
    return body


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    try:
        return max(-1, min(int(text), 10**6))
    except ValueError as error:
        raise ScimFault(f"{name} is a number.") from error


def _if_match() -> str:
    return request.headers.get("If-Match", "")


def _send(document: dict[str, Any], status: int = 200, **headers: str) -> Response:
    answer = Response(json.dumps(document, ensure_ascii=False), status, content_type=MEDIA)
    answer.headers.update(headers)
    version = document.get("meta", {}).get("version")
    if version:
        answer.headers["ETag"] = version
    return answer


blp.register_error_handler(Exception, refuse)
