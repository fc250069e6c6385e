"""CSV over HTTP: a file as the body or as a form's part, and a file as the answer."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request

from mdm.equipment.sheets import MAX_BYTES
from muster.kernel.errors import InvalidInput
from muster.kernel.web import encode

CSV: Final = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
ANSWER: Final[dict[str, Any]] = {
    "200": {
        "description": "CSV; `Muster-Next` is the `after` of the next file, if there is one",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    },
    "default": "DEFAULT_ERROR",
}
LIMIT: Final = MAX_BYTES + 64 * 1024


def given() -> bytes:
    """Return the file: the body itself, or the part `file` of multipart/form-data."""
    if request.mimetype == "multipart/form-data":
        part = request.files.get("file")
        data = part.read() if part is not None else b""
    else:
        data = request.get_data(cache=False)
    if not data:
        raise InvalidInput("Send the file as the body, or as the part `file` of a form.")
    return data


def answer(text: str, further: UUID | None, name: str) -> Response:
    """Return a CSV file to keep, with the cursor of the next one."""
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    if further is not None:
        response.headers["Muster-Next"] = encode([further])
    return response
