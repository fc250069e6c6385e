"""A record from the XML of an ODK form instance (OpenRosa; ODK XForms specification)."""

from typing import Final
from uuid import UUID
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from mobile_api.submissions.document import MAX_ANSWERS, SubmittedDocument
from mobile_api.submissions.errors import (
    SubmissionEditUnsupported,
    SubmissionInvalid,
    SubmissionMalformed,
)
from muster.kernel.errors import Fault

_DEEPEST: Final = 30


def from_xml(data: bytes) -> SubmittedDocument:
    """Read an instance; DTDs and entities are refused before they are read.

    Raises `SubmissionMalformed` (400), `SubmissionInvalid` (422) without a proper instanceID or
    with a repeated node, `SubmissionEditUnsupported` for an edit of an earlier instance.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise SubmissionMalformed(
            "The XML declares a DTD or entities, which are refused."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise SubmissionMalformed("The body is not well-formed XML, or was cut off.") from error
    meta = {_local(e): (e.text or "").strip() for e in root.iter() if _in_meta(root, e)}
    if meta.get("deprecatedID"):
        raise SubmissionEditUnsupported
    return SubmittedDocument(
        instance_id=_instance_id(meta.get("instanceID", "")),
        form_id=root.get("id", "")[:64],
        form_version=root.get("version", "")[:64],
        answers=_answers(root),
        source="xml",
    )


def _in_meta(root: Element, element: Element) -> bool:
    return any(element in list(child) for child in root if _local(child) == "meta")


def _instance_id(text: str) -> UUID:
    try:
        return UUID(text.removeprefix("uuid:"))
    except ValueError as error:
        detail = "Every record carries meta/instanceID as uuid:<UUID>."
        raise SubmissionInvalid(detail, errors=[Fault("/meta/instanceID", detail)]) from error


def _answers(root: Element) -> dict[str, str]:
    """Return the texts of all leaves by path; empty ones are unanswered."""
    answers: dict[str, str] = {}
    waiting = [(f"/{_local(root)}/{_local(e)}", e, 1) for e in root if _local(e) != "meta"]
    for path, element, depth in waiting:  # grows while it is walked: breadth first, no recursion
        if depth > _DEEPEST or len(waiting) > MAX_ANSWERS:
            raise SubmissionMalformed("The XML has more nodes, or deeper ones, than any form.")
        if len(element):
            waiting += [(f"{path}/{_local(child)}", child, depth + 1) for child in element]
        elif text := (element.text or "").strip():
            if path in answers:
                raise SubmissionInvalid(errors=[Fault(path, "This node stands here twice.")])
            answers[path] = text
    return answers


def _local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]
