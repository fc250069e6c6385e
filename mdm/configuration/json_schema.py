"""The published JSON Schema of a configuration document, made from the keys themselves.

Source: JSON Schema 2020-12. Kept in docs/reference/configuration.schema.json; a test compares.
"""

import json
from pathlib import Path
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from mdm.configuration.keys import BASE, ConfigurationDocument

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "https://passmuster.org/schemas/configuration.schema.json"
_plugin = MarshmallowPlugin()
_spec = APISpec("configuration", "1", "3.1.0", plugins=[_plugin])


def json_schema() -> dict[str, Any]:
    """Return the schema of one layer; `default` is what is built in below every layer."""
    return {
        "$schema": DIALECT,
        "$id": NAME,
        "title": "Muster configuration layer",
        **_object(ConfigurationDocument(), BASE),
    }


def write(file: Path) -> Path:
    """Write the schema where the documentation keeps it."""
    file.write_text(text(), encoding="utf-8")
    return file


def text() -> str:
    """Return the schema as the file holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _object(schema: Schema, base: dict[str, Any]) -> dict[str, Any]:
    required = sorted(name for name, field in schema.fields.items() if field.required)
    return {
        "type": "object",
        "description": " ".join((type(schema).__doc__ or "").split()),
        "properties": {
            name: _property(field, base.get(name)) for name, field in schema.fields.items()
        },
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(field: fields.Field[Any], base: Any) -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        return _object(field.schema, base or {})
    if isinstance(field, fields.List):
        said = _keywords(fields.List(fields.Raw(), validate=field.validators))
        said["items"] = _property(field.inner, None)
    else:
        said = _keywords(field)
    if "pattern" in said:  # ECMA-262 has no \\A and \\Z
        said["pattern"] = said["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
    if "description" in field.metadata:
        said["description"] = field.metadata["description"]
    if field.metadata.get("secret"):
        said["writeOnly"] = True
    return said if base is None else {**said, "default": base}


def _keywords(field: fields.Field[Any]) -> dict[str, Any]:
    assert _plugin.converter is not None
    return _plugin.converter.field2property(field)
