"""What an XForm asks, read back from its bytes (ODK XForms specification).

The XForm is what officers get, so it and not the workbook decides what a field is, which paths
hold subjects of a check, and what is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from mobile_api.forms.errors import FormUnsupported
from mobile_api.forms.labels import Labels
from muster.ondevice.subjects import SubjectKind

_XF: Final = "{http://www.w3.org/2002/xforms}"
_H: Final = "{http://www.w3.org/1999/xhtml}"
_JR: Final = "{http://openrosa.org/javarosa}"
SUBJECT: Final = "{https://passmuster.org/xforms}subject"

FieldType = Literal[
    "text", "integer", "decimal", "date", "time", "datetime", "boolean", "geopoint", "geotrace",
    "geoshape", "select_one", "select_multiple", "file", "note", "hidden",
]  # fmt: skip
_TYPES: Final[dict[str, FieldType]] = {
    "string": "text", "int": "integer", "integer": "integer", "long": "integer",
    "decimal": "decimal", "date": "date", "time": "time", "dateTime": "datetime",
    "boolean": "boolean", "geopoint": "geopoint", "geotrace": "geotrace",
    "geoshape": "geoshape", "binary": "file", "barcode": "text",
}  # fmt: skip
_CONTROLS: Final = ("input", "select", "select1", "upload", "trigger", "range", "rank", "secret")
_FORM_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True)
class Field:
    """One field. `path` is its node (`/data/plate`); texts are by language.

    `conditional` fields need not be shown, so `required` does not bind them. `media` is what a
    file is to be (`image/*`). Constraints are XPath: terminals evaluate them, the server does not.
    """

    path: str
    name: str
    type: FieldType
    label: dict[str, str] = field(default_factory=dict)
    hint: dict[str, str] = field(default_factory=dict)
    required: bool = False
    conditional: bool = False
    readonly: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_text: dict[str, str] = field(default_factory=dict)
    choices: list[dict[str, Any]] = field(default_factory=list)
    media: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Described:
    """A whole form; `bindings` are the paths that hold subjects, with their kinds."""

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def bindings(self) -> list[tuple[str, str]]:
        """Paths that hold subjects of a check, with the kind of each."""
        return [(one.path, one.subject) for one in self.fields if one.subject]


def describe(xform: bytes) -> Described:
    """Return what the form asks, or raise `FormUnsupported` for what is not taken here."""
    root = fromstring(xform, forbid_dtd=True)
    head, body = root.find(f"{_H}head"), root.find(f"{_H}body")
    model = head.find(f"{_XF}model") if head is not None else None
    instance = model.find(f"{_XF}instance") if model is not None else None
    if head is None or body is None or model is None or instance is None or len(instance) != 1:
        raise FormUnsupported("The form has no questions.")
    _refuse(model, body)
    form_id, version = instance[0].get("id", ""), instance[0].get("version", "")
    if not _FORM_ID.fullmatch(form_id):
        raise FormUnsupported("form_id has 1 to 64 letters, digits, dots, dashes or underscores.")
    if not _FORM_ID.fullmatch(version):
        raise FormUnsupported("Give a `version` in the settings sheet, such as 2026112001.")
    labels = Labels(model)
    binds = {bind.get("nodeset", ""): bind for bind in model.findall(f"{_XF}bind")}
    fields = tuple(_fields(body, binds, labels))
    title = (head.findtext(f"{_H}title") or form_id)[:200]
    return Described(form_id, version, title, labels.languages, fields)


def _refuse(model: Element, body: Element) -> None:
    for name, why in (
        (
            "submission",
            "`submission_url` and other submission settings would send records elsewhere",
        ),
        ("setgeopoint", "a background geopoint cannot be taken"),
    ):
        if next(model.iter(f"{_XF}{name}"), None) is not None:
            raise FormUnsupported(f"Remove it from the settings sheet: {why}.")
    if next(body.iter(f"{_XF}repeat"), None) is not None:
        raise FormUnsupported("Repeated groups are not taken: send one record for each.")
    external = [i.get("src") for i in model.iter(f"{_XF}instance") if i.get("src")]
    media = [
        v for v in model.iter(f"{_XF}value") if v.get("form") not in (None, "short", "guidance")
    ]
    if external or media:
        raise FormUnsupported(
            "Attached files (external choices, pictures of labels) are not taken."
        )


def _fields(body: Element, binds: dict[str, Element], labels: Labels) -> Iterator[Field]:
    controls = dict(_walk(body))
    conditional = {p for p, bind in binds.items() if bind.get("relevant")}
    conditional |= {e.get("ref", "") for e in body.iter(f"{_XF}group") if e.get("relevant")}
    for path, bind in binds.items():
        if "/meta/" in path or (path not in controls and bind.get("type") is None):
            continue
        hidden = any(path == c or path.startswith(f"{c}/") for c in conditional)
        yield _field(path, bind, controls.get(path), labels, conditional=hidden)


def _walk(body: Element) -> Iterator[tuple[str, Element]]:
    for element in body.iter():
        if element.tag in {f"{_XF}{name}" for name in _CONTROLS} and element.get("ref"):
            yield element.get("ref", ""), element


def _field(
    path: str, bind: Element, control: Element | None, labels: Labels, *, conditional: bool
) -> Field:
    return Field(
        path=path,
        name=path.rpartition("/")[2],
        type=_type(path, bind, control),
        label=labels.of(control, "label"),
        hint=labels.of(control, "hint"),
        required=bind.get("required") == "true()",
        conditional=conditional,
        readonly=bind.get("readonly") == "true()" or control is None,
        relevant=bind.get("relevant", ""),
        constraint=bind.get("constraint", ""),
        constraint_text=labels.text(bind.get(f"{_JR}constraintMsg", "")),
        choices=labels.choices(control),
        media=control.get("mediatype", "") if control is not None else "",
        subject=_subject(path, bind),
    )


def _type(path: str, bind: Element, control: Element | None) -> FieldType:
    kind = bind.get("type", "string")
    if control is None:
        return "hidden"
    match control.tag.removeprefix(_XF):
        case "select1":
            return "select_one"
        case "select" | "rank":
            return "select_multiple"
        case "trigger":
            return "text"
    if bind.get("readonly") == "true()" and kind == "string":
        return "note"
    if kind not in _TYPES:
        raise FormUnsupported(f"{path}: the type {kind!r} is not taken.")
    return _TYPES[kind]


def _subject(path: str, bind: Element) -> str:
    kind = bind.get(SUBJECT, "")
    if kind and kind not in list(SubjectKind):
        known = ", ".join(SubjectKind)
        raise FormUnsupported(f"{path}: muster:subject is one of {known}, not {kind!r}.")
    return kind
