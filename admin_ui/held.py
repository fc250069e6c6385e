"""A form that was refused for want of a fresh sign-in, kept until its sender has confirmed it.

It travels through the browser, sealed and bound to the session: nothing is stored here, and
nobody can put a form of their own in its place.
"""

import base64
import json
from dataclasses import dataclass
from typing import Final

from flask import request

from muster.kernel.errors import InvalidInput
from muster.kernel.keys import KeyMissingError, SealBrokenError
from muster.kernel.web import actor, kernel

_PURPOSE: Final = "held_form"
_MINUTES: Final = 10


class HeldFormLost(InvalidInput):
    code = "held_form_lost"
    title = "What you filled in was kept for ten minutes only. Please fill it in again."


@dataclass(frozen=True)
class Held:
    """What was to be sent, and where; `fields` is empty for an address that was only opened."""

    method: str
    path: str
    fields: list[tuple[str, str]]

    def field(self, name: str) -> str:
        """Return the first value of a field, '' without one."""
        return next((value for key, value in self.fields if key == name), "")


def hold() -> str:
    """Return the request at hand as sealed text; files cannot be kept."""
    posted = request.method == "POST" and not request.files
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    content = {
        "method": "post" if posted else "get",
        "path": request.full_path.rstrip("?") if posted or request.method == "GET" else "/console",
        "fields": fields if posted else [],
        "until": kernel().clock().timestamp() + _MINUTES * 60,
    }
    text = json.dumps(content, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(kernel().keys.seal(_PURPOSE, text, _session())).decode()


def resume(sealed: str) -> Held:
    """Return what was held; raises `HeldFormLost` if it is too old or of another session."""
    try:
        text = kernel().keys.open(_PURPOSE, base64.urlsafe_b64decode(sealed), _session())
    except (ValueError, SealBrokenError, KeyMissingError) as error:
        raise HeldFormLost from error
    content = json.loads(text)
    if content["until"] < kernel().clock().timestamp():
        raise HeldFormLost
    pairs = [(str(name), str(value)) for name, value in content["fields"]]
    return Held(content["method"], content["path"], pairs)


def _session() -> bytes:
    session_id = actor().session_id
    return session_id.bytes if session_id else b""
