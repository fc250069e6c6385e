"""Terminals for console automation (`/admin/v1/devices`) and for those who hold them."""

from typing import Any
from uuid import UUID

from mdm.devices import losing, service
from mdm.devices.filters import FleetQuery
from mdm.devices.fleet import Terminal
from mdm.devices.losing import Found
from mdm.devices.schemas import (
    AssignmentSchema,
    FleetQuerySchema,
    FoundSchema,
    HeldListSchema,
    LostSchema,
    MomentSchema,
    ReasonedSchema,
    TerminalDetailSchema,
    TerminalSchema,
)
from mdm.devices.searching import search
from mdm.devices.timeline import Moment, Place, timeline
from muster.kernel.errors import Malformed
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    answer_version,
    as_id,
    decode,
    decode_id,
    encode,
    expected_version,
    page_schema,
    uow,
)

admin = Blueprint(
    "devices",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/devices",
    description="The fleet: terminals, their state and their history",
)
field = Blueprint(
    "terminals",
    __name__,
    audience="field",
    url_prefix="/mobile/v1/terminals",
    description="The terminals an officer holds",
)


@admin.route("", auth=Auth.CONSOLE, actions=("mdm.device.list",))
@admin.arguments(FleetQuerySchema, location="query")
@admin.response(200, page_schema(TerminalSchema))
def list_devices(query: dict[str, Any]) -> Page[Terminal]:
    """List the terminals you may see, newest enrolment first; a page may be short, follow `next`."""
    limit, after = query.pop("limit"), decode_id(query.pop("after"))
    found = search(uow(), actor(), FleetQuery(**query), after=after, limit=limit)
    return Page(found.items, encode([found.next]) if found.next else None)


@admin.route("/<uuid:device_id>", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@admin.response(200, TerminalDetailSchema)
def read_device(device_id: UUID) -> Terminal:
    """Read all that is known of a terminal."""
    return _shown(service.read(uow(), actor(), device_id))


@admin.route(
    "/<uuid:device_id>", methods=["PATCH"], auth=Auth.CONSOLE, actions=("mdm.device.assign",)
)
@admin.arguments(AssignmentSchema)
@admin.response(200, TerminalDetailSchema)
def assign_device(body: dict[str, Any], device_id: UUID) -> Terminal:
    """Hand a terminal to an officer, or take it back; If-Match names the version you read."""
    version = expected_version()
    return _shown(service.assign(uow(), actor(), device_id, body["holder"], version))


@admin.route("/<uuid:device_id>/timeline", auth=Auth.CONSOLE, actions=("mdm.device.read",))
@admin.arguments(PageQuery, location="query")
@admin.response(200, page_schema(MomentSchema))
def read_timeline(query: dict[str, Any], device_id: UUID) -> Page[Moment]:
    """Read what happened to a terminal, newest first: who, why, when."""
    moments = timeline(
        uow(), actor(), device_id, after=_place(query["after"]), limit=query["limit"]
    )
    place = moments.next
    return Page(moments.items, encode([place.entry, place.command]) if place else None)


@admin.route(
    "/<uuid:device_id>/lost",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.device.report_lost",),
)
@admin.arguments(ReasonedSchema)
@admin.response(200, TerminalDetailSchema)
def report_lost(body: dict[str, Any], device_id: UUID) -> Terminal:
    """Take a terminal out of service at once; one person's word is enough."""
    return losing.report_lost(uow(), actor(), device_id, body["reason"])


@admin.route(
    "/<uuid:device_id>/found",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.device.report_found",),
)
@admin.arguments(ReasonedSchema)
@admin.response(200, FoundSchema)
def report_found(body: dict[str, Any], device_id: UUID) -> Found:
    """Put a lost terminal back; it sees data again after its next good report.

    `wipe` says what became of a wipe: cancelled, or under way, and then it is too late.
    """
    return losing.report_found(uow(), actor(), device_id, body["reason"])


@admin.route(
    "/<uuid:device_id>/retire", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.device.retire",)
)
@admin.arguments(ReasonedSchema)
@admin.response(200, TerminalDetailSchema)
def retire(body: dict[str, Any], device_id: UUID) -> Terminal:
    """Take a terminal out of the fleet for good."""
    return service.retire(uow(), actor(), device_id, body["reason"])


@field.route("", auth=Auth.FIELD, actions=("mdm.device.list_held",))
@field.response(200, HeldListSchema)
def list_held() -> dict[str, Any]:
    """List the terminals you hold."""
    return {"items": service.held(uow(), actor())}


@field.route(
    "/<uuid:device_id>/lost",
    methods=["POST"],
    auth=Auth.FIELD,
    actions=("mdm.device.report_lost",),
    idempotent=True,
)
@field.arguments(ReasonedSchema)
@field.response(200, LostSchema)
def report_own_lost(body: dict[str, Any], device_id: UUID) -> Terminal:
    """Report a terminal you hold as lost, from another one."""
    return losing.report_lost(uow(), actor(), device_id, body["reason"])


def _shown(terminal: Terminal) -> Terminal:
    answer_version(terminal.managed.version)
    return terminal


def _place(cursor: str | None) -> Place | None:
    position = decode(cursor, 2)
    if position is None:
        return None
    entry, command = position
    if entry is not None and (not isinstance(entry, int) or not 0 <= entry < 2**63):
        raise Malformed("The cursor is not one this list gave out.")
    return Place(entry, None if command is None else as_id(command))
