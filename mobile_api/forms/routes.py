"""Forms for terminals at `/mobile/v1/forms`, and their publishing at `/admin/v1/forms`."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from mobile_api.forms import publishing, service
from mobile_api.forms.schemas import (
    FormDetailSchema,
    FormsSchema,
    PublishedSchema,
    PublishFormSchema,
)
from mobile_api.forms.service import Current
from muster.kernel.errors import InvalidInput
from muster.kernel.web import (
    Auth,
    Blueprint,
    Page,
    PageQuery,
    actor,
    decode_text,
    page,
    page_schema,
    uow,
)

field = Blueprint(
    "forms", __name__, audience="field", url_prefix="/mobile/v1/forms", description="Forms"
)
admin = Blueprint(
    "form_publishing",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/forms",
    description="Forms and their versions",
)
BLUEPRINTS = (field, admin)


@field.route("", auth=Auth.FIELD, actions=("field.form.list",))
@field.response(200, FormsSchema)
def list_forms() -> dict[str, Sequence[Current]]:
    """List the forms for the officer's unit."""
    return {"items": service.for_officer(uow(), actor())}


@field.route("/<form_id>/<version>", auth=Auth.FIELD, actions=("field.form.read",))
@field.response(200, FormDetailSchema)
def read_form(form_id: str, version: str) -> Current:
    """Read one version as JSON: its fields, choices and texts."""
    return service.read(uow(), actor(), form_id, version)


@field.route("/<form_id>/<version>.xml", auth=Auth.FIELD, actions=("field.form.read",))
@field.response(200, content_type="text/xml")
def read_xform(form_id: str, version: str) -> Response:
    """Read one version's XForm, byte for byte as it was published."""
    found = service.read(uow(), actor(), form_id, version).version
    response = Response(found.xform, content_type="text/xml; charset=utf-8")
    response.set_etag(found.sha256)
    return response


@admin.route("", auth=Auth.CONSOLE, actions=("field.form.list_all",))
@admin.arguments(PageQuery, location="query")
@admin.response(200, page_schema(PublishedSchema))
def list_published(query: dict[str, Any]) -> Page[Current]:
    """List forms with their current version."""
    rows = service.listing(uow(), actor(), after=decode_text(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.form.form_id])


@admin.route(
    "",
    methods=["POST"],
    auth=Auth.CONSOLE,
    actions=("field.form.publish",),
    limit=6 * 1024 * 1024,
)
@admin.arguments(PublishFormSchema, location="form")
@admin.response(201, PublishedSchema)
def publish(form: dict[str, Any]) -> Current:
    """Publish an XLSForm workbook, sent as the part `file` of multipart/form-data."""
    part = request.files.get("file")
    if part is None:
        raise InvalidInput("Send the .xlsx workbook as the part `file` of multipart/form-data.")
    return publishing.publish(uow(), actor(), part.read(), **form)
