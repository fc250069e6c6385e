"""Secrets in documents (passwords of networks), hidden from those who may not write the layer. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from mdm.configuration.keys import ConfigurationDocument

MASK: Final = "•••"
"""Shorter than any password may be: nobody publishes it by copying what they were shown."""

_DOCUMENT: Final = ConfigurationDocument()


def masked(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a document, or of a part of one by its keys, with every secret hidden."""
    return _of(_DOCUMENT, document)


def holds_secrets(document: Mapping[str, Any]) -> bool:
    """Whether anything in a document must be hidden."""
    return masked(document) != document


def _of(schema: Schema, document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _hidden(schema.fields.get(key), value) for key, value in document.items()}


def _hidden(field: fields.Field[Any] | None, value: Any) -> Any:
    if field is None:
        return value
    if field.metadata.get("secret"):
        return MASK
    if isinstance(field, fields.Nested) and isinstance(value, Mapping):
        return _of(field.schema, value)
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_hidden(field.inner, item) for item in value]
    return value
