"""Addresses for the field: `/mobile/v1/map/addresses` and `/mobile/v1/map/reverse`."""

from typing import Any

from mobile_api.addresses import service
from mobile_api.addresses.schemas import (
    AddressHitsSchema,
    AddressSchema,
    ReverseQuery,
    SearchQuery,
)
from mobile_api.places import Place
from muster.kernel.web import Auth, Blueprint, actor, uow
from muster.ondevice.addresses import Address

blp = Blueprint(
    "addresses",
    __name__,
    audience="field",
    url_prefix="/mobile/v1/map",
    description="The address library: search as typed, one address, nearest addresses",
)
_SEARCH = ("field.address.search",)


@blp.route("/addresses", auth=Auth.FIELD, actions=_SEARCH)
@blp.arguments(SearchQuery, location="query")
@blp.response(200, AddressHitsSchema)
def search_addresses(query: dict[str, Any]) -> service.Hits:
    """Find addresses by what was typed so far, in Chinese or Latin script, slips forgiven."""
    return service.search(uow(), actor(), query["q"], near=query["near"], limit=query["limit"])


@blp.route("/addresses/<address_id>", auth=Auth.FIELD, actions=_SEARCH)
@blp.response(200, AddressSchema)
def get_address(address_id: str) -> Address:
    """Show one address by its code, as a door plate's QR code gives it."""
    return service.get(uow(), actor(), address_id)


@blp.route("/reverse", auth=Auth.FIELD, actions=_SEARCH)
@blp.arguments(ReverseQuery, location="query")
@blp.response(200, AddressHitsSchema)
def reverse(query: dict[str, Any]) -> service.Hits:
    """Find the addresses nearest to a position."""
    return service.nearest(uow(), actor(), Place.read(query), limit=query["limit"])
