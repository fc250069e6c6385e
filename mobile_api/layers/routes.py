"""Whose ground: `/mobile/v1/map/jurisdiction`."""

from typing import Any

from mobile_api.layers import service
from mobile_api.layers.schemas import JurisdictionSchema, PositionQuery
from mobile_api.places import Place
from muster.kernel.web import Auth, Blueprint, actor, uow

blp = Blueprint(
    "layers",
    __name__,
    audience="field",
    url_prefix="/mobile/v1/map",
    description="Jurisdictions: city, district, station and beat",
)


@blp.route("/jurisdiction", auth=Auth.FIELD, actions=("field.jurisdiction.find",))
@blp.arguments(PositionQuery, location="query")
@blp.response(200, JurisdictionSchema)
def find_jurisdiction(query: dict[str, Any]) -> service.Jurisdiction:
    """Say whose ground a position lies on, at every level, and how near the border is."""
    return service.find(uow(), actor(), Place.read(query))
