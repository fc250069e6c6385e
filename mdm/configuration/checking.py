"""A document that comes as text or from a form, checked key by key as a request's body is."""

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError

from mdm.configuration.errors import DocumentInvalid
from mdm.configuration.keys import ConfigurationDocument
from muster.kernel.errors import Fault


def checked(document: Any) -> dict[str, Any]:
    """Return a document that may be kept, or raise `DocumentInvalid` with a fault for each key."""
    try:
        loaded: dict[str, Any] = ConfigurationDocument().load(document)
    except ValidationError as error:
        raise DocumentInvalid(errors=list(_faults(error.messages_dict))) from error
    return loaded


def _faults(messages: Any, path: str = "") -> Iterator[Fault]:
    if isinstance(messages, dict):
        for key, below in messages.items():
            yield from _faults(below, path if key == "_schema" else f"{path}/{key}")
    else:
        yield from (Fault(path, str(message)) for message in messages)
