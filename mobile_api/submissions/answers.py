"""Answers held against their form: known paths, right types, listed choices, nothing missing."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from marshmallow import ValidationError

from mobile_api.evidence import Expected
from mobile_api.places import Place, PlaceSchema
from mobile_api.submissions.document import SubmittedDocument, escape
from mobile_api.submissions.errors import SubmissionInvalid
from muster.kernel.errors import Fault

LONGEST: Final = 10_000
INCIDENT: Final = "incident"
"""A field of this name at the top of a form holds the incident's number."""
_SAFE = 2**53
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}")
_POINT: Final = re.compile(r"-?[0-9.]+(?:\s+-?[0-9.]+){1,3}")

Described = Mapping[str, Any]


class _Wrong(ValueError):
    """The value is not of the field's type; the sentence says what is wanted."""


@dataclass(frozen=True)
class Settled:
    """A record that fits its form: typed answers, and what they say of files, incident, place."""

    answers: dict[str, Any]
    files: tuple[Expected, ...]
    incident: str
    place: Place | None


def settle(form: Sequence[Described], document: SubmittedDocument) -> Settled:
    """Return the record's typed content, or raise `SubmissionInvalid` with a pointer per fault."""
    fields = {field["path"]: field for field in form}
    answers: dict[str, Any] = {}
    faults = []
    for path, raw in document.answers.items():
        field = fields.get(path)
        if field is None or field["type"] == "note":
            faults.append(_fault(path, "The form has no such field to answer."))
        elif not _empty(raw):
            try:
                answers[path] = _typed(field, raw, text=document.source == "xml")
            except _Wrong as wrong:
                faults.append(_fault(path, str(wrong)))
    faults += [_fault(path, "This must be answered.") for path in _missing(fields, document)]
    files = _files(fields, answers, document, faults)
    incident = _incident(fields, answers, document, faults)
    if faults:
        raise SubmissionInvalid(errors=faults)
    return Settled(answers, files, incident, document.place or _place(fields, answers))


def _missing(fields: Mapping[str, Described], document: SubmittedDocument) -> list[str]:
    """Return what must be answered and is not; conditional fields may not have been shown."""
    return [
        path
        for path, field in fields.items()
        if field["required"] and not field["conditional"] and _empty(document.answers.get(path))
    ]


def _empty(raw: Any) -> bool:
    return raw is None or raw in ("", [])


def _fault(path: str, detail: str) -> Fault:
    return Fault(f"/answers/{escape(path)}", detail)


def _typed(field: Described, raw: Any, *, text: bool) -> Any:
    """Return the typed value; with `text`, the value is read from its written form first."""
    reader: Callable[[Any, bool], Any] = _READERS.get(field["type"], _text)
    value = reader(raw, text)
    choices = {choice["value"] for choice in field["choices"]}
    chosen = value if field["type"] == "select_multiple" else [value]
    if field["type"].startswith("select") and choices and not set(chosen) <= choices:
        raise _Wrong(f"Choose from {', '.join(sorted(choices))}.")
    return value


def _text(raw: Any, text: bool) -> str:
    if not isinstance(raw, str):
        raise _Wrong("Write a text.")
    if len(raw) > LONGEST or "\x00" in raw:
        raise _Wrong(f"A text has at most {LONGEST} characters and no NUL.")
    return raw


def _integer(raw: Any, text: bool) -> int:
    if text and isinstance(raw, str) and _WHOLE.fullmatch(raw):
        return int(raw)
    if text or isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) > _SAFE:
        raise _Wrong("Write a whole number.")
    return raw


def _decimal(raw: Any, text: bool) -> float:
    try:
        value = float(raw) if text == isinstance(raw, str) and not isinstance(raw, bool) else None
    except (TypeError, ValueError, OverflowError):
        value = None
    if value is None or not math.isfinite(value):
        raise _Wrong("Write a number.")
    return value


