"""The built assets of the wheel: named after their content, so browsers keep them for ever."""

import json
import mimetypes
from functools import cache
from importlib.resources import files

from flask import Response, url_for

from muster.kernel.errors import NotFound

_DIST = files("admin_ui") / "static" / "dist"
_FOR_EVER = "public, max-age=31536000, immutable"


def url(name: str) -> str:
    """Return the address of a built file by the name its source has: `console.css`."""
    return url_for("console.asset", name=_manifest()[name])


def answer(name: str) -> Response:
    """Return a built file; raises `NotFound` for anything the build did not make."""
    if name not in _manifest().values():
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(_content(name), content_type=kind)
    response.headers["Cache-Control"] = _FOR_EVER
    return response


@cache
def _manifest() -> dict[str, str]:
    manifest: dict[str, str] = json.loads((_DIST / "manifest.json").read_text("utf-8"))
    return manifest


@cache
def _content(name: str) -> bytes:
    return (_DIST / name).read_bytes()
