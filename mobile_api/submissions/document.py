"""A record as it was sent, whichever way it came; and its reading from JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from marshmallow import Schema, ValidationError, fields, validate

from mobile_api.evidence import Expected
from mobile_api.places import Place, PlaceSchema
from mobile_api.submissions.errors import SubmissionInvalid, SubmissionMalformed
from muster.kernel.clock import rfc3339
from muster.kernel.errors import Fault
from muster.ondevice import CanonicalError, content_hash

MAX_FILES: Final = 50
MAX_ANSWERS: Final = 2000
_PLAIN: Final = validate.ContainsNoneOf("\x00", error="A NUL character cannot be stored.")


@dataclass(frozen=True)
class SubmittedDocument:
    """What was sent, still to be held against its form.

    `answers` are by path (`/data/plate`): JSON values, or texts where the source is XML.
    """

    instance_id: UUID
    form_id: str
    form_version: str
    answers: Mapping[str, Any]
    files: tuple[Expected, ...] = ()
    incident: str = ""
    device_time: datetime | None = None
    place: Place | None = None
    source: Literal["json", "xml"] = "json"

    def content_hash(self) -> str:
        """Return the hash by which a retry is told from other content under the same id."""
        try:
            return content_hash(
                {
                    "form": [self.form_id, self.form_version],
                    "answers": dict(self.answers),
                    "files": [[file.name, file.sha256, file.size] for file in self.files],
                    "incident": self.incident,
                    "device_time": rfc3339(self.device_time) if self.device_time else None,
                    "place": self.place.as_json() if self.place else None,
                    "source": self.source,
                }
            )
        except CanonicalError as error:
            raise SubmissionInvalid(f"{error}.", errors=[Fault("/answers", f"{error}.")]) from error


class FileSchema(Schema):
    """A file the record names; it is uploaded on its own."""

    name = fields.String(
        required=True,
        validate=validate.Regexp(
            r"[^\x00-\x1f/\\]{1,200}\Z", error="A file's name has 1 to 200 characters, no slashes."
        ),
    )
    sha256 = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="SHA-256 in 64 lower-case hex digits."),
    )
    size = fields.Integer(strict=True, required=True, validate=validate.Range(1, 50 * 2**20))


class SubmissionSchema(Schema):
    """A record: answers by path, the files it names, its incident, when and where."""

    instance_id = fields.UUID(required=True)
    form_id = fields.String(required=True, validate=[validate.Length(1, 64), _PLAIN])
    form_version = fields.String(required=True, validate=[validate.Length(1, 64), _PLAIN])
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)),
        required=True,
        validate=validate.Length(max=MAX_ANSWERS),
        metadata={"description": "JSON values by the field's path"},
    )
    attachments = fields.List(
        fields.Nested(FileSchema), load_default=list, validate=validate.Length(max=MAX_FILES)
    )
    incident = fields.String(load_default="", validate=[validate.Length(max=64), _PLAIN])
    device_time = fields.AwareDateTime(load_default=None, allow_none=True)
    place = fields.Nested(PlaceSchema, load_default=None, allow_none=True)


def from_json(data: bytes) -> SubmittedDocument:
    """Read a JSON body; raises `SubmissionMalformed` (400) or `SubmissionInvalid` (422)."""
    try:
        body = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SubmissionMalformed("The body is not JSON, or was cut off.") from error
    except RecursionError as error:
        raise SubmissionMalformed("The JSON is nested too deeply.") from error
    return from_mapping(body)


def from_mapping(body: Any) -> SubmittedDocument:
    """Read a parsed JSON document of `SubmissionSchema`."""
    try:
        loaded = SubmissionSchema().load(body)
    except ValidationError as error:
        raise SubmissionInvalid(errors=list(_faults(error.messages))) from error
    return SubmittedDocument(
        instance_id=loaded["instance_id"],
        form_id=loaded["form_id"],
        form_version=loaded["form_version"],
        answers=loaded["answers"],
        files=tuple(Expected(f["name"], f["sha256"], f["size"]) for f in loaded["attachments"]),
        incident=loaded["incident"].strip(),
        device_time=loaded["device_time"],
        place=Place.read(loaded["place"]) if loaded["place"] else None,
    )


def _faults(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Flatten marshmallow's tree of messages into JSON pointers."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            step = "" if key == "_schema" else f"/{escape(str(key))}"
            yield from _faults(value, pointer + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from _faults(message, pointer)
    else:
        yield Fault(pointer or "/", str(messages))


def escape(key: str) -> str:
    """Return a key as a step of a JSON pointer (RFC 6901 §3)."""
    return key.replace("~", "~0").replace("/", "~1")