def _boolean(raw: Any, text: bool) -> bool:
    if text and raw in ("true", "1", "false", "0"):
        return raw in ("true", "1")
    if text or not isinstance(raw, bool):
        raise _Wrong("Write true or false.")
    return raw


def _moment(read: Callable[[str], date | time], wanted: str) -> Callable[[Any, bool], str]:
    def reader(raw: Any, text: bool) -> str:
        try:
            read(_text(raw, text))
        except (ValueError, OverflowError) as error:
            raise _Wrong(f"Write {wanted}.") from error
        return str(raw)

    return reader


def _several(raw: Any, text: bool) -> list[str]:
    values = raw.split() if text and isinstance(raw, str) else raw
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _Wrong("Write a list of choices.")
    if len(set(values)) != len(values):
        raise _Wrong("Choose each one once.")
    return [_text(value, text) for value in values]


def _point(raw: Any, text: bool) -> dict[str, Any]:
    if text and isinstance(raw, str) and _POINT.fullmatch(raw.strip()):
        parts = raw.split()
        raw = {"lat": parts[0], "lon": parts[1]}
        if len(parts) == 4:
            raw["accuracy_m"] = parts[3]
    elif text or not isinstance(raw, dict):
        raise _Wrong("Write a position: lon, lat and its datum.")
    try:
        return Place.read(PlaceSchema().load(raw)).as_json()
    except ValidationError as error:
        raise _Wrong("Write a position: lon and lat in degrees, and its datum.") from error


_READERS: Final[dict[str, Callable[[Any, bool], Any]]] = {
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _moment(date.fromisoformat, "a day as 2031-05-04"),
    "time": _moment(time.fromisoformat, "a time as 18:00:00"),
    "datetime": _moment(datetime.fromisoformat, "a moment as 2031-05-04T18:00:00Z"),
    "select_multiple": _several,
    "geopoint": _point,
}


def _files(
    fields: Mapping[str, Described],
    answers: Mapping[str, Any],
    document: SubmittedDocument,
    faults: list[Fault],
) -> tuple[Expected, ...]:
    """Return the files the answers name. XML names them only; JSON also announces their hashes."""
    named = {path: name for path, name in answers.items() if fields[path]["type"] == "file"}
    announced = {file.name: file for file in document.files}
    if len(announced) < len(document.files):
        faults.append(Fault("/attachments", "Two files have the same name."))
    if len(set(named.values())) < len(named):
        faults.append(Fault("/answers", "Two fields name the same file."))
    for number, file in enumerate(document.files):
        if file.name not in named.values():
            faults.append(Fault(f"/attachments/{number}/name", "No answer names this file."))
    for path, name in named.items():
        if document.source == "json" and name not in announced:
            faults.append(_fault(path, "List this file in attachments, with its sha256 and size."))
        elif len(name) > 200 or re.search(r"[\x00-\x1f/\\]", name):
            faults.append(_fault(path, "A file's name has 1 to 200 characters, no slashes."))
    return tuple(announced.get(name) or Expected(name) for name in named.values())


def _incident(
    fields: Mapping[str, Described],
    answers: Mapping[str, Any],
    document: SubmittedDocument,
    faults: list[Fault],
) -> str:
    paths = [p for p, f in fields.items() if f["name"] == INCIDENT and p.count("/") == 2]
    answered = str(answers.get(paths[0], "")).strip() if paths else ""
    if document.incident and answered and document.incident != answered:
        faults.append(Fault("/incident", "The answers name another incident."))
    if len(answered) > 64:
        faults.append(_fault(paths[0], "An incident's number has at most 64 characters."))
    return document.incident or answered


def _place(fields: Mapping[str, Described], answers: Mapping[str, Any]) -> Place | None:
    """Return the first position among the answers."""
    for path, value in answers.items():
        if fields[path]["type"] == "geopoint":
            return Place(**value)
    return None
