"""Letting terminals in, for console automation: tokens, pre-registrations, the approval queue."""

from typing import Any
from uuid import UUID

from flask import request

from mdm.devices import Terminal
from mdm.devices.schemas import ReasonedSchema, TerminalSchema
from mdm.enrolment import admissions, pre_registrations, tokens, unit_rules
from mdm.enrolment.models import EnrolToken, PreRegistration
from mdm.enrolment.pre_registrations import Imported
from mdm.enrolment.schemas import (
    EnrolTokenSchema,
    MadeSchema,
    PreRegistrationImportQuerySchema,
    PreRegistrationImportSchema,
    PreRegistrationSchema,
    SerialListSchema,
    UnitRuleListSchema,
    UnitRuleSchema,
    UnitWishSchema,
    WishSchema,
)
from mdm.enrolment.tokens import Made, Wish
from mdm.enrolment.unit_rules import UnitRule
from muster.kernel.errors import Malformed
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_id,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "enrolment-tokens",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/enrolment-tokens",
    description="Codes that let terminals in",
)

desk = Blueprint(
    "enrolment-desk",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="Where terminals go as they come in, and those that wait to be let in",
)
_CSV = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
_CSV_LIMIT = 1024 * 1024


@blp.route(
    "",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.enrol_token.create", "mdm.device.retire"),
)
@blp.arguments(WishSchema)
@blp.response(201, MadeSchema)
def create_token(wish: Wish) -> Made:
    """Make a token; its secret and QR content are shown this once."""
    return tokens.create(uow(), actor(), wish)


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.enrol_token.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(EnrolTokenSchema))
def list_tokens(query: dict[str, Any]) -> Page[EnrolToken]:
    """List tokens, newest first, spent ones too."""
    rows = tokens.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("/<uuid:token_id>/serials", auth=Auth.CONSOLE, actions=("mdm.enrol_token.read",))
@blp.response(200, SerialListSchema)
def list_serials(token_id: UUID) -> dict[str, Any]:
    """List the serial numbers that a batch lets in, and which came in."""
    return {"items": tokens.serials(uow(), actor(), token_id)}


@blp.route(
    "/<uuid:token_id>", methods=["DELETE"], auth=Auth.CONSOLE, actions=("mdm.enrol_token.revoke",)
)
@blp.response(200, EnrolTokenSchema)
def revoke_token(token_id: UUID) -> EnrolToken:
    """Let nobody in with it any more; terminals that came in stay."""
    return tokens.revoke(uow(), actor(), token_id)


@desk.route("/pre-registrations", auth=Auth.CONSOLE, actions=("mdm.pre_registration.list",))
@desk.arguments(PageQuery, location="query")
@desk.response(200, page_schema(PreRegistrationSchema))
def list_pre_registrations(query: dict[str, Any]) -> Page[PreRegistration]:
    """List where terminals of your units go as they come in, newest first."""
    after = decode_id(query["after"])
    rows = pre_registrations.listing(uow(), actor(), after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@desk.route(
    "/pre-registrations/import",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.pre_registration.import",),
    limit=_CSV_LIMIT,
)
@desk.arguments(PreRegistrationImportQuerySchema, location="query")
@desk.response(200, PreRegistrationImportSchema)
@desk.doc(requestBody=_CSV)
def import_pre_registrations(query: dict[str, Any]) -> Imported:
    """Take the good rows of a CSV file; the answer lists what is wrong with the others."""
    if request.mimetype not in ("text/csv", "application/octet-stream"):
        raise Malformed("Send the file as the body, with Content-Type: text/csv.")
    data = request.get_data()
    return pre_registrations.take_in(uow(), actor(), data, dry_run=query["dry_run"])


@desk.route(
    "/pre-registrations/<uuid:registration_id>",
    methods=["DELETE"],
    auth=Auth.CONSOLE,
    actions=("mdm.pre_registration.remove",),
)
@desk.response(204)
def remove_pre_registration(registration_id: UUID) -> None:
    """Forget where a terminal was to go; one that came in stays where it is."""
    pre_registrations.remove(uow(), actor(), registration_id)


@desk.route("/enrolment-rules", auth=Auth.CONSOLE, actions=("mdm.enrol_rule.list",))
@desk.response(200, UnitRuleListSchema)
def list_rules() -> dict[str, Any]:
    """List the units that say something of every terminal that comes in."""
    return {"items": unit_rules.rules(uow(), actor())}


@desk.route(
    "/enrolment-rules/<unit>",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=("mdm.enrol_rule.set",),
)
@desk.arguments(UnitWishSchema)
@desk.response(200, UnitRuleSchema)
def set_rule(body: dict[str, Any], unit: str) -> UnitRule:
    """Say if terminals of a unit, and of all below it, wait until somebody lets them in."""
    return unit_rules.set_rule(uow(), actor(), unit, **body)


@desk.route("/enrolment-queue", auth=Auth.CONSOLE, actions=("mdm.admission.list",))
@desk.arguments(PageQuery, location="query")
@desk.response(200, page_schema(TerminalSchema))
def list_waiting(query: dict[str, Any]) -> Page[Terminal]:
    """List the terminals that wait to be let in, the longest wait first."""
    after = decode_id(query["after"])
    rows = admissions.waiting(uow(), actor(), after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@desk.route(
    "/enrolment-queue/<uuid:device_id>/approve",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.device.admit",),
)
@desk.response(200, TerminalSchema)
def approve_terminal(device_id: UUID) -> Terminal:
    """Let a terminal in; it gets its configuration with its next report."""
    return admissions.approve(uow(), actor(), device_id)


@desk.route(
    "/enrolment-queue/<uuid:device_id>/refuse",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.device.refuse",),
)
@desk.arguments(ReasonedSchema)
@desk.response(200, TerminalSchema)
def refuse_terminal(body: dict[str, Any], device_id: UUID) -> Terminal:
    """Turn a terminal away: its enrolment is retired."""
    return admissions.refuse(uow(), actor(), device_id, body["reason"])
