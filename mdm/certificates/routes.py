"""Certificates for device admins and agents, revocation lists for third parties, and SCEP."""

import base64
import binascii
from typing import Any
from uuid import UUID

from flask import Response, request

from mdm.certificates import authority, challenges, crl, service
from mdm.certificates.challenges import Given
from mdm.certificates.issuing import Issued
from mdm.certificates.models import IssuingCa
from mdm.certificates.scep import service as scep
from mdm.certificates.schemas import (
    AuthorityListSchema,
    CertificateQuerySchema,
    CertificateSchema,
    IssuedSchema,
    RequestSchema,
    RevocationSchema,
    ScepChallengeSchema,
)
from mdm.certificates.service import CertificateQuery, Held
from muster.kernel.errors import Malformed
from muster.kernel.web import (
    Auth,
    Blueprint,
    Mode,
    Page,
    actor,
    decode_id,
    kernel,
    page,
    page_schema,
    uow,
)

admin = Blueprint(
    "certificates",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Certificates of terminals, and the CAs that give them",
)
agent = Blueprint(
    "device-certificate",
    __name__,
    audience="agent",
    url_prefix="/agent/v1",
    description="The certificate of a terminal",
)
public = Blueprint(
    "pki",
    __name__,
    audience="agent",
    description="CA certificates and revocation lists for anybody (RFC 5280), SCEP (RFC 8894)",
)
_PKI_MESSAGE = "application/x-pki-message"
_SCEP_ACTIONS = ("mdm.certificate.enrol",)


def _binary(media_type: str, said: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    told = {"description": said, "content": {media_type: {"schema": schema}}}
    return {"200": told, "default": "DEFAULT_ERROR"}


@admin.route("/certificates", auth=Auth.CONSOLE, actions=("mdm.certificate.list",))
@admin.arguments(CertificateQuerySchema, location="query")
@admin.response(200, page_schema(CertificateSchema))
def list_certificates(query: dict[str, Any]) -> Page[Held]:
    """List certificates of the terminals you may read, newest first."""
    limit, after = query.pop("limit"), decode_id(query.pop("after"))
    wanted = CertificateQuery(**query)
    rows = service.listing(uow(), actor(), wanted, after=after, limit=limit)
    return page(rows, limit, lambda held: [held.row.id])


@admin.route(
    "/certificates/<uuid:certificate_id>/revoke",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.certificate.revoke",),
)
@admin.arguments(RevocationSchema)
@admin.response(200, CertificateSchema)
def revoke_certificate(body: dict[str, Any], certificate_id: UUID) -> Held:
    """End a certificate now, at every door; the next revocation list names it."""
    return service.revoke(uow(), actor(), certificate_id, body["reason"])


@admin.route(
    "/devices/<uuid:device_id>/certificate-challenges",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.certificate.challenge",),
)
@admin.response(201, ScepChallengeSchema)
def give_challenge(device_id: UUID) -> Given:
    """Make a SCEP challenge: one enrolment of this terminal, within fifteen minutes."""
    return challenges.give(uow(), actor(), device_id)


@admin.route("/certificate-authorities", auth=Auth.CONSOLE, actions=("mdm.ca.read",))
@admin.response(200, AuthorityListSchema)
def list_authorities() -> dict[str, Any]:
    """List the issuing CAs, newest first."""
    return {"items": authority.listing(uow(), actor())}


@agent.route(
    "/certificate",
    methods=["POST"],
    auth=Auth.AGENT,
    actions=("mdm.agent.certificate",),
    limit=16_384,
)
@agent.arguments(RequestSchema)
@agent.response(201, IssuedSchema)
def renew_certificate(body: dict[str, Any]) -> Issued:
    """Get a first certificate or the next; do so at two thirds of its life (`renew_after`)."""
    return service.renew(uow(), actor(), body["csr"])


@public.route("/pki/<string(maxlength=16):name>.crl", auth=Auth.OPEN)
@public.doc(responses=_binary("application/pkix-crl", "The revocation list, DER"))
def revocation_list(name: str) -> Response:
    """Fetch the revocation list of an issuing CA; `issuing` is the one that issues now."""
    _limited()
    found = crl.current(kernel(), name)
    answer = Response(found.der, content_type="application/pkix-crl")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.last_modified, answer.expires = found.this_update, None
    return answer


@public.route("/pki/<string(maxlength=16):name>.cer", auth=Auth.OPEN)
@public.doc(responses=_binary("application/pkix-cert", "The CA's certificate, DER"))
def authority_certificate(name: str) -> Response:
    """Fetch the certificate of an issuing CA."""
    row: IssuingCa = authority.by_name(uow(), name)
    answer = Response(row.certificate, content_type="application/pkix-cert")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@public.route("/scep", auth=Auth.OPEN, mode=Mode.WRITES, actions=_SCEP_ACTIONS, limit=scep.LARGEST)
@public.doc(
    parameters=[
        {
            "in": "query",
            "name": "operation",
            "required": True,
            "schema": {"type": "string", "enum": ["GetCACaps", "GetCACert", "PKIOperation"]},
        },
        {"in": "query", "name": "message", "schema": {"type": "string"}},
    ],
    responses={
        "200": {
            "description": "As the operation says",
            "content": {
                "text/plain": {},
                "application/x-x509-ca-ra-cert": {},
                _PKI_MESSAGE: {},
            },
        },
        "default": "DEFAULT_ERROR",
    },
)
def scep_get() -> Response:
    """Ask for capabilities or certificates, or send a pkiMessage in base64 (RFC 8894 §4.1)."""
    operation = request.args.get("operation", "")
    if operation == "GetCACaps":
        return Response(scep.capabilities(), content_type="text/plain")
    if operation == "GetCACert":
        _limited()
        return Response(scep.certificates(kernel()), content_type="application/x-x509-ca-ra-cert")
    if operation != "PKIOperation":
        raise Malformed("operation must be GetCACaps, GetCACert or PKIOperation.")
    given = request.args.get("message", "").replace(" ", "+")
    try:
        message = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("message must be base64.") from error
    return _pki_message(message)


@public.route("/scep", methods=["POST"], auth=Auth.OPEN, actions=_SCEP_ACTIONS, limit=scep.LARGEST)
@public.doc(
    parameters=[
        {
            "in": "query",
            "name": "operation",
            "required": True,
            "schema": {"type": "string", "enum": ["PKIOperation"]},
        }
    ],
    requestBody={
        "required": True,
        "content": {_PKI_MESSAGE: {"schema": {"type": "string", "format": "binary"}}},
    },
    responses=_binary(_PKI_MESSAGE, "A CertRep, also for a refusal"),
)
def scep_post() -> Response:
    """Send a pkiMessage (RFC 8894 §4.1); a refusal is a CertRep with a failInfo."""
    if request.args.get("operation") != "PKIOperation":
        raise Malformed("operation must be PKIOperation.")
    return _pki_message(request.get_data())


def _pki_message(data: bytes) -> Response:
    return Response(scep.operate(uow(), actor(), data), content_type=_PKI_MESSAGE)


def _limited() -> None:
    kernel().limits.hit("mdm.pki", actor().origin.address, limit=60, per_seconds=60)


BLUEPRINTS = (admin, agent, public)
