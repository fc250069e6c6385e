"""The agent's envelope around every answer, byte for byte. Pure.

The agent hashes the raw body from behind the first `"data":` to before its last character, so
the order of the members and the absence of a trailing newline matter: never build it otherwise.
"""

import json
from typing import Any, Final

NOT_FOUND: Final = "error.notfound.device"
DENIED: Final = "error.permission.denied"
DUPLICATE: Final = "error.duplicate.device"
INTERNAL: Final = "error.internal.server"


def dumped(data: Any) -> bytes:
    """Return the data as the compact UTF-8 JSON that is signed."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def ok(data: bytes) -> bytes:
    """Return the whole answer around dumped data."""
    return b'{"status":"OK","message":null,"data":' + data + b"}"


def error(message: str) -> bytes:
    """Return a refusal with one of the codes above."""
    return dumped({"status": "ERROR", "message": message, "data": None})


def code_of(problem: str, status: int) -> str:
    """Return the agent's word for a refusal of ours, by its problem code and status."""
    if problem in ("device_already_enrolled", "headwind_number_live"):
        return DUPLICATE
    if problem in ("headwind_number_unknown", "device_unknown") or status == 404:
        return NOT_FOUND
    return DENIED if status in (401, 403, 422, 400) else INTERNAL
