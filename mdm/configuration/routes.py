"""Configuration for console automation: `/admin/v1/configurations`."""

from typing import Any
from uuid import UUID

from mdm.configuration import service
from mdm.configuration.models import Configuration
from mdm.configuration.schemas import (
    ConfigurationQuery,
    ConfigurationSchema,
    DraftSchema,
    RevisionSchema,
    SightSchema,
)
from mdm.configuration.service import Sight
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    actor,
    answer_version,
    decode_id,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "configurations",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="What terminals must be: layers of configuration",
)


@blp.route("/configurations", auth=Auth.CONSOLE, actions=("mdm.configuration.list",))
@blp.arguments(ConfigurationQuery, location="query")
@blp.response(200, page_schema(ConfigurationSchema))
def list_configurations(query: dict[str, Any]) -> Page[Configuration]:
    """List revisions, newest first."""
    after = decode_id(query.pop("after"))
    rows = service.listing(uow(), actor(), after=after, **query)
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/configurations", methods=["POST"], auth=Auth.CONSOLE, actions=("mdm.configuration.write",)
)
@blp.arguments(DraftSchema)
@blp.response(201, ConfigurationSchema)
def create_draft(body: dict[str, Any]) -> Configuration:
    """Draft a new revision of one layer."""
    return _shown(service.draft(uow(), actor(), **body))


@blp.route(
    "/configurations/<uuid:configuration_id>",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    actions=("mdm.configuration.write",),
)
@blp.arguments(RevisionSchema)
@blp.response(200, ConfigurationSchema)
def revise_draft(body: dict[str, Any], configuration_id: UUID) -> Configuration:
    """Replace a draft's document; If-Match names the version you read."""
    version = expected_version()
    return _shown(service.revise(uow(), actor(), configuration_id, body["document"], version))


@blp.route(
    "/configurations/<uuid:configuration_id>/publish",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("mdm.configuration.publish",),
)
@blp.response(200, ConfigurationSchema)
def publish(configuration_id: UUID) -> Configuration:
    """Put a draft into force for its scope."""
    return service.publish(uow(), actor(), configuration_id)


@blp.route(
    "/devices/<uuid:device_id>/configuration", auth=Auth.CONSOLE, actions=("mdm.device.read",)
)
@blp.response(200, SightSchema)
def read_effective(device_id: UUID) -> Sight:
    """Read what a terminal is to be, layer by layer, and whether it has applied it."""
    return service.sight(uow(), actor(), device_id)


def _shown(row: Configuration) -> Configuration:
    uow().session.flush()
    answer_version(row.version)
    return row
