"""Incidents for console automation: `/admin/v1/incidents`."""

from typing import Any

from mobile_api.incidents import service
from mobile_api.incidents.models import Incident
from mobile_api.incidents.schemas import IncidentQuery, IncidentSchema
from muster.kernel.web import Auth, Blueprint, Page, actor, decode_id, page, page_schema, uow

blp = Blueprint(
    "incidents",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/incidents",
    description="Incidents of one's units",
)


@blp.route("", auth=Auth.CONSOLE, actions=("field.incident.list", "field.incident.review"))
@blp.arguments(IncidentQuery, location="query")
@blp.response(200, page_schema(IncidentSchema))
def list_incidents(query: dict[str, Any]) -> Page[Incident]:
    """List incidents of one's units, newest first."""
    rows = service.listing(
        uow(), actor(), state=query["state"], after=decode_id(query["after"]), limit=query["limit"]
    )
    return page(rows, query["limit"], lambda row: [row.id])
