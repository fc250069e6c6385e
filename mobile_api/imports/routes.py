"""Files for the field: `/admin/v1/imports`."""

from typing import Any

from flask import request

from mobile_api.imports import service
from mobile_api.imports.models import ImportVersion
from mobile_api.imports.schemas import ImportQuery, ImportReportSchema, ImportVersionSchema
from muster.kernel.errors import InvalidInput
from muster.kernel.web import (
    Auth,
    Blueprint,
    Mode,
    Page,
    PageQuery,
    actor,
    decode_id,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "imports",
    __name__,
    audience="admin",
    url_prefix="/admin/v1/imports",
    description="Registers, hot lists, incidents and duties as files",
)


@blp.route("", auth=Auth.CONSOLE, actions=("field.import.list",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ImportVersionSchema))
def list_imports(query: dict[str, Any]) -> Page[ImportVersion]:
    """List the files that were taken, newest first."""
    rows = service.listing(uow(), actor(), after=decode_id(query["after"]), limit=query["limit"])
    return page(rows, query["limit"], lambda row: [row.id])


@blp.route(
    "/<kind>",
    methods=["POST"],
    auth=Auth.CONSOLE,
    mode=Mode.READS,
    actions=("field.import.run",),
    limit=12 * 1024 * 1024,
)
@blp.arguments(ImportQuery, location="query")
@blp.response(200, ImportReportSchema)
def run_import(query: dict[str, Any], kind: str) -> service.Report:
    """Take a file: as the body itself, or as the part `file` of multipart/form-data."""
    return service.run(uow(), actor(), kind, _file(), dry_run=query["dry_run"])


def _file() -> bytes:
    if request.mimetype == "multipart/form-data":
        part = request.files.get("file")
        data = part.read() if part is not None else b""
    else:
        data = request.get_data(cache=False)
    if not data:
        raise InvalidInput("Send the file as the body, or as the part `file` of a form.")
    return data
