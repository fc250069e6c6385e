"""Groups of terminals: `/admin/v1/device-groups`."""

from typing import Any
from uuid import UUID

from mdm.groups import service
from mdm.groups.models import Group
from mdm.groups.schemas import GroupSchema, MembersSchema
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
    "device-groups",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/device-groups",
    description="Named sets of terminals, for configuration and rollouts",
)
_CHANGES = ("mdm.group.change", "mdm.device.assign")


@blp.route("", auth=Auth.CONSOLE, actions=("mdm.group.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(GroupSchema))
def list_groups(query: dict[str, Any]) -> Page[Group]:
    """List groups, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route("", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.group.create",))
@blp.arguments(GroupSchema)
@blp.response(201, GroupSchema)
def create_group(body: dict[str, Any]) -> Group:
    """Make an empty group."""
    return service.create(uow(), actor(), **body)


@blp.route("/<uuid:group_id>/members", auth=Auth.CONSOLE, actions=("mdm.group.list",))
@blp.response(200, MembersSchema)
def list_members(group_id: UUID) -> dict[str, Any]:
    """List the ids of a group's terminals in service."""
    return {"items": service.member_ids(uow(), actor(), group_id)}


@blp.route(
    "/<uuid:group_id>/members/<uuid:device_id>",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=_CHANGES,
)
@blp.response(200, GroupSchema)
def add_member(group_id: UUID, device_id: UUID) -> Group:
    """Put a terminal into a group; its configuration and apps follow."""
    return service.add(uow(), actor(), group_id, device_id)


@blp.route(
    "/<uuid:group_id>/members/<uuid:device_id>",
    methods=["DELETE"],
    auth=Auth.CONSOLE,
    actions=_CHANGES,
)
@blp.response(200, GroupSchema)
def remove_member(group_id: UUID, device_id: UUID) -> Group:
    """Take a terminal out of a group; its configuration and apps follow."""
    return service.remove(uow(), actor(), group_id, device_id)
