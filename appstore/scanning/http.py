"""A scanner that speaks HTTP: the file is posted, a verdict in JSON comes back.

The answer is 200 with `{"verdict": "pass" | "warn" | "block", "evidence": ["…"]}`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from appstore.scanning.errors import ScannerSilent
from appstore.vetting.judge import Check
from muster.kernel.outbound import Outbound, OutboundFailed, OutboundRefused

RULE: Final = "scanner.http"
_TITLE: Final = "The house's own scanner's verdict."
_PIECE: Final = 256 * 1024
_PATIENCE: Final = httpx.Timeout(60.0, connect=5.0)
_HEADERS: Final = {"Content-Type": "application/octet-stream", "Accept": "application/json"}


class _AnswerSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    verdict = fields.String(required=True, validate=validate.OneOf(["pass", "warn", "block"]))
    evidence = fields.List(
        fields.String(validate=validate.Length(max=500)),
        load_default=list,
        validate=validate.Length(max=100),
    )


def ask(address: str, path: Path) -> Check:
    """Return the verdict of the scanner at a URL."""
    way = Outbound.to([address], timeout=_PATIENCE)
    headers = _HEADERS | {"Content-Length": str(path.stat().st_size)}
    try:
        status, body = way.request("POST", address, content=_pieces(path), headers=headers)
    except (OutboundFailed, OutboundRefused) as error:
        raise ScannerSilent(RULE, f"The scanner does not answer: {error.detail}") from error
    if status != httpx.codes.OK:
        raise ScannerSilent(RULE, f"The scanner answered {status}.")
    try:
        said = _AnswerSchema().loads(body)
    except (ValidationError, ValueError) as error:
        raise ScannerSilent(RULE, "The scanner's answer is no verdict.") from error
    evidence = tuple(said["evidence"]) or (said["verdict"],)
    return Check(RULE, said["verdict"], _TITLE, () if said["verdict"] == "pass" else evidence)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_PIECE), b"")
