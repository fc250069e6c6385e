"""Configuration for console automation: `/admin/v1/configurations`."""

from typing import Any
from uuid import UUID

from flask import jsonify

from mdm.configuration import following, publishing, service
from mdm.configuration.access import PUBLISH, WRITE
from mdm.configuration.following import Lag
from mdm.configuration.impact import Impact
from mdm.configuration.models import Configuration
from mdm.configuration.schemas import (
    ConfigurationDifferenceSchema,
    ConfigurationImpactSchema,
    ConfigurationLaggardSchema,
    ConfigurationLagSchema,
    ConfigurationQuery,
    ConfigurationSchema,
    DraftSchema,
    PublicationAskedSchema,
    PublishSchema,
    RevisionSchema,
    RollBackSchema,
    SightSchema,
)
from mdm.configuration.service import LIST, Sheet, Sight
from mdm.devices import Terminal
from muster.kernel.approvals import Approval
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
    "configurations",
    __name__,
    audience="admin",
    url_prefix="/admin/v1",
    description="What terminals must be: layers of configuration",
)
_ONE = "/configurations/<uuid:configuration_id>"
_AWAITED = "A second person must agree first"


@blp.route("/configurations", auth=Auth.CONSOLE, actions=(LIST,))
@blp.arguments(ConfigurationQuery, location="query")
@blp.response(200, page_schema(ConfigurationSchema))
def list_configurations(query: dict[str, Any]) -> Page[Sheet]:
    """List revisions, newest first."""
    after = decode_id(query.pop("after"))
    rows = service.listing(uow(), actor(), after=after, **query)
    return page(rows, query["limit"], lambda sheet: [sheet.row.id])


@blp.route("/configurations/schema", auth=Auth.CONSOLE, actions=(LIST,))
@blp.response(200)
def read_schema() -> dict[str, Any]:
    """Read the JSON Schema (2020-12) of a document."""
    return service.schema(uow(), actor())


@blp.route("/configurations", methods=["POST"], auth=Auth.CONSOLE, actions=(WRITE,))
@blp.arguments(DraftSchema)
@blp.response(201, ConfigurationSchema)
def create_draft(body: dict[str, Any]) -> Sheet:
    """Draft a new revision of one layer."""
    return _shown(service.draft(uow(), actor(), **body))


@blp.route(_ONE, auth=Auth.CONSOLE, actions=(LIST,))
@blp.response(200, ConfigurationSchema)
def read_configuration(configuration_id: UUID) -> Sheet:
    """Read one revision."""
    return _shown(service.read(uow(), actor(), configuration_id))


@blp.route(_ONE, methods=["PUT"], auth=Auth.CONSOLE, actions=(WRITE,))
@blp.arguments(RevisionSchema)
@blp.response(200, ConfigurationSchema)
def revise_draft(body: dict[str, Any], configuration_id: UUID) -> Sheet:
    """Replace a draft's document; If-Match names the version you read."""
    version = expected_version()
    return _shown(service.revise(uow(), actor(), configuration_id, body["document"], version))


@blp.route(f"{_ONE}/diff", auth=Auth.CONSOLE, actions=(LIST,))
@blp.response(200, ConfigurationDifferenceSchema)
def read_diff(configuration_id: UUID) -> dict[str, Any]:
    """Read key by key what a revision changes against the one in force."""
    return {"items": service.differences(uow(), actor(), configuration_id)}


@blp.route(f"{_ONE}/impact", auth=Auth.CONSOLE, actions=(LIST,))
@blp.response(200, ConfigurationImpactSchema)
def read_impact(configuration_id: UUID) -> Impact:
    """Read what publishing a draft would do to the terminals."""
    return service.preview(uow(), actor(), configuration_id)


@blp.route(f"{_ONE}/publish", methods=["POST"], auth=Auth.CONSOLE, actions=(PUBLISH,))
@blp.arguments(PublishSchema, required=False)
@blp.response(200, ConfigurationSchema)
@blp.alt_response(202, schema=PublicationAskedSchema, description=_AWAITED)
def publish(body: dict[str, Any], configuration_id: UUID) -> Any:
    """Put a draft into force for its scope; where many terminals follow, ask a second person."""
    return _done(publishing.publish(uow(), actor(), configuration_id, body.get("reason", "")))


@blp.route(f"{_ONE}/roll-back", methods=["POST"], auth=Auth.CONSOLE, actions=(PUBLISH,))
@blp.arguments(RollBackSchema)
@blp.response(200, ConfigurationSchema)
@blp.alt_response(202, schema=PublicationAskedSchema, description=_AWAITED)
def roll_back(body: dict[str, Any], configuration_id: UUID) -> Any:
    """Put back what the revision in force took the place of."""
    return _done(publishing.roll_back(uow(), actor(), configuration_id, body["reason"]))


@blp.route(f"{_ONE}/lag", auth=Auth.CONSOLE, actions=(LIST,))
@blp.response(200, ConfigurationLagSchema)
def read_lag(configuration_id: UUID) -> Lag:
    """Count the terminals of a layer that follow and that lag."""
    return following.lag(uow(), actor(), configuration_id)


@blp.route(f"{_ONE}/laggards", auth=Auth.CONSOLE, actions=(LIST,))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ConfigurationLaggardSchema))
def list_laggards(query: dict[str, Any], configuration_id: UUID) -> Page[Terminal]:
    """List the terminals of a layer that have not echoed what they are to be."""
    after = decode_id(query["after"])
    rows = following.laggards(uow(), actor(), configuration_id, after=after, limit=query["limit"])
    return page(rows, query["limit"], lambda terminal: [terminal.id])


@blp.route(
    "/devices/<uuid:device_id>/configuration", auth=Auth.CONSOLE, actions=("mdm.device.read",)
)
@blp.response(200, SightSchema)
def read_effective(device_id: UUID) -> Sight:
    """Read what a terminal is to be, layer by layer, and whether it has applied it."""
    return service.sight(uow(), actor(), device_id)


def _done(outcome: Configuration | Approval) -> Any:
    if isinstance(outcome, Configuration):
        return service.sheet(uow(), actor(), outcome)
    awaited = jsonify(PublicationAskedSchema().dump(outcome))
    awaited.status_code = 202
    return awaited


def _shown(sheet: Sheet) -> Sheet:
    answer_version(sheet.row.version)
    return sheet
