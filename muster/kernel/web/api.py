"""One OpenAPI document per audience, with problems documented as problem+json."""

import http
from typing import Any

import flask_smorest
from flask import Flask
from marshmallow import INCLUDE, Schema, fields, validate
from werkzeug.exceptions import HTTPException

from muster.kernel.web.problems import answer

AUDIENCES = {
    "field": ("Muster field API", "For apps on officers' terminals: records, checks, maps, sync."),
    "agent": ("Muster agent API", "For the agent on a managed terminal."),
    "admin": ("Muster administration API", "For console automation by device admins and auditors."),
    "publisher": ("Muster app store API", "For app publishers and their pipelines."),
}


class ProblemFaultSchema(Schema):
    """One fault of the input."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer (RFC 6901)"})
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """RFC 9457 problem document; some codes add members of their own (§3.2)."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"description": "The request's id"})
    code = fields.String(required=True, metadata={"description": "Stable problem code"})
    errors = fields.List(fields.Nested(ProblemFaultSchema))


class Api(flask_smorest.Api):
    """The API of one audience."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def handle_http_exception(self, error: HTTPException) -> Any:
        return answer(error)

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= 200 and status not in (204, 304):
                response["content"] = {"application/problem+json": {"schema": ProblemSchema}}
            self.spec.components.response(status.name, response, lazy=True)
        self.spec.components.response(
            "DEFAULT_ERROR",
            {
                "description": "A refusal or failure (RFC 9457)",
                "content": {"application/problem+json": {"schema": ProblemSchema}},
            },
            lazy=True,
        )


def _ecma_pattern(converter: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    r"""Say a pattern as JSON Schema wants it (ECMA 262), which knows no `\A` and no `\Z`."""
    told = [str(one.regex.pattern) for one in field.validators if isinstance(one, validate.Regexp)]
    return {"pattern": told[0].replace(r"\A", "^").replace(r"\Z", "$")} if told else {}


def apis(app: Flask, version: str) -> dict[str, Api]:
    """Register the four documents on an app; blueprints then join their audience's."""
    result = {}
    for name, (title, description) in AUDIENCES.items():
        prefix = name.upper()
        app.config[f"{prefix}_API_TITLE"] = title
        app.config[f"{prefix}_API_VERSION"] = version
        app.config[f"{prefix}_OPENAPI_VERSION"] = "3.0.3"
        api = Api(
            app,
            config_prefix=prefix,
            spec_kwargs={"info": {"description": description, "license": {"name": "Apache-2.0"}}},
        )
        api.ma_plugin.converter.add_attribute_function(_ecma_pattern)
        result[name] = api
    return result
