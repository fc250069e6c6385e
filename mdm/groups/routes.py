"""Groups of terminals, `/admin/v1/device-groups`, and what rules name: `…/devices/<id>/traits`."""

from typing import Any
from uuid import UUID

from mdm.groups import service, sight, traits
from mdm.groups.membership import of_device
from mdm.groups.models import Group
from mdm.groups.schemas import (
    GroupChangeSchema,
    GroupSchema,
    MembersSchema,
    RulePreviewRequestSchema,
    RulePreviewSchema,
    TraitsSchema,
    TraitsShownSchema,
)
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_id,
    expected_version,
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
traits_blp = Blueprint(
    "device-traits",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/devices",
    description="What people say of a terminal for rules of groups",
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
    """Make a group: empty, or filled by its rule from now on."""
    return service.create(uow(), actor(), **body)


@blp.route("/preview", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.group.list",))
@blp.arguments(RulePreviewRequestSchema)
@blp.response(200, RulePreviewSchema)
def preview_rule(body: dict[str, Any]) -> sight.Preview:
    """Try a rule: how many of the terminals you may read would fit. Nothing is changed."""
    return sight.preview(uow(), actor(), body["rule"])


@blp.route("/<uuid:group_id>", auth=Auth.CONSOLE, actions=("mdm.group.list",))
@blp.response(200, GroupSchema)
def read_group(group_id: UUID) -> Group:
    """Read one group; its version is the ETag."""
    return _shown(service.read(uow(), actor(), group_id))


@blp.route("/<uuid:group_id>", methods=["PATCH"], auth=Auth.CONSOLE, actions=("mdm.group.change",))
@blp.arguments(GroupChangeSchema)
@blp.response(200, GroupSchema)
def change_group(body: dict[str, Any], group_id: UUID) -> Group:
    """Change a group; If-Match names the version you read. Members follow by the worker."""
    return _shown(service.change(uow(), actor(), group_id, expected_version(), body))


@traits_blp.route(
    "/<uuid:device_id>/traits", methods=["PATCH"], auth=Auth.CONSOLE, actions=("mdm.device.edit",)
)
@traits_blp.arguments(TraitsSchema)
@traits_blp.response(200, TraitsShownSchema)
def edit_traits(body: dict[str, Any], device_id: UUID) -> dict[str, Any]:
    """Change ring, attributes or ownership; groups by rule follow. If-Match names the version."""
    managed = traits.edit(uow(), actor(), device_id, expected_version(), body).managed
    answer_version(managed.version)
    return {
        "id": managed.id,
        "ring": managed.ring,
        "attributes": managed.attributes,
        "ownership": managed.ownership,
        "group_ids": of_device(uow(), device_id),
    }


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
    """Put a terminal into a group for good; its configuration and apps follow."""
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


def _shown(group: Group) -> Group:
    answer_version(group.version)
    return group
